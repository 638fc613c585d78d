"""The chart of a life: how much is told of each year."""

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from assistant.errors import ChartsideError
from assistant.links.browse import Shelf
from assistant.links.listing import UNDATED, Year
from assistant.records.model import CATEGORY_NAMES, Category
from assistant.tui.drawn import drawn, drawn_line, joined
from assistant.tui.widgets.key_line import KeyLine

_EIGHTHS = " ▏▎▍▌▋▊▉"
_LONGEST = 40
"""Cells of the longest bar."""


class TimelineScreen(Screen[str | None]):
    """Years down, a bar for each; gives the chosen year (empty for what has no date), None without one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "c", "category", "Category", id="timeline.category", tooltip="Bars for the next category only"
        ),
        Binding("0", "clear", "All", id="timeline.clear", tooltip="Bars for all categories"),
        Binding("escape", "back", "Back", id="timeline.back", tooltip="Choose no year"),
    ]
    DEFAULT_CSS = """
    TimelineScreen {
        & #timeline-title { height: 1; padding: 0 1; text-style: bold; }
        & OptionList { height: 1fr; border: none; }
        & OptionList:focus { border: none; }
        & #timeline-year { height: auto; min-height: 2; padding: 0 1; }
    }
    """

    def __init__(self, shelf: Shelf) -> None:
        super().__init__()
        self._shelf = shelf
        self._years: Sequence[Year] = ()
        self._category: Category | None = None

    def compose(self) -> ComposeResult:
        """The bars, and below them what the highlighted year holds."""
        yield Static(drawn_line("Reading your records ..."), id="timeline-title")
        yield OptionList(id="timeline-years")
        yield Static(id="timeline-year")
        yield KeyLine()

    def on_mount(self) -> None:
        """Count."""
        self._count()

    @work(exclusive=True, group="count", exit_on_error=False)
    async def _count(self) -> None:
        try:
            self._years = await asyncio.to_thread(self._shelf.listing.years)
        except ChartsideError as error:
            self.query_one("#timeline-title", Static).update(drawn_line(error.title))
            self.query_one("#timeline-year", Static).update(drawn(f"{error.text}\n{error.next_step}"))
            return
        self._draw()
        self.query_one(OptionList).focus()

    def _draw(self) -> None:
        options = self.query_one(OptionList)
        place = options.highlighted or 0
        most = max((self._count_of(year) for year in self._years), default=0)
        options.clear_options()
        options.add_options(Option(self._bar(year, most)) for year in self._years)
        options.highlighted = place if self._years else None
        named = "all categories" if self._category is None else CATEGORY_NAMES[self._category]
        told = f"Your records by year: {named}" if self._years else "There are no records here yet"
        self.query_one("#timeline-title", Static).update(drawn_line(told))

    def _count_of(self, year: Year) -> int:
        return year.total if self._category is None else year.counts.get(self._category, 0)

    def _bar(self, year: Year, most: int) -> Content:
        count = self._count_of(year)
        return joined(
            drawn_line(f"{year.year or 'no date':<8}{count:>7,}  "), drawn_line(bar(count, most), "$primary")
        )

    @on(OptionList.OptionHighlighted)
    def _tell(self, event: OptionList.OptionHighlighted) -> None:
        year = self._years[event.option_index]
        counts = ", ".join(f"{CATEGORY_NAMES[category]} {count:,}" for category, count in year.counts.items())
        self.query_one("#timeline-year", Static).update(
            joined(drawn_line(f"{year_name(year.year)}: ", "bold"), drawn_line(counts))
        )

    @on(OptionList.OptionSelected)
    def _take(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._years[event.option_index].year)

    def action_category(self) -> None:
        """Bars for the next category that has any records."""
        held: list[Category | None] = [c for c in Category if any(c in year.counts for year in self._years)]
        choices = [None, *held]
        self._category = choices[(choices.index(self._category) + 1) % len(choices)]
        self._draw()

    def action_clear(self) -> None:
        """Bars for all."""
        self._category = None
        self._draw()

    def action_back(self) -> None:
        """Choose none."""
        self.dismiss(None)


def year_name(year: str) -> str:
    """What to call a year of the listing."""
    return "no date" if year == UNDATED else year


def bar(count: int, most: int) -> str:
    """A bar as long as its share of the most; never empty for what isn't nothing."""
    eighths = max(1, round(count * _LONGEST * 8 / most)) if count else 0
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()
