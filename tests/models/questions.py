"""Twenty questions for a small model: latest values and changes, with what is true from the raw records.

Ten are of the sample patient, read off its story; ten of Synthea charts, worked out from the raw JSON.
"""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from assistant.chat.events import Answer
from tests.oracle.oracle import MEASURED, TODAY
from tests.oracle.raw import quantities, resources
from tests.oracle.test_end_to_end import near

CHARTS = (1, 2, 7, 8, 10)
"""Which of the Synthea bundles, by name: smaller ones, of different people."""

_DATE = re.compile(r"\b(?:\d{1,2} [A-Z][a-z]+,? \d{4}|[A-Z][a-z]+ \d{1,2}, \d{4}|\d{4}-\d\d-\d\d)\b")
_CITED = re.compile(r"\[F?\d+\]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_UP = re.compile(r"\b(?:up|increased?|risen|rose|higher|gone up|gained)\b", re.I)
_DOWN = re.compile(r"\b(?:down|decreased?|fallen|fell|lower(?:ed)?|dropped|lost)\b", re.I)


class Expected(msgspec.Struct, frozen=True):
    """A question and what its answer must say: a number; or, of a change, the difference or both ends."""

    question: str
    value: str
    """As measured, or the difference with its sign."""
    ends: tuple[str, str] | None = None

    def right(self, answer: Answer) -> bool:
        """Whether the answer says it. Dates don't count as values."""
        plain = _CITED.sub(" ", _DATE.sub(" ", answer.text))
        told = _NUMBER.findall(plain)
        said = all(any(_same(number, part) for number in told) for part in self.value.strip("-").split("/"))
        if self.ends is None:
            return said
        both = all(any(_same(number, end) for number in told) for end in self.ends)
        wrong, fitting = (_UP, _DOWN) if self.value.startswith("-") else (_DOWN, _UP)
        contrary = wrong.search(plain) is not None and fitting.search(plain) is None
        return (said or both) and not contrary


def _same(told: str, exact: str) -> bool:
    """The same number, or the same one rounded to the places it shows; 76 stands for 76.0, not for 75.53."""
    small = "." not in told and "." in exact and float(exact) < 100
    return near(f"{told}.0" if small else told, exact)


SAMPLE = (
    Expected("What was my last LDL?", "96"),
    Expected("What was my last hemoglobin A1c?", "6.0"),
    Expected("What is my latest creatinine?", "0.84"),
    Expected("What is my latest potassium?", "4.4"),
    Expected("What was my last TSH?", "2.40"),
    Expected("How much do I weigh?", "70.4"),
    Expected("What's my blood pressure?", "118/72"),
    Expected("How has my LDL changed since 2019?", "-52", ("148", "96")),
    Expected("How has my A1c changed since 2020?", "-0.7", ("6.7", "6.0")),
    Expected("How has my weight changed since 2019?", "-7.5", ("77.9", "70.4")),
)


def charts(material: Path) -> Iterator[tuple[Path, tuple[Expected, ...]]]:
    """Charts, each with a latest value and a change to ask for."""
    paths = sorted((material / "fhir-r4").glob("*.json"))
    for n in CHARTS:
        yield paths[n], _of(paths[n], n)


def clock() -> dt.datetime:
    """The day on which the charts are asked about: after everything in them."""
    return dt.datetime.fromisoformat(TODAY).replace(hour=12, tzinfo=dt.UTC)


def _of(path: Path, n: int) -> tuple[Expected, ...]:
    found = resources(path)
    measured = [(name, quantities(found, wanted)) for name, wanted in MEASURED.values()]
    usable = [
        (name, values)
        for name, values in measured
        if len({value.day for value in values}) == len(values) > 1
        and len({value.unit for value in values}) == 1
        and values[0].number != values[-1].number
    ]
    name, values = usable[n % len(usable)]
    other, changing = usable[(5 * n + 3) % len(usable)]
    old, new = changing[0], changing[-1]
    change = f"{new.number - old.number:f}"
    return (
        Expected(f"What is my latest {name}?", values[-1].digits),
        Expected(f"How has my {other} changed since {old.year}?", change, (old.digits, new.digits)),
    )
