"""Values that belong together, as numbers to draw: one measured thing in one unit, over time.

Numbers are for drawing only; what is said of a point is the source's digits as shown.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import islice

import msgspec

from assistant.links.glance import Mark, mark_of
from assistant.records.dates import first_day, shown_when, sort_key
from assistant.records.event import part_series_key
from assistant.records.model import Coding, Part, Quantity, Record, ReferenceRange, Trust, Value
from assistant.records.show import shown_interpretation, shown_quantity, shown_range, status_words
from assistant.records.units import same_unit
from assistant.records.words import fold
from assistant.vault.query import RecordQuery

TRAIL = 12
"""How many values a trail has at most."""


class Point(msgspec.Struct, frozen=True, gc=False):
    """One value of a series. Records that are not facts about the patient give none, but for those that
    are not confirmed yet, which say so."""

    record: str
    moment: str
    """UTC time that it is ordered by."""
    day: str
    """The first ISO day that its date can mean."""
    when: str
    """The date as shown."""
    number: float
    shown: str
    """The value with comparator and unit."""
    unit: str = ""
    bound: str = ""
    """The comparator, where the value is only a bound."""
    mark: Mark = Mark.NONE
    flags: str = ""
    """The source's flags in words."""
    state: str = ""
    """What must stand beside it; empty for plain fact."""
    low: float | None = None
    high: float | None = None
    """The ends of the source's own range for this value, in its unit."""
    range: str = ""
    """The range in words."""


class Series(msgspec.Struct, frozen=True):
    """All values of one thing in one unit, oldest first."""

    title: str
    unit: str
    """As the source of the newest value shows it; empty without one."""
    points: tuple[Point, ...]


class Key(msgspec.Struct, frozen=True):
    """What the values of a series have in common."""

    text: str
    title: str
    codes: tuple[Coding, ...]

    @property
    def query(self) -> RecordQuery:
        """Finds every record that may have a value in it, and some that don't."""
        if self.codes:
            return RecordQuery(codes=tuple((coding.system, coding.code) for coding in self.codes))
        return RecordQuery(words=fold(self.title))

    def points(self, records: Iterable[Record]) -> tuple[Point, ...]:
        """The values that belong in it, oldest first."""
        found = [point for record in records if (point := self._point(record)) is not None]
        return tuple(sorted(found, key=lambda point: point.moment))

    def _point(self, record: Record) -> Point | None:
        if record.trust not in (Trust.FACT, Trust.UNCONFIRMED) or not first_day(record.when):
            return None
        if record.series == self.text:
            return _point(record, record.value, record.interpretation, record.ranges)
        for part in record.parts:
            if part_series_key(part) == self.text:
                return _point(record, part.value, part.interpretation, part.ranges)
        return None


def keys_of(record: Record) -> tuple[Key, ...]:
    """The series of the record's value, or of each part that has a number."""
    if record.series:
        return (Key(record.series, record.title, record.codes),)
    found = [_part_key(part) for part in record.parts]
    return tuple(dict.fromkeys(key for key in found if key.text))


def main_key(record: Record) -> Key | None:
    """The one series that stands for a record: that of its value, or of its first measured part."""
    return next(iter(keys_of(record)), None)


def series_from(key: Key, points: tuple[Point, ...]) -> Series | None:
    """A series to draw; None without a point."""
    if not points:
        return None
    return Series(key.title, points[-1].unit, points)


def trail(points: Sequence[Point], at: int) -> tuple[float, ...]:
    """The last values up to the one at a position, oldest first: exact numbers that are facts. Empty where
    that one isn't."""
    if not _solid(points[at]):
        return ()
    before = islice((point.number for point in reversed(points[: at + 1]) if _solid(point)), TRAIL)
    return tuple(before)[::-1]


def _solid(point: Point) -> bool:
    return not point.bound and not point.state


def _part_key(part: Part) -> Key:
    return Key(part_series_key(part), part.title, part.codes)


def _point(
    record: Record, value: Value | None, flags: tuple[str, ...], ranges: tuple[ReferenceRange, ...]
) -> Point | None:
    quantity = value.quantity if value is not None else None
    number = _number(quantity)
    if quantity is None or number is None:
        return None
    low, high = _band(quantity, ranges)
    return Point(
        record=record.id,
        moment=sort_key(record.when),
        day=first_day(record.when),
        when=shown_when(record.when),
        number=number,
        shown=shown_quantity(quantity),
        unit=quantity.unit or quantity.code or "",
        bound=quantity.comparator or "",
        mark=mark_of(flags),
        flags=shown_interpretation(flags),
        state=status_words(record) or "",
        low=low,
        high=high,
        range=", or ".join(shown_range(given) for given in ranges),
    )


def _number(quantity: Quantity | None) -> float | None:
    try:
        number = float(quantity.value) if quantity is not None else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _band(quantity: Quantity, ranges: tuple[ReferenceRange, ...]) -> tuple[float | None, float | None]:
    """The ends of the one range that is for this value, where it is in the value's own unit."""
    if len(ranges) != 1:
        return None, None
    ends = [_number(end) if _comparable(end, quantity) else None for end in (ranges[0].low, ranges[0].high)]
    return ends[0], ends[1]


def _comparable(end: Quantity | None, quantity: Quantity) -> bool:
    return end is not None and (same_unit(end, quantity) or not (end.unit or end.code))
