"""A list of records that stays quick however long it is: only the lines on screen are read."""

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from assistant.errors import ChartsideError
from assistant.links.glance import Row
from assistant.links.listing import Listing
from assistant.safe_text import safe_line
from assistant.tui.widgets.record_line import Piece, pieces

PAGE = 32
"""Records read at once."""
KEPT = 80
"""Pages kept in memory."""


def _binding(key: str, action: str, description: str, tooltip: str, *, show: bool = False) -> Binding:
    return Binding(key, action, description, show=show, id=f"list.{action}", tooltip=tooltip)


class RecordList(ScrollView, can_focus=True, inherit_bindings=False):
    """One line for each record; arrows and the mouse choose one, Enter and a double click open it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        _binding("up", "line_up", "Up", "Go to the record above"),
        _binding("down", "line_down", "Down", "Go to the record below"),
        _binding("pageup", "leaf_up", "Page up", "Go up by as much as is on screen"),
        _binding("pagedown", "leaf_down", "Page down", "Go down by as much as is on screen"),
        _binding("home", "first", "First", "Go to the first record"),
        _binding("end", "last", "Last", "Go to the last record"),
        _binding("enter", "open", "Open", "Show all that is known about this record", show=True),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"record-list--{piece.value}" for piece in Piece} | {
        "record-list--cursor"
    }
    ALLOW_SELECT = False
    DEFAULT_CSS = """
    RecordList {
        overflow-x: hidden;
        overflow-y: auto;
        height: 1fr;
        & .record-list--cursor { background: $block-cursor-blurred-background; text-style: bold; }
        &:focus .record-list--cursor {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
        }
        & .record-list--date { color: $text-muted; }
        & .record-list--category { color: $text-muted; }
        & .record-list--title { color: $foreground; }
        & .record-list--value { color: $foreground; text-style: bold; }
        & .record-list--state { color: $text-muted; }
        & .record-list--doubt { color: $text-warning; text-style: bold; }
        & .record-list--flag { color: $text-error; }
        & .record-list--trail { color: $primary; }
    }
    """

    cursor: reactive[int] = reactive(0)

    class Opened(Message):
        """A record is to be opened."""

        def __init__(self, record_id: str) -> None:
            super().__init__()
            self.record_id = record_id

    class Failed(Message):
        """Records could not be read."""

        def __init__(self, error: ChartsideError) -> None:
            super().__init__()
            self.error = error

    def __init__(self, listing: Listing, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._listing = listing
        self._ids: Sequence[str] = ()
        self._pages: dict[int, Sequence[Row]] = {}
        self._trails: dict[str, tuple[float, ...]] = {}
        self._asked: set[int] = set()

    @property
    def chosen(self) -> str | None:
        """The id of the record that the cursor is on."""
        return self._ids[self.cursor] if self.cursor < len(self._ids) else None

    def show(self, ids: Sequence[str], *, keep: bool = False) -> None:
        """List these records from the top; with `keep` the cursor stays on its record if that is left."""
        chosen = self.chosen if keep else None
        self._ids = ids
        self._pages, self._trails, self._asked = {}, {}, set()
        self.virtual_size = Size(0, len(ids))
        self.set_reactive(RecordList.cursor, ids.index(chosen) if chosen in ids else 0)
        self._into_view()
        self._ask()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        at = self.scroll_offset.y + y
        width, plain = self.scrollable_content_region.width, self.rich_style
        if at >= len(self._ids):
            return Strip.blank(width, plain)
        row = self._row(at)
        here = at == self.cursor
        base = self.get_component_rich_style("record-list--cursor") if here else plain
        found = (
            pieces(row, self._trails.get(self._ids[at], ()), width, here=here)
            if row
            else [(" …", Piece.DATE)]
        )
        segments = []
        for text, piece in found:
            style = base if here else self.get_component_rich_style(f"record-list--{piece.value}")
            segments.append(Segment(safe_line(text), style))
        return Strip(segments).adjust_cell_length(width, base)

    def watch_cursor(self, before: int, now: int) -> None:
        """Bring the chosen line into view."""
        self._into_view()
        self.refresh_line(before)
        self.refresh_line(now)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Read what comes into view."""
        super().watch_scroll_y(old_value, new_value)
        self._ask()

    def on_resize(self, event: events.Resize) -> None:
        """Keep the chosen line in view."""
        self._into_view()
        self._ask()

    def on_click(self, event: events.Click) -> None:
        """Choose a record; open it on the second click."""
        at = self.scroll_offset.y + event.y
        if at < len(self._ids):
            self.cursor = at
            if event.chain > 1:
                self.action_open()

    def action_line_up(self) -> None:
        """One up."""
        self._go(self.cursor - 1)

    def action_line_down(self) -> None:
        """One down."""
        self._go(self.cursor + 1)

    def action_leaf_up(self) -> None:
        """Up by what is on screen."""
        self._go(self.cursor - max(1, self.size.height - 1))

    def action_leaf_down(self) -> None:
        """Down by what is on screen."""
        self._go(self.cursor + max(1, self.size.height - 1))

    def action_first(self) -> None:
        """To the top."""
        self._go(0)

    def action_last(self) -> None:
        """To the bottom."""
        self._go(len(self._ids) - 1)

    def action_open(self) -> None:
        """Ask for the chosen record to be opened."""
        if self.chosen is not None:
            self.post_message(self.Opened(self.chosen))

    def _go(self, to: int) -> None:
        self.cursor = max(0, min(to, len(self._ids) - 1))

    def _into_view(self) -> None:
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False)

    def _row(self, at: int) -> Row | None:
        page = self._pages.get(at // PAGE)
        return page[at % PAGE] if page is not None else None

    def _ask(self) -> None:
        """Read the pages on screen that aren't there yet."""
        top = self.scroll_offset.y
        last = min(top + max(1, self.size.height), len(self._ids)) - 1
        for page in range(top // PAGE, last // PAGE + 1):
            if page not in self._asked:
                self._asked.add(page)
                self.run_worker(self._read(page, self._ids), name="a page of records", exit_on_error=False)

    async def _read(self, page: int, ids: Sequence[str]) -> None:
        wanted = ids[page * PAGE : (page + 1) * PAGE]
        try:
            rows = await asyncio.to_thread(self._listing.rows, wanted)
            if ids is not self._ids:
                return
            self._keep(page, rows)
            trails = await asyncio.to_thread(self._listing.trails, wanted)
        except ChartsideError as error:
            self.post_message(self.Failed(error))
            return
        if ids is self._ids:
            self._trails.update(trails)
            self.refresh()

    def _keep(self, page: int, rows: Sequence[Row]) -> None:
        self._pages[page] = rows
        while len(self._pages) > KEPT:
            oldest = next(iter(self._pages))
            for row in self._pages.pop(oldest):
                self._trails.pop(row.id, None)
            self._asked.discard(oldest)
        self.refresh()
