"""A box over the screen that needs it."""

from typing import TypeVar

from textual.binding import Binding
from textual.screen import ModalScreen

Result = TypeVar("Result")


class Boxed(ModalScreen[Result | None]):
    """What stands in its `.box` is in the middle; Escape closes it and changes nothing."""

    DEFAULT_CSS = """
    Boxed { align: center middle; }
    Boxed .box { width: 76; max-width: 100%; height: auto; max-height: 90%; padding: 0 1; }
    Boxed .box { background: $panel; border: round $primary; }
    Boxed OptionList, Boxed OptionList:focus { height: auto; border: none; }
    """
    BINDINGS = [Binding("escape", "leave", "Back", id="box.back", tooltip="Change nothing")]

    def action_leave(self) -> None:
        """Change nothing."""
        self.dismiss(None)
