"""One line asked for, over the screen that needs it."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from assistant.tui.drawn import drawn


class AskScreen(ModalScreen[str | None]):
    """Dismissed with what was typed; None where nothing is wanted."""

    HELP = "Type and press Enter; Escape changes nothing."
    CSS = """
    AskScreen { align: center middle; }
    AskScreen Vertical { width: 70; max-width: 100%; height: auto; background: $panel; padding: 0 1; }
    AskScreen Vertical { border: round $primary; }
    """
    BINDINGS = [Binding("escape", "leave", "Back", id="ask.back", tooltip="Change nothing")]

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words

    def compose(self) -> ComposeResult:
        """The words and the line."""
        with Vertical():
            yield Static(drawn(self._words))
            yield Input(id="line")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Done."""
        self.dismiss(event.value.strip())

    def action_leave(self) -> None:
        """Change nothing."""
        self.dismiss(None)
