"""The questions file, and the cases it makes over a set of charts."""

import hashlib
import string
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, get_args

import msgspec

from assistant.records.model import Category
from tests.answers.chart import Chart
from tests.answers.expected import Expected
from tests.answers.things import Thing
from tests.answers.truth import Truth, found

FROZEN = Path(__file__).with_name("questions.json")
Kind = Literal[
    "latest", "at_time", "change", "ever", "still", "why", "who", "when", "count", "compare",
    "abnormal", "follow_up", "none", "not_shared",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
_FIFTH = 5
_MEASURED = frozenset((Category.LABS, Category.VITALS))


class Family(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Wordings of one question, asked of several patients: each gets the next wording."""

    id: str
    kind: Kind
    truth: Truth
    ask: tuple[str | tuple[str, str], ...]
    """The question, or what was asked before and the question that follows it up."""
    patients: tuple[str, ...] = ()
    """How their files' names begin; all where empty."""
    off: tuple[Category, ...] = ()
    """Categories that are not shared."""
    most: int = 3
    """Cases made of it at most."""


class Questions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A questions file."""

    families: tuple[Family, ...]
    things: dict[str, Thing] = {}


class Case(msgspec.Struct, frozen=True):
    """One question about one patient, with its answer; of a `not_shared` question, that there is none."""

    id: str
    patient: str
    kind: Kind
    question: str
    previous: str | None
    off: tuple[Category, ...]
    expected: Expected


def read(path: Path = FROZEN) -> Questions:
    """A questions file; one of a tester's own may use the things of the frozen one.

    Raises:
        msgspec.DecodeError: it isn't JSON; msgspec.ValidationError: something in it means nothing.
    """
    asked = msgspec.json.decode(path.read_bytes(), type=Questions)
    if path != FROZEN:
        asked = Questions(asked.families, read().things | asked.things)
    for family in asked.families:
        named = {family.truth.of, *family.truth.both} - {""}
        if unknown := named - asked.things.keys():
            raise msgspec.ValidationError(f"`{family.id}` names no thing: {', '.join(sorted(unknown))}")
    return asked


def kept_aside(case_id: str) -> bool:
    """Whether a case belongs to the fifth that nothing is tuned on."""
    return int(hashlib.sha256(case_id.encode()).hexdigest(), 16) % _FIFTH == 0


def cases(questions: Questions, charts: Sequence[Chart]) -> Iterator[Case]:
    """All cases that have one clear answer."""
    for family in questions.families:
        made = 0
        for chart in _asked(family, charts):
            case = _case(family, questions, chart, family.ask[made % len(family.ask)])
            if case is not None:
                yield case
                made += 1
            if made == family.most:
                break


def _asked(family: Family, charts: Sequence[Chart]) -> list[Chart]:
    """The charts in the order asked: another first one for each family, so that all get their share."""
    if family.patients:
        return [chart for name in family.patients for chart in charts if chart.name.startswith(name)]
    return sorted(charts, key=lambda chart: hashlib.sha256(f"{family.id} {chart.name}".encode()).digest())


def _case(family: Family, questions: Questions, chart: Chart, wording: str | tuple[str, str]) -> Case | None:
    rid = f"{family.id}.{chart.name}"
    told = found(family.truth, questions.things, chart, rid)
    hidden = family.kind == "not_shared"
    if told is None or (hidden and _MEASURED & set(family.off) and _has_goals(chart)):
        return None
    previous, question = (None, wording) if isinstance(wording, str) else wording
    return Case(
        id=rid,
        patient=chart.path.name,
        kind=family.kind,
        question=string.Formatter().vformat(question, (), told.blanks),
        previous=previous,
        off=family.off,
        expected=Expected() if hidden else told.expected,
    )


def _has_goals(chart: Chart) -> bool:
    """Whether goals name measured things too, so that hiding the values wouldn't hide the subject."""
    return any(resource["resourceType"] == "Goal" for resource in chart.held)
