"""What a question wants to know about its subject, from its words alone. The phrases stand in
`lexicon_data/intents.json`."""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec

from assistant.grounding.pattern import Sought
from assistant.grounding.phrases import compiled
from assistant.grounding.time_readers import number_of


class Intent(StrEnum):
    """The kinds of question that code can answer."""

    LATEST = "latest"
    EARLIEST = "earliest"
    PREVIOUS = "previous"
    CHANGE = "change"
    COUNT = "count"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    AVERAGE = "average"
    CURRENT = "current"
    EVER = "ever"
    LIST = "list"
    AT_TIME = "at_time"
    EXPLAIN = "explain"
    """What a value means or whether it is fine: the value with the source's own range, no judgement."""
    DETAIL = "detail"
    """Dose, reason, prescriber, reaction: something said beside a record's title."""
    SUMMARY = "summary"


class Detail(StrEnum):
    """What a DETAIL question is after."""

    DOSE = "dose"
    WHO = "who"
    WHY = "why"
    WHERE = "where"
    REACTION = "reaction"
    MAKER = "maker"
    STOPPED = "stopped"
    """Why it ended."""


class Threshold(msgspec.Struct, frozen=True):
    """Only values on one side of a number: `above 7`."""

    above: bool
    inclusive: bool
    digits: str

    @property
    def words(self) -> str:
        """`above 7`, `at most 130`."""
        words = (
            ("at least" if self.above else "at most")
            if self.inclusive
            else "above"
            if self.above
            else "below"
        )
        return f"{words} {self.digits}"


class Wants(msgspec.Struct, frozen=True):
    """What the words ask for; `intent` is None where they leave it to the subject."""

    intent: Intent | None = None
    date: bool = False
    """The answer asked for is a date: `when was my last ...`."""
    elapsed: bool = False
    """The answer asked for is a stretch of time: `how long ago`."""
    ends: bool = False
    """When it stopped rather than began."""
    since_last: bool = False
    """A change since the value before the latest."""
    most: int | None = None
    """Only the newest so many: `my last 3 results`."""
    threshold: Threshold | None = None
    detail: Detail | None = None
    once: bool = False
    """`ever` stands in it, or `have I had`."""
    versus: bool = False
    """The time it names is what now is compared with: `higher than in 2018`."""
    instances: bool = False
    """A count of records is meant (`how many LDL tests`), not a number measured (`how many platelets`)."""
    present: bool = False
    """It asks for now: `do I have`, `am I`, `any`."""
    last: bool = False
    """`last` or `latest` stands in it."""
    flagged: bool = False
    """Only results that their source flags as abnormal."""
    pattern: Sought | None = None
    """A pattern over time is asked for."""
    why: bool = False
    """A reason is asked for; what for, of a thing that was done or is taken."""
    extreme: str = ""
    """`worst` or `best` of its values; which end that is depends on what is measured."""
    value: bool = False
    """It opens with `what` or `how`: a value is asked for, not a yes or no."""


class _Phrases(msgspec.Struct, forbid_unknown_fields=True):
    date: list[str]
    elapsed: list[str]
    ends: list[str]
    versus: list[str]
    instances: list[str]
    present: list[str]
    since_last: list[str]
    most: list[str]
    why: list[str]
    worst: list[str]
    best: list[str]
    flagged: list[str]
    detail: dict[Detail, list[str]]
    summary: list[str]
    explain: list[str]
    previous: list[str]
    change: list[str]
    maximum: list[str]
    minimum: list[str]
    average: list[str]
    count: list[str]
    ever: list[str]
    current: list[str]
    earliest: list[str]
    latest: list[str]
    list: list[str]


_ORDER = (
    Intent.COUNT,
    Intent.MAXIMUM,
    Intent.MINIMUM,
    Intent.AVERAGE,
    Intent.SUMMARY,
    Intent.EXPLAIN,
    Intent.PREVIOUS,
    Intent.CHANGE,
    Intent.CURRENT,
    Intent.LATEST,
    Intent.EARLIEST,
    Intent.EVER,
    Intent.LIST,
)
"""The first whose phrases occur wins."""

