"""One record with everything that is known about it, down to the bytes that it came in."""

import asyncio
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import ClassVar

from rich.cells import cell_len
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static, TextArea

from assistant.errors import ChartsideError
from assistant.links.browse import Opened, Shelf
from assistant.links.detail import Section, behind, headline, source_texts, told, values_told
from assistant.links.series import Series
from assistant.tui.drawn import drawn, drawn_line, joined
from assistant.tui.widgets.key_line import KeyLine
from assistant.tui.widgets.plot import Plot


class RecordScreen(Screen[None]):
    """Shows one record; `j` turns to the resource as it came and back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "source", "JSON", id="record.source", tooltip="The resource as it came in, and back"),
        Binding("escape", "back", "Back", id="record.back", tooltip="Leave this record"),
    ]
    DEFAULT_CSS = """
    RecordScreen {
        & #record-title { height: auto; padding: 0 1; }
        & #record-body { height: 1fr; padding: 0 1; }
        & #record-source { height: 1fr; display: none; border: none; }
        &.-source #record-source { display: block; }
        &.-source #record-body { display: none; }
    }
    """

    def __init__(self, shelf: Shelf, record_id: str) -> None:
        super().__init__()
        self._shelf = shelf
        self._record_id = record_id

    def compose(self) -> ComposeResult:
        """The title, the body, and the resource behind it."""
        yield Static(drawn_line("Reading this record ..."), id="record-title")
        yield VerticalScroll(id="record-body")
        yield TextArea("", read_only=True, show_cursor=False, id="record-source")
        yield KeyLine()

    def on_mount(self) -> None:
        """Read the record."""
        self._read()

    def action_source(self) -> None:
        """Turn to the resource, or back."""
        self.toggle_class("-source")
        turned = self.has_class("-source")
        self.query_one("#record-source" if turned else "#record-body").focus()

    def action_back(self) -> None:
        """Leave."""
        self.dismiss()

    @work(exclusive=True, group="record", exit_on_error=False)
    async def _read(self) -> None:
        try:
            opened, series = await asyncio.to_thread(self._all_of_it)
        except ChartsideError as error:
            self._fail(error)
            return
        self.query_one("#record-title", Static).update(_title(opened))
        source = "\n\n".join(f"{where}\n{text}" for where, text in source_texts(opened))
        self.query_one("#record-source", TextArea).text = drawn(source).plain
        body = self.query_one("#record-body")
        await body.mount_all(_blocks(opened, series))
        if not self.has_class("-source"):
            body.focus()

    def _all_of_it(self) -> tuple[Opened, Sequence[Series]]:
        opened = self._shelf.open(self._record_id)
        self._shelf.looked_at("record looked at", 1)
        return opened, self._shelf.listing.series_of(opened.merged.record)

    def _fail(self, error: ChartsideError) -> None:
        self.query_one("#record-title", Static).update(drawn_line(error.title, "bold"))
        self.query_one("#record-body").mount(Static(drawn(f"{error.text}\n{error.next_step}")))


def _title(opened: Opened) -> Content:
    title, value, state = headline(opened.merged.record)
    pieces = [drawn_line(title, "bold")]
    if value:
        pieces.append(drawn_line(f"  {value}"))
    if state:
        pieces.append(drawn_line(f"  ({state})", "bold $text-warning"))
    return joined(*pieces)


def _blocks(opened: Opened, series: Sequence[Series]) -> Iterator[Widget]:
    """What the record says, then what is drawn of its values, then what stands behind it."""
    yield from map(SectionBlock, told(opened))
    for each in series:
        if len(each.points) > 1:
            yield Plot(each)
            title = f"{each.title}, {len(each.points):,} values, newest first"
            yield SectionBlock(Section(title, values_told(each)))
    yield from map(SectionBlock, behind(opened))


class SectionBlock(Widget):
    """A section: names on the left, what is said on the right, however many lines it takes."""

    DEFAULT_CSS = """
    SectionBlock { height: auto; margin: 1 0 0 0; }
    """
    LONGEST_NAME = 24
    """Names that are longer get a line of their own."""

    def __init__(self, section: Section) -> None:
        super().__init__()
        self._section = section

    def render(self) -> Content:
        """The section at the widget's present width."""
        return Content("\n").join(self._rows(self.size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as it takes at this width."""
        return len(self._rows(width))

    def _rows(self, width: int) -> list[Content]:
        names = [cell_len(line.name) for line in self._section.lines]
        indent = max((name for name in names if name <= self.LONGEST_NAME), default=0)
        indent += 2 if indent else 0
        rows = drawn_line(self._section.title, "bold underline").wrap(max(1, width))
        for line in self._section.lines:
            name = drawn_line(line.name, "$foreground-muted")
            told = drawn(line.text).wrap(max(1, width - indent))
            if name.cell_length > self.LONGEST_NAME:
                rows += [*name.wrap(max(1, width)), *(text.pad_left(indent) for text in told)]
                continue
            lefts = [name.pad_right(indent - name.cell_length)] if line.name else []
            pairs = zip_longest(lefts, told[: len(told)], fillvalue=None)
            rows += [joined(left or drawn(" " * indent), text or drawn("")) for left, text in pairs]
        return rows
