"""Jump mode: a letter on everything that can be gone to."""

from string import ascii_lowercase
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

from assistant.tui.drawn import drawn


class JumpScreen(ModalScreen[Widget | None]):
    """Dismissed with the widget of the letter that was pressed."""

    HELP = "Press the letter of the place to go to."
    CSS = """
    JumpScreen { background: $background 40%; }
    JumpScreen .letter { width: 3; height: 1; position: absolute; background: $accent; color: $background; }
    JumpScreen .letter { text-style: bold; }
    """
    BINDINGS = [Binding("escape", "leave", "Back", id="jump.back", tooltip="Stay here")]

    def __init__(self, screen: Screen[Any]) -> None:
        super().__init__()
        seen = [widget for widget in screen.focus_chain if widget.region and widget.visible]
        self._places = dict(zip(ascii_lowercase, seen, strict=False))

    def compose(self) -> ComposeResult:
        """A letter at each place."""
        for letter, widget in self._places.items():
            mark = Static(drawn(f" {letter} "), classes="letter")
            mark.styles.offset = (widget.region.x, max(0, widget.region.y))
            yield mark

    def on_key(self, event: events.Key) -> None:
        """Go there."""
        if event.key in self._places:
            event.stop()
            self.dismiss(self._places[event.key])

    def action_leave(self) -> None:
        """Stay."""
        self.dismiss(None)
