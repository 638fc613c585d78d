"""Linked providers: how each stands, and what can be done with it."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import Worker

from assistant.errors import ChartsideError
from assistant.tui.drawn import drawn, drawn_line, joined
from assistant.tui.guarded import guarded, tell
from assistant.tui.linking import Ended, link_again, link_new
from assistant.tui.synced import kind_lines, standing_line
from assistant.tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from assistant.bootstrap import House
    from assistant.links.providers.link import Link
    from assistant.links.providers.linked import Linked
    from assistant.links.providers.service import Unlinked
    from assistant.tui.app import ChartsideApp

_NONE = (
    "No provider is linked yet. n links one: you find it, sign in on its own page, see what would come, and "
    "say yes or no. Or open a file of your records with F4."
)

_STAYS = "What the provider holds stays there; what was sent to a model stays with its maker."
_UNDER_WAY = "One moment: the last thing you asked for is still under way."
LEAVE_SECONDS = 3.0
"""How long a lock waits for a provider."""
_OF_ONE = frozenset(("sync", "again", "unlink"))


class ProvidersScreen(Screen[str | None]):
    """Dismissed with a question to ask next, or None."""

    HELP = (
        "Every linked provider as it stands. Enter shows what came of the last fetch, kind by kind. Nothing "
        "is fetched without a key press, and nothing here shares anything."
    )
    CSS = """
    ProvidersScreen #told { height: auto; padding: 0 1; margin-bottom: 1; }
    ProvidersScreen OptionList, ProvidersScreen OptionList:focus { height: 1fr; border: none; }
    ProvidersScreen #kinds { height: auto; max-height: 60%; padding: 0 1; display: none; }
    ProvidersScreen.unfolded #kinds { display: block; }
    """
    AUTO_FOCUS = "OptionList"
    BINDINGS = [
        Binding("escape", "leave", "Back", id="providers.back", tooltip="Back to the conversation"),
        Binding("n", "link", "Link one", id="providers.link", tooltip="Find a provider and sign in there"),
        Binding("s", "sync", "Fetch", id="providers.sync", tooltip="Fetch what is new from this one"),
        Binding("a", "sync_all", "Fetch all", id="providers.sync_all", tooltip="Fetch from every one"),
        Binding("i", "again", "Sign in again", id="providers.again", tooltip="Where access has ended"),
        Binding("u", "unlink", "Unlink", id="providers.unlink", tooltip="Give access back; keep or delete"),
    ]

    def __init__(self, house: "House", *, at_once: bool = False) -> None:
        """`at_once` goes on to finding one."""
        super().__init__()
        self._house = house
        self._at_once = at_once
        self._linked: Sequence[Linked] = ()
        self._worker: Worker[None] | None = None
        self._ending: asyncio.Task[Unlinked] | None = None

    def compose(self) -> ComposeResult:
        """What this is, the links, and the kinds of the one in hand."""
        yield Static(drawn("Linked providers", "bold"), id="told")
        yield OptionList(id="links", markup=False)
        with VerticalScroll(id="kinds"):
            yield Static(id="kinds-text")
        yield KeyLine()

    @property
    def chartside(self) -> "ChartsideApp":
        """The app, as what it is."""
        from assistant.tui.app import ChartsideApp

        assert isinstance(self.app, ChartsideApp)
        return self.app

    @property
    def working(self) -> bool:
        """What waits for the patient here does not keep the records open."""
        return False

    async def leave(self) -> None:
        """Let what has begun at a provider end, without holding up the lock for long."""
        if self._ending is not None:
            await asyncio.wait([self._ending], timeout=LEAVE_SECONDS)

    def on_mount(self) -> None:
        """List them; then on, where that is wanted."""
        self.run_worker(guarded(self.app, self._first()), group="providers", name="list the providers")

    async def _first(self) -> None:
        await self._list()
        if self._at_once:
            self.action_link()

    def _later(self, doing: "Callable[[], Coroutine[Any, Any, None]]") -> None:
        """One thing after the other: what has begun at a provider must not be broken off."""
        if self._worker is not None and self._worker.is_running:
            tell(self.app, _UNDER_WAY)
        else:
            self._worker = self.run_worker(guarded(self.app, doing()), group="link", name="a provider")

    async def _list(self, told: str = "") -> None:
        self._linked = await asyncio.to_thread(lambda: self._house.links.all())
        listed = self.query_one(OptionList)
        kept = listed.highlighted or 0
        listed.set_options([_option(one) for one in self._linked])
        listed.highlighted = min(kept, len(self._linked) - 1) if self._linked else None
        head = drawn("Linked providers", "bold")
        words = told or ("" if self._linked else _NONE)
        self.query_one("#told", Static).update(joined(head, "\n", drawn(words)) if words else head)
        self.refresh_bindings()

    @property
    def _chosen(self) -> "Linked | None":
        at = self.query_one(OptionList).highlighted
        return None if at is None or at >= len(self._linked) else self._linked[at]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what can be done now."""
        if action in _OF_ONE:
            return bool(self._linked)
        return len(self._linked) > 1 if action == "sync_all" else True

    # What came

    def on_option_list_option_selected(self, _event: OptionList.OptionSelected) -> None:
        """Show or hide what came of the last fetch."""
        self.toggle_class("unfolded")

    def on_option_list_option_highlighted(self, _event: OptionList.OptionHighlighted) -> None:
        """The kinds of the one in hand."""
        if (one := self._chosen) is not None:
            self.query_one("#kinds-text", Static).update(kind_lines(one))

    # What can be done

    def action_link(self) -> None:
        """Find a provider and link it."""
        self._later(self._link)

    async def _link(self) -> None:
        await self._after(await link_new(self.chartside, self._house))

    def action_again(self) -> None:
        """Sign in again."""
        if (one := self._chosen) is not None:
            self._later(partial(self._again, one.link))

    async def _again(self, link: "Link") -> None:
        self.query_one("#told", Static).update(drawn_line(f"Asking {link.info.name} how to sign in …"))
        try:
            ended = await link_again(self.chartside, self._house, link)
        finally:
            await self._list()
        await self._after(ended)

    async def _after(self, ended: Ended) -> None:
        if ended.link is not None:
            await self._fetch([ended.link])
        else:
            await self._list(ended.text)

    def action_sync(self) -> None:
        """Fetch from the one in hand."""
        if (one := self._chosen) is not None:
            self._later(partial(self._fetch, [one.link]))

    def action_sync_all(self) -> None:
        """Fetch from all."""
        self._later(partial(self._fetch, [one.link for one in self._linked]))

    async def _fetch(self, links: "Sequence[Link]") -> None:
        from assistant.tui.screens.syncing import SyncScreen

        question = await self.app.push_screen_wait(SyncScreen(self._house, links))
        if question is None:
            await self._list()
        else:
            self.dismiss(question)

    def action_unlink(self) -> None:
        """Give access back."""
        if (one := self._chosen) is not None:
            self._later(partial(self._unlink, one.link))

    async def _unlink(self, link: "Link") -> None:
        from assistant.tui.screens.unlinking import KEEP, UnlinkScreen

        chosen = await self.app.push_screen_wait(UnlinkScreen(link.info.name))
        if chosen is None:
            return
        self.query_one("#told", Static).update(drawn_line(f"Unlinking {link.info.name} …"))
        unlinking = self._house.links.unlink(link.source, keep=chosen == KEEP)
        self._ending = asyncio.create_task(unlinking)
        try:
            done = await asyncio.shield(self._ending)
        except ChartsideError:
            await self._list()
            raise
        records = (
            "Its records stay here." if chosen == KEEP else f"{done.removed:,} records were deleted here."
        )
        await self._list(f"Unlinked: {done.name}. {done.access} {records} {_STAYS}")

    def action_leave(self) -> None:
        """Back, unless something has begun at a provider."""
        if self._worker is not None and self._worker.is_running:
            tell(self.app, _UNDER_WAY)
        else:
            self.dismiss(None)


def _option(one: "Linked") -> Option:
    head = drawn_line(one.link.info.name, "bold")
    return Option(joined(head, "\n  ", standing_line(one)), id=one.link.source)
