"""How one answer is judged against what is true, and the figures over many."""

import re
import statistics
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from assistant.records.facts import Fact, FactKind
from tests.answers.expected import Expected, Told

_DENIES = re.compile(
    r"(?i)\bnot marked as (?:current|active)|\b(?:stopped|inactive|resolved|ended|completed|no longer)\b"
)
_CANNOT = re.compile(r"(?i)\b(?:don't|do not|doesn't|does not) say\b")
_NONE_OF = re.compile(r"(?i)\b(?:no|none|nothing|not one)\b")


class Outcome(StrEnum):
    """What became of a question."""

    RIGHT = "right"
    WRONG = "wrong"
    """It tells something else, or something where there is nothing."""
    SILENT = "silent"
    """It says that it can't, or that there is nothing, though there is."""
    UNSAID = "unsaid"
    """It rightly gives nothing, but not that a category is off."""


@dataclass(frozen=True)
class Score:
    """One question, judged."""

    kind: str
    answerable: bool
    single: bool
    """One record bears the answer, and it isn't worked out over many."""
    recall: float
    precision: float
    outcome: Outcome | None
    """None where nobody answered: for the baselines."""
    tokens: int

    @property
    def claims(self) -> bool:
        """Whether it says that it can answer."""
        return self.outcome in (Outcome.RIGHT, Outcome.WRONG)


def recall(true: Collection[str], given: Collection[str]) -> float:
    """1 if all true records were given, else 0; where none is true, 1 if none was given."""
    return float(set(true) <= set(given)) if true else float(not given)


def precision(true: Collection[str], given: Collection[str]) -> float:
    """The share of the given records that are true; where none is true, as recall."""
    if not true:
        return float(not given)
    return len(set(true) & set(given)) / len(set(given)) if given else 0.0


def outcome(
    expected: Expected, facts: Sequence[Fact], *, must_say: bool = False, said: bool = True
) -> Outcome:
    """Judge the first fact, or as many of the first as the answer has parts.

    Facts cite ids of resources here. Where nothing is to be told, `must_say` asks that it was also said
    that a category is off, which `said` tells.
    """
    if not expected.answerable:
        if not _tells_none(facts[0], flags=expected.aggregate):
            return Outcome.WRONG
        return Outcome.RIGHT if said or not must_say else Outcome.UNSAID
    if any(_told(way, facts) for way in expected.ways):
        return Outcome.RIGHT
    if facts[0].kind is FactKind.NONE or _CANNOT.search(facts[0].text):
        return Outcome.SILENT
    return Outcome.WRONG


def _tells_none(fact: Fact, *, flags: bool) -> bool:
    """Whether it says that there is nothing; of results, that none is flagged."""
    none = fact.kind is FactKind.NONE or (fact.value == "0" and not fact.records)
    return none or (flags and _NONE_OF.search(fact.text.partition("\n")[0]) is not None)


def _told(way: Sequence[Told], facts: Sequence[Fact]) -> bool:
    """One value must be the first fact's own; several may stand in the words of one fact."""
    first = facts[: len(way)]
    if len(way) == 1:
        return says(way[0], facts[0])
    return all(any(says(told, fact) or shows(told, fact.text) for fact in first) for told in way)


def shows(told: Told, text: str) -> bool:
    """Whether a value stands in a text with its unit, rounded or not."""
    if told.value is None or not told.unit:
        return False
    try:
        exact = Decimal(told.value)
    except InvalidOperation:
        return False
    found = re.findall(rf"(?<![\d.])(\d+(?:\.\d+)?) ?{re.escape(told.unit)}(?!\w)", text)
    return any(_rounds_to(exact, shown) for shown in found)


def _rounds_to(exact: Decimal, shown: str) -> bool:
    places = Decimal(1).scaleb(-len(shown.partition(".")[2]))
    return abs(exact - Decimal(shown)) * 2 <= places


def says(told: Told, fact: Fact) -> bool:
    """Whether a fact says what it must."""
    cited = set(fact.records)
    return (
        (told.value is None or same(told.value, fact.value))
        and (told.value is None or told.unit == fact.unit)
        and (told.date is None or (fact.date or "")[:10] == told.date)
        and (told.text is None or _plain(told.text) in _plain(fact.text))
        and (told.holds is None or told.holds is (_DENIES.search(fact.text) is None))
        and (cited == told.cites if told.only else told.cites <= cited)
    )


def same(one: str, other: str | None) -> bool:
    """Whether two values are the same number, or the same words."""
    if other is None:
        return False
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def figures(scores: Sequence[Score]) -> dict[str, float | int | None]:
    """What is told of a set of questions; None where no question bears on a figure."""
    answerable = [s for s in scores if s.answerable]
    claimed = [s for s in answerable if s.claims]
    rest = [s for s in scores if not s.answerable]
    answered = any(s.outcome for s in scores)
    return {
        "questions": len(scores),
        "recall": _mean(s.recall for s in scores),
        "precision": _mean(s.precision for s in scores),
        "precision, single facts": _mean(s.precision for s in scores if s.single),
        "tokens, mean": round(statistics.mean(s.tokens for s in scores)) if scores else None,
    } | (
        {
            "claims, of the answerable": _share(answerable, lambda s: s.claims),
            "right, of what it claims": _share(claimed, lambda s: s.outcome is Outcome.RIGHT),
            "says there is nothing, of the rest": _share(rest, lambda s: s.outcome is Outcome.RIGHT),
        }
        if answered
        else {}
    )


def _mean(values: Iterable[float]) -> float | None:
    held = list(values)
    return round(statistics.mean(held), 3) if held else None


def _share(scores: Sequence[Score], holds: Callable[[Score], bool]) -> float | None:
    return _mean(float(holds(score)) for score in scores)
