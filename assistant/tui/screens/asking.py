"""One line asked for, over the screen that needs it."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from assistant.safe_text import safe_line
from assistant.tui.drawn import drawn
from assistant.tui.screens.boxed import Boxed


class AskScreen(Boxed[str]):
    """Dismissed with what was typed; None where nothing is wanted."""

    HELP = "Type and press Enter; Escape changes nothing."

    def __init__(self, words: str, typed: str = "") -> None:
        super().__init__()
        self._words = words
        self._typed = typed

    def compose(self) -> ComposeResult:
        """The words and the line."""
        with Vertical(classes="box"):
            yield Static(drawn(self._words))
            yield Input(safe_line(self._typed), id="line")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Done."""
        self.dismiss(event.value.strip())
