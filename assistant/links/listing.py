"""Which records a list shows, in which order, quickly enough for every key that is pressed.

What the indexes hold of all records is kept in memory until records come in or go; the vault is asked only
which of them have the words. An event that several sources tell of stands once, as `sharing.merge` tells it
over everything.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from threading import Lock

import msgspec

from assistant.links.glance import Row, gone, row_of
from assistant.links.series import Key, Point, Series, keys_of, main_key, series_from, trail
from assistant.records.model import Category, Record
from assistant.sharing.merge import Merged, merge
from assistant.vault.query import EVERYTHING, Place, RecordQuery
from assistant.vault.records import RecordStore
from assistant.vault.vault import Vault

UNDATED = ""
"""The year of what has no date."""
_AT_ONCE = 2000
"""Events merged at a time, so that not all records are in memory together."""
_CATEGORIES = tuple(Category)


class Order(StrEnum):
    """How a list is ordered; what has no date stands last where dates decide."""

    NEWEST = "newest first"
    OLDEST = "oldest first"
    TITLE = "by title"


class Found(msgspec.Struct, frozen=True):
    """What a list shows."""

    ids: tuple[str, ...]
    """Of the merged records, in order."""
    total: int
    """How many merged records there are in all."""
    counts: dict[Category, int]
    """How many would be shown of each category, were the categories not narrowed."""


class Year(msgspec.Struct, frozen=True):
    """How much is told of one year."""

    year: str
    """`2019`, or `UNDATED`."""
    counts: dict[Category, int]

    @property
    def total(self) -> int:
        """Records of all categories."""
        return sum(self.counts.values())


class _Line:
    """The points of a series, oldest first, and where each record's stands."""

    def __init__(self, points: tuple[Point, ...]) -> None:
        self.points = points
        self._at = {point.record: at for at, point in enumerate(points)}

    def trail(self, record: str) -> tuple[float, ...]:
        """The last values up to that of a record; empty where it has none in the series."""
        at = self._at.get(record)
        return () if at is None else trail(self.points, at)


class _Held:
    """What is kept in memory of one state of the vault."""

    def __init__(self, state: tuple[int, ...], places: list[Place], told_as: Mapping[str, str]) -> None:
        self.state = state
        self.told_as = told_as
        self.total = len(self.ids(places))
        self.lines: dict[str, _Line] = {}
        self._ordered = {Order.NEWEST: places}

    def ordered(self, order: Order) -> list[Place]:
        """All places in an order."""
        if order not in self._ordered:
            self._ordered[order] = sorted(self._ordered[Order.NEWEST], key=_KEYS[order])
        return self._ordered[order]

    def ids(self, places: Iterable[Place]) -> tuple[str, ...]:
        """The ids of the merged records that places belong to, each once, in order."""
        if not self.told_as:
            return tuple([place.id for place in places])
        return tuple(dict.fromkeys(map(self.shown, places)))

    def shown(self, place: Place) -> str:
        """The id of the merged record that a place belongs to."""
        return self.told_as.get(place.id, place.id)


