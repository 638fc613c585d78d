"""Published lists of providers: which there are, from where, and fetching one."""

import asyncio
from contextlib import suppress

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import Worker, WorkerError

from assistant.errors import ChartsideError
from assistant.tui.drawn import drawn, drawn_line, joined
from assistant.tui.lists import fetch_list
from assistant.tui.screens.boxed import Boxed
from assistant.tui.widgets.key_line import KeyLine
from connectors.directory.known import KNOWN, KnownList


class ListsScreen(Boxed[None]):
    """Choosing one fetches it from the address that stands there, and from no other."""

    HELP = (
        "Enter fetches the list in hand from the address below it. What is sent is the request for the list, "
        "with nothing of yours. A list that can't be had leaves what was there."
    )
    CSS = "ListsScreen #lists, ListsScreen #lists:focus { max-height: 14; margin: 1 0; }"
    BINDINGS = [Binding("f2", "stop", "Stop", id="lists.stop", tooltip="Stop fetching; nothing changes")]

    def __init__(self) -> None:
        super().__init__()
        self._worker: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        """What this is, the lists, how it goes."""
        with VerticalScroll(classes="box", can_focus=False):
            yield Static(drawn("Lists of providers. Enter fetches the one in hand from its address.", "bold"))
            yield OptionList(*map(_option, KNOWN), id="lists", markup=False)
            yield Static(id="matter")
        yield KeyLine()

    @property
    def working(self) -> bool:
        """Whether a list is on its way."""
        return self._worker is not None and self._worker.is_running

    async def leave(self) -> None:
        """Stop; what was there stays."""
        if self._worker is not None and self._worker.is_running:
            self._worker.cancel()
            with suppress(WorkerError):
                await self._worker.wait()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Fetch it."""
        if not self.working:
            fetching = self._fetch(next(one for one in KNOWN if one.id == event.option_id))
            self._worker = self.run_worker(fetching, group="lists", name="fetch a list")
            self.refresh_bindings()

    async def _fetch(self, one: KnownList) -> None:
        self._tell(f"Fetching {one.name}; F2 stops it …")
        try:
            await fetch_list(one.id, self._tell_line)
        except asyncio.CancelledError:
            self._tell("Stopped. The lists are as they were.")
            raise
        except ChartsideError as error:
            self._tell(f"{error.title}. {error.text} {error.next_step}", "$text-warning")
        else:
            self._tell(f"{one.name} is here. Escape goes back to the search.", "$text-success")
        finally:
            self.set_timer(0.1, self.refresh_bindings)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what can be done now."""
        return self.working if action == "stop" else True

    def action_stop(self) -> None:
        """Stop fetching."""
        if self._worker is not None:
            self._worker.cancel()

    def action_leave(self) -> None:
        """Back to the search, unless a list is on its way."""
        if self.working:
            self._tell("Still fetching. F2 stops it.")
        else:
            self.dismiss(None)

    def _tell_line(self, line: str) -> None:
        self.query_one("#matter", Static).update(drawn_line(f"Fetching; F2 stops it … {line}"))

    def _tell(self, text: str, style: str = "") -> None:
        for told in self.query("#matter").results(Static):
            told.update(drawn(text, style))


def _option(one: KnownList) -> Option:
    about = drawn(f"\n{one.about}\n{one.address}", "$text-muted")
    return Option(joined(drawn_line(one.name, "bold"), about), id=one.id)
