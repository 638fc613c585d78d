"""The app: which screen is on, the lock, what is said beside the screens."""

import asyncio
import gc
from collections.abc import Callable, Iterable
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from textual import events
from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.screen import Screen

from assistant.errors import ChartsideError
from assistant.settings import Settings
from assistant.tui.clipboard import copy_natively
from assistant.tui.crash import crash_words
from assistant.tui.doors import Door, SampleDoor
from assistant.tui.guarded import guarded, tell
from assistant.tui.screens.chat import ChatScreen
from assistant.tui.screens.outgoing import OutgoingScreen
from assistant.tui.screens.recovery import RecoveryScreen
from assistant.tui.screens.unlock import UnlockScreen
from assistant.tui.screens.welcome import Start, WelcomeScreen
from assistant.tui.themes import THEMES, theme_name

if TYPE_CHECKING:
    from assistant.bootstrap import House

LOOK_EVERY = 5.0
"""Seconds between looks whether it is time to lock."""


@runtime_checkable
class Leaves(Protocol):
    """A screen with something under way in the vault."""

    @property
    def working(self) -> bool:
        """Whether it is better not to lock by itself now."""

    async def leave(self) -> None:
        """End what is under way, and keep what has to be kept, before the vault is closed."""


_OF_A_HOUSE = frozenset(
    (place,) for place in ("records", "chats", "whom", "compare", "import", "providers", "ledger")
)


