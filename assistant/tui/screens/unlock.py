"""The passphrase: to open what is there, or to make a place for what will be."""

from collections.abc import Awaitable, Callable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Input, Static

from assistant.errors import ChartsideError
from assistant.tui.drawn import drawn
from assistant.tui.widgets.key_line import KeyLine
from assistant.tui.widgets.secret import SecretInput

Open = Callable[[str], Awaitable[None]]
"""Opens (or makes) the vault with a passphrase; raises a ChartsideError where that fails."""


class UnlockScreen(Screen[None]):
    """Asks for the passphrase; for a new one, twice."""

    HELP = (
        "Type your passphrase and press Enter. It is never stored; without it nobody can read your records."
    )
    CSS = """
    UnlockScreen Vertical { padding: 1 2; }
    UnlockScreen Input { width: 60; max-width: 100%; margin: 1 0 0 0; }
    UnlockScreen #told { margin: 1 0; }
    """

    def __init__(self, open_with: Open, *, new: bool = False, asks: bool = True) -> None:
        super().__init__()
        self._open_with = open_with
        self._new = new
        self._asks = asks

    def compose(self) -> ComposeResult:
        """The words, the field or fields, and what is the matter."""
        with Vertical():
            yield Static(drawn("Chartside", "bold $text-primary"))
            yield Static(drawn(self._words()), id="told")
            placeholder = "Passphrase" if self._asks else "Enter opens them again"
            yield SecretInput(placeholder, id="first")
            if self._new:
                yield SecretInput("The same again", id="second")
            yield Static(id="matter")
        yield KeyLine()

    def on_mount(self) -> None:
        """Ready to type."""
        self.query_one("#first").focus()

    def _words(self) -> str:
        if self._new:
            return (
                "Choose a passphrase for your records: a few words at random, 15 characters or more. "
                "Whoever has it can read them; nobody can without it."
            )
        if not self._asks:
            return "Your records are locked. Enter opens them again."
        return "Your records are locked. Type your passphrase, or only Enter where the keychain remembers it."

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Try it."""
        if self._new and event.input.id == "first":
            self.query_one("#second").focus()
            return
        first = self.query_one("#first", Input).value
        if self._new and self.query_one("#second", Input).value != first:
            self._tell("The two are not the same. Type them again.")
            return
        self.app.run_worker(self._try(first), exclusive=True, group="open")

    async def _try(self, passphrase: str) -> None:
        self._tell("Opening …")
        try:
            await self._open_with(passphrase)
        except ChartsideError as error:
            self._tell(f"{error.title}. {error.text} {error.next_step}")
            for field in self.query(Input):
                field.clear()
                field.disabled = False
            self.query_one("#first").focus()

    def _tell(self, text: str) -> None:
        self.query_one("#matter", Static).update(drawn(text))
