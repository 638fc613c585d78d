"""The recovery code, shown once."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static

from assistant.tui.drawn import drawn
from assistant.tui.screens.boxed import Boxed
from assistant.tui.widgets.key_line import KeyLine


class RecoveryScreen(Boxed[None], inherit_bindings=False):
    """Shows the code until the patient says that it is written down."""

    HELP = "Write the code down on paper. It opens your records if you forget the passphrase."
    BINDINGS = [
        Binding("enter", "leave", "I have written it down", id="recovery.done", tooltip="Go on"),
    ]

    def __init__(self, code: str) -> None:
        super().__init__()
        self._code = code

    def compose(self) -> ComposeResult:
        """The code and what it is for."""
        with Vertical(classes="box"):
            yield Static(drawn("Your recovery code", "bold"))
            yield Static(drawn(f"\n{self._code}\n", "bold $text-primary"))
            yield Static(
                drawn(
                    "It opens your records if you forget the passphrase, and it is shown only now. Write "
                    "it on paper and keep it away from this computer."
                )
            )
        yield KeyLine()
