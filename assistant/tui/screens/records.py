"""The list of all records: searched, filtered and ordered while one types."""

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Input, Static

from assistant.errors import ChartsideError
from assistant.links.browse import Shelf
from assistant.links.listing import Found, Order
from assistant.records.model import CATEGORY_NAMES, Category
from assistant.records.words import fold
from assistant.safe_text import safe_line
from assistant.tui.drawn import drawn, drawn_line, joined
from assistant.tui.screens.category import CategoryScreen
from assistant.tui.screens.record import RecordScreen
from assistant.tui.screens.timeline import TimelineScreen, year_name
from assistant.tui.widgets.key_line import KeyLine
from assistant.tui.widgets.record_list import RecordList
from assistant.vault.query import RecordQuery

PAUSE = 0.08
"""Seconds without a key before records are looked up."""
_IN_LIST = frozenset(("category", "sort", "clear", "timeline", "search"))
"""Actions whose keys are letters and digits, which a search field takes for itself."""


class RecordsScreen(Screen[None]):
    """Every record, one line each."""

    AUTO_FOCUS = "RecordList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Search", id="records.search", tooltip="Type words to look for"),
        Binding("c", "category", "Category", id="records.category", tooltip="Show one category only"),
        Binding("s", "sort", "Sort", id="records.sort", tooltip="Newest first, oldest first, by title"),
        Binding("0", "clear", "Show all", id="records.clear", tooltip="Take every filter away"),
        Binding("t", "timeline", "Timeline", id="records.timeline", tooltip="Your records by year"),
        Binding("escape", "back", "Back", id="records.back", tooltip="Leave the search, then the list"),
        Binding(
            "down", "to_list", "To the list", show=False, id="records.to_list", tooltip="From search to list"
        ),
    ]
    DEFAULT_CSS = """
    RecordsScreen {
        & #records-search { height: 3; }
        & #records-told { height: auto; padding: 0 1; }
        & #records-empty { height: 1fr; padding: 1 2; display: none; }
        &.-empty #records-empty { display: block; }
        &.-empty RecordList { display: none; }
    }
    """

    def __init__(
        self, shelf: Shelf, *, category: Category | None = None, year: str | None = None, words: str = ""
    ) -> None:
        """Begin with one category, one year (`2019`; empty for what has no date), or some words."""
        super().__init__()
        self._shelf = shelf
        self._category = category
        self._year = year
        self._order = Order.NEWEST
        self._counts: dict[Category, int] = {}
        self._words = words
        self._noted = False

    def compose(self) -> ComposeResult:
        """Search field, what is shown, the list, or what to do where it is empty."""
        yield Input(safe_line(self._words), placeholder="Search your records", id="records-search")
        yield Static(drawn("Reading your records ..."), id="records-told")
        yield Static(id="records-empty")
        yield RecordList(self._shelf.listing, id="records-list")
        yield KeyLine()

    def on_screen_resume(self) -> None:
        """Look again: records may have come in or gone."""
        self._look_up(pause=0, keep=True)

    @on(Input.Changed)
    def _typed(self) -> None:
        self._look_up(pause=PAUSE)

    @on(Input.Submitted)
    def action_to_list(self) -> None:
        """From the search to the list."""
        self._list.focus()

    @on(RecordList.Opened)
    def _open(self, event: RecordList.Opened) -> None:
        self.app.push_screen(RecordScreen(self._shelf, event.record_id))

    @on(RecordList.Failed)
    def _not_read(self, event: RecordList.Failed) -> None:
        self._say(event.error.title, event.error.text, event.error.next_step)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that the search field takes for itself aren't offered while one types."""
        return not (action in _IN_LIST and self.query_one(Input).has_focus)

    def action_search(self) -> None:
        """To the search field."""
        self.query_one(Input).focus()

    def action_back(self) -> None:
        """Out of the search, else off the screen."""
        if self.query_one(Input).has_focus:
            self._list.focus()
        else:
            self.dismiss()

    def action_sort(self) -> None:
        """The next order."""
        orders = list(Order)
        self._order = orders[(orders.index(self._order) + 1) % len(orders)]
        self._look_up(pause=0)

    def action_clear(self) -> None:
        """Everything again."""
        self._category = self._year = None
        with self.prevent(Input.Changed):
            self.query_one(Input).value = ""
        self._look_up(pause=0)

    def action_category(self) -> None:
        """Choose a category."""
        self.app.push_screen(CategoryScreen(self._counts, self._category), self._take_category)

    def action_timeline(self) -> None:
        """Choose a year."""
        self.app.push_screen(TimelineScreen(self._shelf), self._take_year)

    def _take_category(self, chosen: str | None) -> None:
        if chosen is not None:
            self._category = Category(chosen) if chosen else None
            self._look_up(pause=0)

    def _take_year(self, chosen: str | None) -> None:
        if chosen is not None:
            self._year = chosen
            self._look_up(pause=0)

    @property
    def _list(self) -> RecordList:
        return self.query_one(RecordList)

    @work(exclusive=True, group="look-up", exit_on_error=False)
    async def _look_up(self, pause: float, *, keep: bool = False) -> None:
        await asyncio.sleep(pause)
        words = fold(self.query_one(Input).value)
        categories = None if self._category is None else (self._category,)
        query = RecordQuery(categories=categories, words=words, prefix=True)
        try:
            found = await asyncio.to_thread(self._shelf.listing.find, query, self._order, self._year)
            self._show(found, keep=keep)
            await self._note(len(found.ids))
        except ChartsideError as error:
            self._say(error.title, error.text, error.next_step)

    async def _note(self, shown: int) -> None:
        """Once for a visit, not for every key."""
        if not self._noted:
            self._noted = True
            await asyncio.to_thread(self._shelf.looked_at, "records looked at", shown)

    def _show(self, found: Found, *, keep: bool) -> None:
        self._counts = found.counts
        self._list.show(found.ids, keep=keep)
        self.query_one("#records-told", Static).update(drawn_line(self._told(found)))
        self.set_class(not found.ids, "-empty")
        if not found.ids:
            self._say(*_nothing(found, narrowed=self._narrowed))

    def _say(self, title: str, *sentences: str) -> None:
        text = joined(drawn_line(title, "bold"), *(drawn(f"\n{sentence}") for sentence in sentences))
        self.query_one("#records-empty", Static).update(text)
        self.add_class("-empty")

    @property
    def _narrowed(self) -> bool:
        return self._category is not None or self._year is not None or bool(self.query_one(Input).value)

    def _told(self, found: Found) -> str:
        count = f"{len(found.ids):,} of {found.total:,}" if self._narrowed else f"{found.total:,}"
        told = [f"{count} record{'' if found.total == 1 else 's'}"]
        if self._category is not None:
            told.append(CATEGORY_NAMES[self._category])
        if self._year is not None:
            told.append(year_name(self._year))
        return " · ".join([*told, self._order.value])


def _nothing(found: Found, *, narrowed: bool) -> Sequence[str]:
    if not found.total:
        return "There are no records here yet", "Open a file with your records, or try the sample patient."
    if narrowed:
        return "No record matches", "Change the words with /, or press 0 to show all records."
    return ("No record is here",)
