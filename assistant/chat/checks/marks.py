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
    r"|(?:(?<=\bin )|(?<=\bof )|(?<=\bto )|(?<=\bby )|(?<=\bfor )|(?<=\band )|(?<=\bsince )|(?<=\buntil )"
    r"|(?<=\bfrom )|(?<=\bafter )|(?<=\bbefore )|(?<=\bduring )|(?<=\byear )|(?<=\bearly )|(?<=\blate )"
    r"|(?<=\()|(?<=; )|(?<=, )|(?<=\| )|(?<=: )|(?<=^))"
    r"(?P<y>(?:19|20)\d\d)(?!\.?\d| ?(?:mg|mcg|ug|µg|g|kg|ml|iu|units?|steps|kcal|cal|h|min|%)\b|/)"
    r")(?![\w/])",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"\[(F?\d{1,4}(?:(?:\s*[,;&]\s*|\s+and\s+|\s*[-–]\s*)F?\d{1,4})*)\]")
_SINGLE = (
    "mg|mcg|µg|μg|ug|ng|pg|g|kg|lbs?|pounds?|stone|cm|mm|ft|feet|inches|inch"
    "|in(?= *(?:[.,;)|\\[]|$|on\\b))|ml|fl|iu"
    "|units?|meq|mmol|percent|bpm|kpa|cmh2o|hours?|hrs?|h|minutes?|mins?|min|seconds?|sec|days?|weeks?|months?"
    "|years?|yrs?|km|miles?|kcal"
)
_UNIT = re.compile(
    r"(?: {0,5}| *\| *)(?:%|°\s?[CF]\b|mm ?\[?Hg\]?|(?:beats|breaths|times)(?: per |/| a )minute"
    r"|milligrams per deciliter|mL/min/1\.73 ?m\^?[2²]"
    r"|(?:steps|kcal|hours|minutes|h|min)(?: a | per |/)(?:day|d|night)"
    r"|(?:x ?)?10\s?[*^]\s?\d+/\w+"
    r"|[A-Za-zµμ\[{][\w\[\]{}µμ²³*^.]*(?:/[\w\[\]{}.²³*^]*[\w\]}²³])+"
    rf"|(?:{_SINGLE})(?![\w-]))",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?<![\w.,])(?<![A-Za-z\])]-)(?P<sign>[<>≤≥]=?\s?|[-+−])?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:(?:/| over )(?P<second>\d+(?:\.\d+)?)(?![\d/]))?(?![\d])"
)
_LISTED = re.compile(r"(?m)^[ \t]*(?:#+ *)?\d{1,2}[.)](?= )")
_BOLD = re.compile(r"(?<!\w)[*_`]+|[*_`]+(?!\w)")
_NOUN = re.compile(r" ?([a-z]{3,})")
_BREATHS = re.compile(r"breath", re.IGNORECASE)


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


def references(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Each reference with its place and what it names: `[1, 2]`, `[F3]`, `[4-6]`."""
    for found in _REFERENCE.finditer(text):
        yield found.start(), found.end(), tuple(_named(found[1]))


def _named(inside: str) -> Iterator[str]:
    parts = re.split(r"\s*(?:[,;&]|and|([-–]))\s*", inside)
    for at in range(0, len(parts), 2):
        if at and parts[at - 1] and parts[at].isdigit() and parts[at - 2].isdigit():
            yield from (
                str(n) for n in range(int(parts[at - 2]) + 1, min(int(parts[at]), int(parts[at - 2]) + 99))
            )
        yield parts[at]


def masked(text: str) -> str:
    """The text with its references, its bold marks and the numbers of its lists blanked out, every place
    kept."""
    for pattern in (_REFERENCE, _LISTED, _BOLD):
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
    """The numbers of a text that are part neither of a date nor of a unit."""
    taken = {place for day in without for place in range(day.start, day.end)}
    last = 0
    for found in _NUMBER.finditer(text):
        start = found.start("digits")
        if start < last or taken.intersection(range(found.start(), found.end())):
            continue
        unit = _UNIT.match(text, found.end())
        last = unit.end() if unit else found.end()
        noun = None if unit else _NOUN.match(text, last)
        digits = [found["digits"].replace(",", ""), *([found["second"]] if found["second"] else [])]
        yield Number(
            start=start,
            end=last,
            text=text[start : found.end()],
            values=tuple(Decimal(part) for part in digits),
            unit=unit_of(unit[0]) if unit else "",
            noun=noun[1].removesuffix("s") if noun else "",
            below=(found["sign"] or "").strip()[:1].replace("≤", "<").replace("≥", ">").strip("-+−"),
        )


def counts(number: Number) -> bool:
    """Whether it counts things rather than measures something."""
    return bool(number.noun) and not number.unit


def unit_of(text: str) -> str:
    """A unit in one spelling; breaths are not beats, though both are `/min` in UCUM."""
    plain = " ".join(text.strip(" |").split())
    if _BREATHS.search(plain):
        return "breaths/min"
    for words, unit in _A_DAY:
        if re.fullmatch(words, plain, re.IGNORECASE):
            return unit
    return unit_key(Quantity("0", None, plain))


_A_DAY = (
    (r"steps(?: a | per |/)(?:day|d)|steps|\{steps\}/d", "steps/d"),
    (r"kcal(?: a | per |/)(?:day|d)", "kcal/d"),
    (r"(?:hours|h)(?: a | per |/)(?:day|d|night)", "h"),
    (r"(?:minutes|min)(?: a | per |/)(?:day|d|night)", "min"),
)
