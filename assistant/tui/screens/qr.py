"""The address of a sign-in page as a QR code, over the screen that waits."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen
from textual.widgets import Static

from assistant.tui.drawn import drawn
from assistant.tui.widgets.qr import qr_code

_BELOW = 1
"""Lines that the words take."""


class QrScreen(ModalScreen[None]):
    """As much of the terminal as there is."""

    HELP = "Scan it with a phone. On the phone, copy the address of the page you land on, to paste it here."
    CSS = """
    QrScreen { align: center middle; background: $background; }
    QrScreen Static { width: auto; max-width: 100%; height: auto; }
    """
    BINDINGS = [Binding("escape,f6", "leave", "Back", id="qr.back", tooltip="Back to the sign-in")]

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def compose(self) -> ComposeResult:
        """The code and what to do."""
        size = self.app.size
        yield Static(qr_code(self._address, size.width, size.height - _BELOW))
        yield Static(
            drawn(
                "Scan it with a phone; paste the address that it lands on here. Escape goes back.",
                "$text-muted",
            )
        )

    def action_leave(self) -> None:
        """Back."""
        self.dismiss(None)
