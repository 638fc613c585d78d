"""The first start: three doors, none of them an account."""

from enum import StrEnum

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from assistant.tui.drawn import drawn, joined
from assistant.tui.widgets.key_line import KeyLine


class Start(StrEnum):
    """What the patient chose."""

    SAMPLE = "sample"
    FILE = "file"
    LINK = "link"


_DOORS = (
    (Start.SAMPLE, "Try the sample patient", "An invented chart, in a place of its own. Nothing is kept."),
    (
        Start.FILE,
        "Open a file",
        "Your records as you got them: a FHIR export, a folder. They stay on this computer, encrypted.",
    ),
    (
        Start.LINK,
        "Link a provider",
        "You sign in at your hospital's or doctor's own page, see what would come, and say yes or no. What "
        "comes is kept here, encrypted.",
    ),
)


class WelcomeScreen(Screen[Start]):
    """Shown where there are no records yet."""

    HELP = "Choose with the arrow keys and Enter. Nothing is sent anywhere by any of the three."
    CSS = """
    WelcomeScreen Vertical { padding: 1 2; }
    WelcomeScreen OptionList { height: auto; margin: 1 0; border: round $border-blurred; padding: 0 1; }
    """
    BINDINGS = [Binding("q", "app.quit", "Leave", id="welcome.quit", tooltip="Close Chartside")]

    def compose(self) -> ComposeResult:
        """A sentence, the doors, what to know."""
        with Vertical():
            yield Static(drawn("Chartside", "bold $text-primary"))
            yield Static(
                drawn(
                    "Ask about your medical records. They stay on this computer, encrypted; before anything "
                    "leaves, you see exactly what, and say yes or no."
                )
            )
            yield OptionList(*[_door(*door) for door in _DOORS], id="doors", markup=False)
            yield Static(drawn("Chartside explains records. It does not diagnose or treat.", "$text-muted"))
        yield KeyLine()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go through a door."""
        self.dismiss(Start(event.option_id or ""))


def _door(start: Start, name: str, words: str) -> Option:
    return Option(joined(drawn(name, "bold"), "\n", drawn(words, "$text-muted")), id=start.value)
