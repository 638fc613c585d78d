"""Whom to ask."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from assistant.chat.telling import where
from assistant.sharing.consent import answers
from assistant.sharing.model import Destination
from assistant.tui.drawn import drawn, drawn_line, joined
from assistant.tui.screens.boxed import Boxed


class WhomScreen(Boxed[str]):
    """Dismissed with a destination's id."""

    HELP = "Choose with the arrow keys and Enter. Nothing is sent by choosing."

    def __init__(self, destinations: Sequence[Destination]) -> None:
        super().__init__()
        self._destinations = destinations

    def compose(self) -> ComposeResult:
        """Each destination with what is known of it."""
        with Vertical(classes="box"):
            yield Static(drawn("Whom do you want to ask?", "bold"))
            yield OptionList(*[_option(d) for d in self._destinations], id="whom", markup=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Ask this one from now on."""
        self.dismiss(event.option_id)


def _option(destination: Destination) -> Option:
    head = drawn_line(f"{destination.id}, {where(destination)}", "bold")
    who, kept, _ = answers(destination)
    return Option(joined(head, "\n", drawn(f"{who} {kept}", "$text-muted")), id=destination.id)