class ChartsideApp(App[None]):
    """The face with a screen, over one door."""

    TITLE = "Chartside"
    CSS = """
    Toast { max-width: 70; }
    """
    ENABLE_COMMAND_PALETTE = True
    BINDINGS = [
        Binding("f1", "go('help')", "Help", id="app.help", tooltip="What can be done here"),
        Binding("ctrl+r", "go('records')", "Records", id="app.records", tooltip="Your records"),
        Binding("ctrl+l", "go('chats')", "Chats", id="app.chats", tooltip="Earlier chats", show=False),
        Binding("ctrl+t", "go('whom')", "Ask someone else", id="app.whom", tooltip="Whom to ask", show=False),
        Binding(
            "f12", "go('compare')", "Compare", id="app.compare", tooltip="Ask several at once", show=False
        ),
        Binding("f3", "go('jump')", "Jump", id="app.jump", tooltip="Go anywhere by a letter", show=False),
        Binding(
            "ctrl+s",
            "go('visits')",
            "Prepare a visit",
            id="app.visits",
            tooltip="Questions to take along",
            show=False,
        ),
        Binding("f4", "go('import')", "Add records", id="app.import", tooltip="Open a file", show=False),
        Binding(
            "f10",
            "go('providers')",
            "Providers",
            id="app.providers",
            tooltip="Linked providers: link, fetch, unlink",
            show=False,
        ),
        Binding(
            "ctrl+b", "go('ledger')", "Ledger", id="app.ledger", tooltip="What was sent, and when", show=False
        ),
        Binding("ctrl+g", "go('settings')", "Settings", id="app.settings", tooltip="Settings", show=False),
        Binding("f9", "stop_all", "Stop all", id="app.stop_all", tooltip="Stop all sharing, with everyone"),
        Binding("f8", "lock", "Lock", id="app.lock", tooltip="Clear the screen and lock", show=False),
        Binding("ctrl+q", "quit", "Leave", id="app.quit", tooltip="Close Chartside", show=False),
    ]

    def __init__(
        self, door: Door, settings: Settings, *, keep: Callable[[Settings], None] = lambda _: None
    ) -> None:
        super().__init__()
        self.door = door
        self.settings = settings
        self._keep = keep
        self.house: House | None = None
        self.failed: ChartsideError | None = None
        """Why the vault could not be opened, where no passphrase was asked for."""
        self._resume: str | None = None
        """The conversation to go on in after a lock."""
        self._active = monotonic()
        for theme in THEMES:
            self.register_theme(theme)
        self.apply(settings)

    # Start, open, lock, leave

    def on_mount(self) -> None:
        """The first screen, before anything is opened."""
        self.set_interval(LOOK_EVERY, self._lock_when_idle)
        self._begin()
        if self.settings.keys:
            from assistant.tui.keys import conflicts
            from assistant.tui.places import every_binding  # loads every screen: only where it is needed

            for wrong in conflicts(every_binding(), self.settings.keys):
                tell(self, wrong, title="Keys in your settings", warning=True)

    def _begin(self) -> None:
        if not self.door.made:
            self.push_screen(WelcomeScreen(), self._start)
        elif self.door.asks:
            self.push_screen(UnlockScreen(self._open))
        else:
            self.push_screen(ChatScreen(self.door.name))
            self.call_after_refresh(self._open_soon)

    def _open_soon(self) -> None:
        self.run_worker(self._open_or_leave(), group="open", exclusive=True, name="open the vault")

    async def _open_or_leave(self) -> None:
        try:
            await self._open("")
        except ChartsideError as error:
            self.failed = error
            self.exit()

    def _start(self, start: Start | None) -> None:
        if start is Start.SAMPLE:
            self.door = SampleDoor()
            self._begin()
        elif start is not None:
            place = "import" if start is Start.FILE else "link"
            self.push_screen(UnlockScreen(lambda typed: self._make(typed, place), new=True))

    async def _open(self, passphrase: str) -> None:
        await self._enter(await asyncio.to_thread(self.door.open, passphrase))

    async def _make(self, passphrase: str, then: str) -> None:
        house, code = await asyncio.to_thread(self.door.make, passphrase)
        await self._enter(house)
        if code is not None:
            await self.push_screen(RecoveryScreen(code), lambda _: self.action_go(then))

    async def _enter(self, house: "House") -> None:
        self.house = house
        self._active = monotonic()
        if not isinstance(self.screen, ChatScreen):
            await self.switch_screen(ChatScreen(self.door.name))
        chat = self.screen
        if isinstance(chat, ChatScreen):
            await chat.attach(house, self.door.suffix, self.door.questions(), self._resume)
            chat.refresh_bindings()

    @property
    def chat(self) -> ChatScreen | None:
        """The conversation, where a vault is open."""
        return next((screen for screen in self.screen_stack if isinstance(screen, ChatScreen)), None)

    async def _lock_when_idle(self) -> None:
        if any(isinstance(screen, Leaves) and screen.working for screen in self.screen_stack):
            self._active = monotonic()
        minutes = self.settings.lock_after_minutes
        if minutes and monotonic() - self._active > 60 * minutes:
            await self.action_lock()

    async def on_event(self, event: events.Event) -> None:
        """Notice that someone is there."""
        if isinstance(event, (events.Key, events.MouseDown, events.Paste, events.MouseScrollDown)):
            self._active = monotonic()
        await super().on_event(event)

    async def action_lock(self) -> None:
        """Clear the screen, close the vault, ask for the passphrase."""
        if self.house is None:
            return
        if self.chat is not None and self.chat.desk is not None:
            self._resume = self.chat.desk.talk.chat
        await self._close_house()
        self.clear_notifications()
        self.clear_selection()
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.push_screen(UnlockScreen(self._open, asks=self.door.asks))
        self.call_after_refresh(gc.collect)  # what was on the screen need not wait in memory

    async def action_quit(self) -> None:
        """Close Chartside, after what is under way has ended."""
        await self._close_house()
        self.exit()

    async def _close_house(self) -> None:
        house, self.house = self.house, None
        if house is not None:
            # From the top: what an import holds has to be let go before the conversation under it can save.
            for screen in reversed(self.screen_stack):
                if isinstance(screen, Leaves):
                    await screen.leave()
            await house.voices.aclose()
            house.vault.close()

    async def on_unmount(self) -> None:
        """Leave nothing open."""
        await self._close_house()
        self.door.close()

    async def action_stop_all(self) -> None:
        """Take back every grant to everyone, wherever one is."""
        if isinstance(self.screen, OutgoingScreen):
            self.screen.action_leave()
        from assistant.tui.screens.compare import CompareScreen  # not for the first frame

        for screen in self.screen_stack:
            if isinstance(screen, CompareScreen):
                await screen.leave()
        if self.chat is not None:
            await guarded(self, self.chat.stop_all())

    # What is said beside the screens

    def copy_to_clipboard(self, text: str) -> None:
        """Copy by the system's clipboard and by the terminal (OSC 52), and say which."""
        super().copy_to_clipboard(text)
        if copy_natively(text):
            tell(self, "Copied to the clipboard of this computer.")
        else:
            tell(self, "Handed to your terminal's clipboard (OSC 52). Some terminals don't take it.")

    def _handle_exception(self, error: Exception) -> None:
        """A crash says what kind it was and where; never what was on the screen."""
        self._return_code = 1
        if not self._exit_renderables:
            self._exception = error
            self.panic(crash_words(error))
            self._exception_event.set()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what can be done now: a locked vault has no records to go to."""
        if self.house is None and (action in ("lock", "stop_all") or parameters[:1] in _OF_A_HOUSE):
            return False
        return super().check_action(action, parameters)

    # Where one can go

    def action_go(self, place: str) -> None:
        """To one of the places that `places` knows; those of a vault only while it is open."""
        from assistant.tui.places import PLACES

        PLACES[place](self)

    def changed(self, settings: Settings) -> None:
        """Keep settings and put them in force."""
        self._keep(settings)
        self.apply(settings)

    def apply(self, settings: Settings) -> None:
        """Put settings in force."""
        self.settings = settings
        self.theme = theme_name(settings.theme)
        self.animation_level = "full" if settings.motion else "none"
        if settings.keys or self._keymap:
            self.set_keymap(dict(settings.keys))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The palette: everything that has a key here."""
        for active in screen.active_bindings.values():
            binding = active.binding
            if binding.tooltip and active.enabled:
                action = binding.action
                with suppress(ValueError):
                    yield SystemCommand(
                        binding.description,
                        f"{binding.tooltip} ({self.get_key_display(binding)})",
                        lambda action=action: self._run_bound(action),
                    )
        yield SystemCommand("Theme", "Try another look until you leave", self.action_change_theme)

    def _run_bound(self, action: str) -> None:
        namespace = self.screen if hasattr(self.screen, f"action_{action.rpartition('.')[2]}") else self
        self.run_worker(namespace.run_action(action), group="palette")