_VALUE = re.compile(
    r"(?:(?:and|so|ok|hi|hello|but|well|please|tell me|show me|give me|can you tell me) )*"
    r"(?:what|whats|how|which|the)\b"
)
_EVER_SO = re.compile(r"\bever (?:(?:been|too|very|gone|got|gotten|so) )*(?:high|low)\b")
_COMPARES = re.compile(r"\b(?:chang|differ|compar)\w*")
_NUMBER = r"(\d+(?:\.\d+)?)"
_SIDES: tuple[tuple[str, bool, bool], ...] = (
    (rf"\bat least {_NUMBER}|\b{_NUMBER} or (?:more|higher|above|over|greater)\b", True, True),
    (rf"\bat most {_NUMBER}|\b{_NUMBER} or (?:less|lower|below|under)\b", False, True),
    (
        rf"\b(?:above|over|greater than|higher than|more than|exceed(?:ed|s|ing)?|past) {_NUMBER}(?! years)",
        True,
        False,
    ),
    (rf"\b(?:below|under|less than|lower than|fewer than|smaller than) {_NUMBER}(?! years)", False, False),
)


class _Reader(msgspec.Struct, frozen=True):
    patterns: Mapping[str, re.Pattern[str]]
    details: tuple[tuple[Detail, re.Pattern[str]], ...]


@cache
def _reader() -> _Reader:
    folder = files("assistant.grounding").joinpath("lexicon_data")
    phrases = msgspec.json.decode(folder.joinpath("intents.json").read_bytes(), type=_Phrases)
    named = {name: getattr(phrases, name) for name in phrases.__struct_fields__ if name != "detail"}
    return _Reader(
        {name: compiled(listed) for name, listed in named.items()},
        tuple((detail, compiled(listed)) for detail, listed in phrases.detail.items()),
    )


def wants(words: str, plain: str) -> Wants:
    """Read a question: `words` are its folded words with spaces between, `plain` keeps its decimal points."""
    reader = _reader()

    def says(name: str) -> bool:
        return reader.patterns[name].search(words) is not None

    threshold = _threshold(plain)
    detail = next((detail for detail, pattern in reader.details if pattern.search(words)), None)
    most = reader.patterns["most"].search(words)
    intent = Intent.DETAIL if detail else next((intent for intent in _ORDER if says(intent.value)), None)
    both = intent is Intent.PREVIOUS and (says("latest") or says("current"))
    since_last = says("since_last") or (both and _COMPARES.search(words) is not None)
    intent = Intent.CHANGE if since_last else intent
    if intent in (None, Intent.CHANGE, Intent.LATEST, Intent.EVER, Intent.CURRENT) and threshold is not None:
        intent = Intent.LIST
    if (intent is Intent.EXPLAIN and re.search(r"\bever\b", words)) or _EVER_SO.search(words):
        side = re.search(r"\b(high|low)\b", words)
        intent = {"high": Intent.MAXIMUM, "low": Intent.MINIMUM}[side[1]] if side else intent
    if most is not None and intent in (None, Intent.LATEST, Intent.PREVIOUS):
        intent = Intent.LIST
    return Wants(
        intent=intent,
        date=says("date"),
        elapsed=says("elapsed"),
        ends=says("ends"),
        since_last=since_last,
        most=number_of(most["n"]) if most else None,
        threshold=threshold,
        detail=detail,
        once=says("ever"),
        versus=says("versus"),
        instances=says("instances"),
        present=says("present"),
        last=says("latest"),
        flagged=says("flagged"),
        why=says("why"),
        extreme=next((end for end in ("worst", "best") if says(end)), ""),
        value=_VALUE.match(words) is not None,
    )


def _threshold(plain: str) -> Threshold | None:
    for pattern, above, inclusive in _SIDES:
        match = re.search(pattern, plain)
        if match:
            return Threshold(above, inclusive, next(group for group in match.groups() if group))
    return None
