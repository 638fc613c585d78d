"""The recovery code, shown once."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Footer, Static

from assistant.tui.drawn import drawn


class RecoveryScreen(ModalScreen[None]):
    """Shows the code until the patient says that it is written down."""

    HELP = "Write the code down on paper. It opens your records if you forget the passphrase."
    CSS = """
    RecoveryScreen { align: center middle; }
    RecoveryScreen Vertical { width: 70; max-width: 100%; height: auto; background: $panel; padding: 1 2; }
    RecoveryScreen Vertical { border: round $primary; }
    """
    BINDINGS = [
        Binding("enter", "leave", "I have written it down", id="recovery.done", tooltip="Go on"),
    ]

    def __init__(self, code: str) -> None:
        super().__init__()
        self._code = code

    def compose(self) -> ComposeResult:
        """The code and what it is for."""
        with Vertical():
            yield Static(drawn("Your recovery code", "bold"))
            yield Static(drawn(f"\n{self._code}\n", "bold $text-primary"))
            yield Static(
                drawn(
                    "It opens your records if you forget the passphrase, and it is shown only now. Write "
                    "it on paper and keep it away from this computer."
                )
            )
        yield Footer()

    def action_leave(self) -> None:
        """Go on."""
        self.dismiss(None)
