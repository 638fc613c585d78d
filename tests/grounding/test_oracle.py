"""Every case of the oracle, for every Synthea patient: the first fact is the raw data's own answer."""

import datetime as dt
import re
from pathlib import Path

import pytest

from assistant.grounding.ground import ground
from assistant.grounding.question import understand
from assistant.records.dates import shown_date
from assistant.records.facts import Fact
from assistant.records.show import shown_digits
from tests.fakes.reader import bundle_reader
from tests.oracle.oracle import SETS, TODAY, Case, cases

ON = dt.date.fromisoformat(TODAY)
SINGLE = frozenset(("latest", "earliest", "previous", "minimum", "maximum", "at_time"))
BUNDLES = 22


@pytest.mark.parametrize("number", range(BUNDLES))
def test_the_first_fact_is_what_the_raw_data_says(material: Path, number: int) -> None:
    paths = sorted((material / "fhir-r4").glob("*.json"))
    assert len(paths) == BUNDLES
    reader = bundle_reader(paths[number])
    asked = cases(paths[number])
    assert len({case.kind for case in asked}) >= 6
    wrong = []
    for case in asked:
        fact = ground(understand(case.question, today=ON), reader).facts[0]
        wrong += [f"{case.question}: {problem} ({fact.text[:80]})" for problem in problems(case, fact)]
    assert wrong == []


def problems(case: Case, fact: Fact) -> list[str]:
    """In what a fact differs from what the raw data says."""
    found = []
    if fact.kind != case.kind:
        found.append(f"is {fact.kind}, not {case.kind}")
    if fact.value != case.value:
        found.append(f"says {fact.value}, not {case.value}")
    if fact.unit != case.unit:
        found.append(f"in {fact.unit}, not {case.unit}")
    if case.date is not None and fact.date != case.date:
        found.append(f"of {fact.date}, not {case.date}")
    if case.kind in SETS and set(fact.records) != set(case.ids):
        found.append("rests on other records")
    if case.kind not in SETS and fact.records[:1] != case.ids[:1]:
        found.append("cites another record first")
    return found + _in_words(case, fact.text)


def _in_words(case: Case, text: str) -> list[str]:
    """What must stand in the text: the value first, the date with its month's name."""
    found = []
    first = re.search(r"\d+(?:\.\d+)?", text)
    if (
        case.kind in SINGLE
        and case.value
        and case.value.replace(".", "").isdigit()
        and "When" not in case.question
    ):
        if first is None or first.group() != shown_digits(case.value):
            found.append(f"opens with {first and first.group()}, not {shown_digits(case.value)}")
        if case.unit and case.unit not in text:
            found.append("leaves the unit out")
    if case.date is not None and shown_date(case.date) not in text:
        found.append("leaves the date out")
    return found
