"""The numbers and dates that stand in a text, each with its place, unit and precision."""

import re
from collections.abc import Iterator
from decimal import Decimal

import msgspec

from assistant.records.model import Quantity
from assistant.records.units import unit_key

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<{}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
_MONTH += r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_DATE = re.compile(
    r"(?<![\w.])(?:"
    r"(?P<iy>(?:19|20)\d\d)-(?P<im>0[1-9]|1[0-2])(?:-(?P<id>[0-2]\d|3[01]))?(?:T[\d:.]+(?:Z|[+-][\d:]+)?)?"
    r"|(?P<sm>\d{1,2})/(?P<sd>\d{1,2})/(?P<sy>(?:19|20)\d\d)"
    rf"|(?P<dd>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH.format('dm')}(?:,? (?P<dy>(?:19|20)\d\d))?"
    rf"|{_MONTH.format('mm')} (?:(?P<md>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,? (?P<my>(?:19|20)\d\d))?"
    r"|(?P<ly>(?:19|20)\d\d))"
    r"|(?P<y>(?:19|20)\d\d)(?!\.?\d| ?(?:mg|mcg|ug|µg|g|kg|ml|iu|units?|steps|kcal|cal|h|min|%)\b|/)"
    r")(?![\w/])",
    re.IGNORECASE,
)
_REF = re.compile(r"\[\d{1,4}\](?:\(\))?")
_SINGLE = (
    "mg|mcg|µg|μg|ug|ng|pg|g|kg|lbs?|pounds?|cm|mm|ft|feet|inches|inch|ml|fl|iu|units?|meq|mmol|percent|bpm"
    "|hours?|hrs?|h|minutes?|mins?|min|seconds?|sec|days?|weeks?|months?|years?|yrs?|steps|km|miles?|kcal"
)
_UNIT = re.compile(
    r" ?(?:%|°\s?[CF]\b|mm ?\[?Hg\]?|(?:beats|breaths) per minute|milligrams per deciliter"
    r"|(?:x ?)?10\s?[*^]\s?\d+/\w+"
    r"|[A-Za-zµμ\[{][\w\[\]{}µμ²³*^.]*(?:/[\w\[\]{}.²³*^]*[\w\]}²³])+"
    rf"|(?:{_SINGLE})(?![\w-]))",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?<![\w.,])(?<![A-Za-z\])]-)(?P<sign>[<>≤≥]=?\s?|[-+−])?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:/(?P<second>\d+(?:\.\d+)?)(?![\d/]))?(?![\d])"
)
_LISTED = re.compile(r"(?m)^[ \t]*(?:#+ *)?\d{1,2}[.)](?= )")
_NOUN = re.compile(r" ?([a-z]{3,})")


class Number(msgspec.Struct, frozen=True):
    """A number as a text has it."""

    start: int
    end: int
    """After its unit, where it has one."""
    text: str
    """`96`, `118/72`, without the unit."""
    values: tuple[Decimal, ...]
    """One, or both of a pair; never negative."""
    unit: str
    """In one spelling (`assistant.records.units`); empty where none stands beside it."""
    noun: str = ""
    """The word after a number without unit: `visits`."""
    below: str = ""
    """`<` or `>` before it."""


class Day(msgspec.Struct, frozen=True):
    """A date as a text has it, as precise as it is there."""

    start: int
    end: int
    text: str
    year: int = 0
    """0 where it is not said."""
    month: int = 0
    day: int = 0

    def within(self, other: "Day") -> bool:
        """Whether it says no more than the other and nothing else: `Feb 2026` of `10 Feb 2026`."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(mine in (0, its) for mine, its in pairs)


def masked(text: str) -> str:
    """The text with its references and the numbers of its lists blanked out, every place kept."""
    for pattern in (_REF, _LISTED):
        text = pattern.sub(lambda found: " " * len(found[0]), text)
    return text


def days(text: str) -> Iterator[Day]:
    """The dates of a text; a date of figures alone (`3/4/2026`) is read as month and day, as in the US."""
    for found in _DATE.finditer(text):
        got = found.groupdict()
        month = got["dm"] or got["mm"]
        named = _MONTHS.index(month[:3].lower()) + 1 if month else int(got["im"] or got["sm"] or 0)
        year = got["iy"] or got["sy"] or got["dy"] or got["my"] or got["ly"] or got["y"] or 0
        day = got["id"] or got["sd"] or got["dd"] or got["md"] or 0
        yield Day(found.start(), found.end(), found[0], int(year), named, int(day))


def numbers(text: str, without: tuple[Day, ...]) -> Iterator[Number]:
    """The numbers of a text that are not part of a date."""
    taken = {place for day in without for place in range(day.start, day.end)}
    for found in _NUMBER.finditer(text):
        if taken.intersection(range(found.start(), found.end())):
            continue
        unit = _UNIT.match(text, found.end())
        after = unit.end() if unit else found.end()
        noun = None if unit else _NOUN.match(text, after)
        digits = [found["digits"].replace(",", ""), *([found["second"]] if found["second"] else [])]
        yield Number(
            start=found.start("digits"),
            end=after,
            text=text[found.start("digits") : found.end()],
            values=tuple(Decimal(part) for part in digits),
            unit=unit_key(Quantity("0", None, unit[0].strip())) if unit else "",
            noun=noun[1].removesuffix("s") if noun else "",
            below=(found["sign"] or "").strip()[:1].replace("≤", "<").replace("≥", ">").strip("-+−"),
        )
