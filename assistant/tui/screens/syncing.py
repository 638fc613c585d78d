"""Fetching from linked providers: how far it is, and what came."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, ProgressBar, Static
from textual.widgets.option_list import Option
from textual.worker import Worker, WorkerError

from assistant.errors import ChartsideError
from assistant.tui.doors import FIRST_QUESTIONS
from assistant.tui.drawn import drawn, drawn_line, joined
from assistant.tui.synced import standing_line, synced_lines
from assistant.tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from assistant.bootstrap import House
    from assistant.links.background import Background
    from assistant.links.providers.link import Link
    from assistant.links.providers.service import Synced


class SyncScreen(Screen[str | None]):
    """Dismissed with a question to ask next, or None."""

    HELP = (
        "F2 stops fetching: what came stays, and the next time goes on from there. Nothing is shared by it."
    )
    CSS = """
    SyncScreen VerticalScroll { padding: 0 2; }
    SyncScreen ProgressBar { margin: 1 2; display: none; }
    SyncScreen.running ProgressBar { display: block; }
    SyncScreen #now { padding: 0 2; }
    SyncScreen OptionList, SyncScreen OptionList:focus { height: auto; border: none; margin: 0 2; }
    SyncScreen OptionList { display: none; }
    SyncScreen.done OptionList { display: block; }
    """
    BINDINGS = [
        Binding("escape", "leave", "Back", id="sync.back", tooltip="Back to your providers"),
        Binding("f2", "stop", "Stop", id="sync.stop", tooltip="Stop fetching; what came stays"),
    ]

    def __init__(self, house: "House", links: "Sequence[Link]") -> None:
        super().__init__()
        self._house = house
        self._links = links
        self._fetching: Background[Synced] | None = None
        self._stopped = False
        self._worker: Worker[None] | None = None
        self._told: list[Content] = []

    def compose(self) -> ComposeResult:
        """What is under way, the bar, what came, questions."""
        yield Static(drawn("Fetching", "bold"), id="now")
        yield ProgressBar(id="bar", show_eta=False)
        with VerticalScroll():
            yield Static(id="came")
        yield OptionList(*[Option(drawn(text), id=text) for text in FIRST_QUESTIONS], id="next")
        yield KeyLine()

    @property
    def working(self) -> bool:
        """Whether something is being fetched."""
        return self._fetching is not None

    async def leave(self) -> None:
        """Stop fetching; what came stays."""
        self.action_stop()
        if self._worker is not None:
            with suppress(WorkerError):
                await self._worker.wait()

    def on_mount(self) -> None:
        """Begin; look at the progress several times a second."""
        self.set_interval(0.2, self._look)
        self._worker = self.run_worker(self._sync_all(), group="sync", name="fetch from providers")

    async def _sync_all(self) -> None:
        self.add_class("running")
        new = 0
        for link in self._links:
            if self._stopped:
                break
            new += await self._sync(link)
        self.remove_class("running")
        self.query_one("#now", Static).update(drawn("What came", "bold"))
        if new:
            self.add_class("done")
            self.query_one("#next").focus()
        else:
            self.query_one(VerticalScroll).focus()
        self.refresh_bindings()

    async def _sync(self, link: "Link") -> int:
        """Fetch from one; how many records are new."""
        from assistant.links.background import Background

        name, links = link.info.name, self._house.links
        self._fetching = task = Background(lambda telling: links.sync(link.source, telling))
        self.query_one("#now", Static).update(drawn_line(f"Fetching from {name} …", "bold"))
        self.refresh_bindings()
        try:
            done = await asyncio.to_thread(task.run)
        except ChartsideError as error:
            text = drawn(f"{error.title}. {error.text} {error.next_step}", "$text-warning")
            self._tell(name, text)
            return 0
        finally:
            self._fetching = None
            self.refresh_bindings()
        if done is None:
            await self._tell_stopped(link)
            return 0
        self._tell(name, synced_lines(done))
        return done.report.totals.new

    async def _tell_stopped(self, link: "Link") -> None:
        linked = await asyncio.to_thread(self._house.links.book.get, link.source)
        words = drawn("Stopped. What came stays; the next time goes on from there.")
        self._tell(link.info.name, joined(words, "\n", standing_line(linked)))

    def _tell(self, name: str, came: Content) -> None:
        self._told += [drawn_line(name, "bold $text-primary"), came, drawn("")]
        self.query_one("#came", Static).update(Content("\n").join(self._told))

    def _look(self) -> None:
        if self._fetching is not None:
            progress = self._fetching.progress
            self.query_one(ProgressBar).update(total=progress.total, progress=progress.done)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Ask one of the first questions."""
        self.dismiss(event.option_id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what can be done now."""
        return self.working if action == "stop" else True

    def action_stop(self) -> None:
        """Stop fetching."""
        self._stopped = True
        if self._fetching is not None:
            self._fetching.stop()

    def action_leave(self) -> None:
        """Back, unless something is being fetched."""
        if self.working:
            self.query_one("#now", Static).update(drawn("Still fetching. F2 stops it; what came stays."))
        else:
            self.dismiss(None)