class Listing:
    """Lists the records of one vault for the patient's own eyes. Threads may share it."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._lock = Lock()
        self._last: _Held | None = None

    def find(self, query: RecordQuery, order: Order = Order.NEWEST, year: str | None = None) -> Found:
        """The records that the query asks for, and with `year` only those that begin in it. The query's
        limit and offset don't count."""
        with self._vault.read() as session:
            store = RecordStore(session)
            held = self._held(store)
            places = _matching(store, query, held.ordered(order))
        if year is not None:
            places = [place for place in places if place.first_day[:4] == year]
        counts = _counts(held, places)
        if query.categories is not None:
            wanted = {_CATEGORIES.index(category) for category in query.categories}
            places = [place for place in places if place.category in wanted]
        return Found(held.ids(places), held.total, counts)

    def prepare(self) -> None:
        """Read what every look-up needs, so that the first one need not."""
        with self._vault.read() as session:
            self._held(RecordStore(session))

    def years(self) -> tuple[Year, ...]:
        """Every year that something is told of, newest first, what has no date last."""
        with self._vault.read() as session:
            held = self._held(RecordStore(session))
        each: dict[str, list[Place]] = {}
        for place in held.ordered(Order.NEWEST):
            each.setdefault(place.first_day[:4], []).append(place)
        return tuple(Year(year, _counts(held, each[year])) for year in sorted(each, reverse=True))

    def page(self, ids: Sequence[str]) -> list[Merged]:
        """Merged records by their ids, in this order; one that is no longer there is left out."""
        with self._vault.read() as session:
            store = RecordStore(session)
            rows = store.find(EVERYTHING, RecordQuery(ids=tuple(ids)))
            if not store.one_source():
                events = tuple({row.record.event for row in rows if row.record.event})
                alone = [row for row in rows if not row.record.event]
                rows = alone + store.find(EVERYTHING, RecordQuery(events=events))
        found = {merged.record.id: merged for merged in merge(rows)}
        return [found[name] for name in ids if name in found]

    def rows(self, ids: Sequence[str]) -> list[Row]:
        """One line for each id, in this order."""
        found = {merged.record.id: row_of(merged.record) for merged in self.page(ids)}
        return [found[name] if name in found else gone(name) for name in ids]

    def series_of(self, record: Record) -> tuple[Series, ...]:
        """Everything that may stand in one series with a record's value, or with each of its parts'."""
        keys = keys_of(record)
        with self._vault.read() as session:
            lines = self._lines(RecordStore(session), keys)
        found = [series_from(key, lines[key.text].points) for key in keys]
        return tuple(series for series in found if series is not None)

    def trails(self, ids: Sequence[str]) -> dict[str, tuple[float, ...]]:
        """For each measured record the last values of its series up to its own, oldest first."""
        keys = {merged.record.id: main_key(merged.record) for merged in self.page(ids)}
        with self._vault.read() as session:
            lines = self._lines(RecordStore(session), [key for key in keys.values() if key is not None])
        found = {name: lines[key.text].trail(name) for name, key in keys.items() if key is not None}
        return {name: values for name, values in found.items() if len(values) > 1}

    def _lines(self, store: RecordStore, keys: Iterable[Key]) -> Mapping[str, _Line]:
        """The lines of all keys, by the key's text; what was read once isn't read again."""
        lines = self._held(store).lines
        for key in keys:
            if key.text not in lines:
                told = merge(store.find(EVERYTHING, key.query))
                lines[key.text] = _Line(key.points(merged.record for merged in told))
        return lines

    def _held(self, store: RecordStore) -> _Held:
        with self._lock:
            state = store.state()
            if self._last is None or self._last.state != state:
                told_as = {} if store.one_source() else _told_as(store)
                self._last = _Held(state, store.places(EVERYTHING), told_as)
            return self._last


_KEYS = {
    Order.OLDEST: lambda place: (not place.sort, place.sort),
    Order.TITLE: lambda place: place.title.casefold(),
}


def _matching(store: RecordStore, query: RecordQuery, places: list[Place]) -> list[Place]:
    """The places that a query asks for, whatever its categories."""
    wide = msgspec.structs.replace(query, categories=None, limit=None, offset=0)
    if wide == RecordQuery(prefix=wide.prefix):
        return places
    numbers = store.numbers(EVERYTHING, wide)
    return [place for place in places if place.n in numbers]


def _counts(held: _Held, places: Iterable[Place]) -> dict[Category, int]:
    """How many merged records of each category there are among places, in the order on screen."""
    if held.told_as:
        each = Counter(category for _, category in {(held.shown(p), p.category) for p in places})
    else:
        each = Counter([place.category for place in places])
    return {_CATEGORIES[position]: each[position] for position in sorted(each)}


def _told_as(store: RecordStore) -> dict[str, str]:
    """The merged record's id for each record that isn't told under its own."""
    events = tuple(store.told_twice())
    told: dict[str, str] = {}
    for start in range(0, len(events), _AT_ONCE):
        rows = store.find(EVERYTHING, RecordQuery(events=events[start : start + _AT_ONCE]))
        for merged in merge(rows):
            told.update((row.record.id, merged.record.id) for row in merged.told_by[1:])
    return told
