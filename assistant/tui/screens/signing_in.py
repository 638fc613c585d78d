"""Signing in at the provider's own page: opened, copied or scanned; then waited for, or pasted."""

from collections.abc import Awaitable, Callable
from time import monotonic
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Input, Static

from assistant.errors import ChartsideError
from assistant.tui.drawn import drawn, drawn_line, joined
from assistant.tui.screens.qr import QrScreen
from assistant.tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from assistant.links.providers.attempt import Attempt
    from assistant.links.providers.door import Signed

Begin = Callable[[], "Awaitable[Attempt]"]
"""Starts a sign-in.

Raises:
    SourceFailed: it can't be started.
"""
Open = Callable[[str], bool]
"""Hands an address to the browser; whether there is one."""


class SigningInScreen(Screen["Signed | None"]):
    """Dismissed with a sign-in that worked; nothing is kept of it yet."""

    HELP = (
        "You sign in on the provider's page, in your browser, never here. F2 opens it, F5 copies its "
        "address, F6 shows it as a QR code. If the browser can't come back here, copy the address "
        "of the page you landed on and paste it below. Escape gives up; nothing is kept."
    )
    CSS = """
    SigningInScreen Static { height: auto; padding: 0 1; }
    SigningInScreen #address, SigningInScreen #landed { display: none; }
    SigningInScreen.waiting #address, SigningInScreen.waiting #landed { display: block; }
    SigningInScreen #clock { margin-top: 1; }
    SigningInScreen #matter { margin-bottom: 1; }
    """
    BINDINGS = [
        Binding("escape", "leave", "Give up", id="sign_in.back", tooltip="Nothing is kept"),
        Binding("f2", "open", "Open browser", id="sign_in.open", tooltip="The provider's page"),
        Binding("f5", "copy", "Copy", id="sign_in.copy", tooltip="Copy the address of the page"),
        Binding("f6", "qr", "QR", id="sign_in.qr", tooltip="The address for a phone"),
        Binding("f7", "again", "Again", id="sign_in.again", tooltip="A new sign-in"),
    ]

    def __init__(self, name: str, begin: Begin, open_page: Open) -> None:
        super().__init__()
        self._called = name
        self._begin = begin
        self._open_page = open_page
        self._attempt: Attempt | None = None
        self._since = monotonic()

    def compose(self) -> ComposeResult:
        """Whose page, the clock, the line to paste into, what is the matter, the page's address."""
        yield Static(drawn_line(f"Sign in: {self._called}", "bold $text-primary"))
        yield Static(drawn("Asking the provider …"), id="whose")
        yield Static(id="clock")
        yield Input(placeholder="Or paste the address you landed on, and press Enter", id="landed")
        yield Static(id="matter")
        with VerticalScroll(id="address"):
            yield Static(id="page")
        yield KeyLine()

    def on_mount(self) -> None:
        """Start at once; the browser waits for a key."""
        self.set_interval(1.0, self._tick)
        self._start()

    @property
    def working(self) -> bool:
        """A sign-in under way does not keep the records open."""
        return False

    async def leave(self) -> None:
        """Close the way back; nothing is kept."""
        attempt, self._attempt = self._attempt, None
        if attempt is not None:
            await attempt.aclose()

    def _start(self) -> None:
        self.run_worker(self._run(), group="sign in", exclusive=True, name="a sign-in")

    async def _run(self) -> None:
        await self._end()
        self._tell("")
        try:
            self._attempt = attempt = await self._begin()
        except ChartsideError as error:
            self._fail(error)
            return
        self._since = monotonic()
        self._show(attempt)
        if attempt.comes_back:
            await self._finish(attempt, attempt.wait)

    def _show(self, attempt: "Attempt") -> None:
        whose = joined(
            drawn("The page belongs to "),
            drawn_line(attempt.host, "bold"),
            drawn(". Sign in there, in your browser; your password is never typed here. "),
            drawn("F2 opens it; its address stands below."),
        )
        self.query_one("#whose", Static).update(whose)
        self.query_one("#page", Static).update(drawn_line(attempt.address, "$text-muted"))
        self.add_class("waiting")
        self.query_one("#landed", Input).focus()
        self._tick()
        self.refresh_bindings()

    async def _finish(self, attempt: "Attempt", ending: "Callable[[], Awaitable[Signed]]") -> None:
        """Take what comes; what fails is told, and where the sign-in is spent, it is over."""
        from assistant.links.failing import told_plainly
        from connectors.smart.errors import LandingFailed

        try:
            with told_plainly():
                try:
                    signed = await ending()
                except LandingFailed as late:
                    self._tell(f"{late.text} You can still paste the address you landed on. F7 starts again.")
                    return
        except ChartsideError as error:
            await self._end()
            self._fail(error)
        else:
            await attempt.aclose()
            self.dismiss(signed)

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on from a pasted address; a wrong page leaves the sign-in as it is."""
        attempt, landed = self._attempt, event.value.strip()
        event.input.clear()
        if attempt is None or not landed:
            return
        if attempt.fits(landed):
            self._tell("One moment …", "")
            finishing = self._finish(attempt, lambda: attempt.paste(landed))
            self.run_worker(finishing, group="sign in", exclusive=True, name="a sign-in")
        else:
            self.run_worker(self._refuse(attempt, landed), group="wrong page", name="say what is wrong")

    async def _refuse(self, attempt: "Attempt", landed: str) -> None:
        from connectors.errors import SourceError

        try:
            await attempt.paste(landed)
        except SourceError as error:
            self._tell(f"{error.text} {error.next_step} This sign-in goes on.")

    def _fail(self, error: ChartsideError) -> None:
        self._tell(f"{error.title}. {error.text} {error.next_step} F7 starts again.")
        self.query_one("#whose", Static).update(drawn("No sign-in is under way."))
        self.refresh_bindings()

    async def _end(self) -> None:
        self.remove_class("waiting")
        self.query_one("#clock", Static).update(drawn(""))
        await self.leave()
        self.refresh_bindings()

    def _tick(self) -> None:
        if self._attempt is not None:
            seconds = int(monotonic() - self._since)
            self.query_one("#clock", Static).update(
                drawn(f"Waiting for you to sign in … {seconds // 60}:{seconds % 60:02}")
            )

    def _tell(self, text: str, style: str = "$text-warning") -> None:
        self.query_one("#matter", Static).update(drawn(text, style))

    # What the patient does

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what can be done now."""
        return self._attempt is not None if action in ("open", "copy", "qr") else True

    def action_open(self) -> None:
        """Hand the page to the browser, because a key was pressed."""
        if self._attempt is not None and not self._open_page(self._attempt.address):
            self._tell("This computer has no browser to open. Copy the address, or use the QR code.")

    def action_copy(self) -> None:
        """The address of the page."""
        if self._attempt is not None:
            self.app.copy_to_clipboard(self._attempt.address)

    def action_qr(self) -> None:
        """The address as a picture."""
        if self._attempt is not None:
            self.app.push_screen(QrScreen(self._attempt.address))

    def action_again(self) -> None:
        """A new sign-in."""
        self._start()

    async def action_leave(self) -> None:
        """Give up."""
        await self.leave()
        self.dismiss(None)
