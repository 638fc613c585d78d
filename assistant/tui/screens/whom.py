"""Whom to ask."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from assistant.chat.telling import where
from assistant.sharing.consent import answers
from assistant.sharing.model import Destination
from assistant.tui.drawn import drawn, drawn_line, joined


class WhomScreen(ModalScreen[str | None]):
    """Dismissed with a destination's id."""

    HELP = "Choose with the arrow keys and Enter. Nothing is sent by choosing."
    CSS = """
    WhomScreen { align: center middle; }
    WhomScreen Vertical { width: 76; max-width: 100%; height: auto; max-height: 90%; background: $panel; }
    WhomScreen Vertical { border: round $primary; padding: 0 1; }
    WhomScreen OptionList, WhomScreen OptionList:focus { height: auto; border: none; }
    """
    BINDINGS = [Binding("escape", "leave", "Back", id="whom.back", tooltip="Change nothing")]

    def __init__(self, destinations: Sequence[Destination]) -> None:
        super().__init__()
        self._destinations = destinations

    def compose(self) -> ComposeResult:
        """Each destination with what is known of it."""
        with Vertical():
            yield Static(drawn("Whom do you want to ask?", "bold"))
            yield OptionList(*[_option(d) for d in self._destinations], id="whom", markup=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Ask this one from now on."""
        self.dismiss(event.option_id)

    def action_leave(self) -> None:
        """Change nothing."""
        self.dismiss(None)


def _option(destination: Destination) -> Option:
    head = drawn_line(f"{destination.id}, {where(destination)}", "bold")
    who, kept, _ = answers(destination)
    return Option(joined(head, "\n", drawn(f"{who} {kept}", "$text-muted")), id=destination.id)
