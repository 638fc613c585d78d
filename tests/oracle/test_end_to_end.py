"""The whole house against the oracle: file, vault, question, message, offline answer, citation."""

import asyncio
import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.bootstrap import House, file_connector, make_house
from assistant.chat.events import Answer, Finished, Outgoing
from assistant.chat.question import Question
from assistant.links.importer import bring_in
from tests.oracle.oracle import MONTHS, SETS, TODAY, Case, cases

BUNDLES = 22
MOST = 60
"""Cases asked of each bundle: every kind first, then more of each."""
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def clock() -> dt.datetime:
    return dt.datetime.fromisoformat(TODAY).replace(hour=12, tzinfo=dt.UTC)


@pytest.fixture(params=range(BUNDLES))
def asked(request: pytest.FixtureRequest, material: Path, tmp_path: Path) -> Iterator[tuple[Path, House]]:
    """A vault with one patient's bundle in it."""
    path = sorted((material / "fhir-r4").glob("*.json"))[request.param]
    house, _ = make_house("correct horse battery staple", home=tmp_path / "home", clock=clock)
    asyncio.run(bring_in(house.vault, [file_connector(path)], clock=clock))
    yield path, house
    house.vault.close()


def test_the_answer_is_the_raw_datas_own(asked: tuple[Path, House]) -> None:
    path, house = asked
    original = {e["resource"]["id"]: e["resource"] for e in json.loads(path.read_bytes())["entry"]}
    chosen = spread(cases(path))
    assert len({case.kind for case in chosen}) >= 6
    wrong = []
    for case in chosen:
        answer = asyncio.run(answered(house, case.question))
        wrong += [f"{case.question}: {problem} ({answer.text[:90]})" for problem in problems(case, answer)]
        if case.ids and case.kind not in SETS:
            raws = house.shelf.open(answer.citations[0].record).raws
            resources = [json.loads(raw.body) for raw in raws]
            if original[case.ids[0]] not in resources:
                wrong.append(f"{case.question}: cites another resource")
    assert wrong == []


def spread(found: list[Case]) -> list[Case]:
    """Some of each kind, in turn, until there are enough."""
    kinds: dict[str, list[Case]] = {}
    for case in found:
        kinds.setdefault(case.kind, []).append(case)
    rounds = max(len(each) for each in kinds.values())
    return [each[n] for n in range(rounds) for each in kinds.values() if n < len(each)][:MOST]


async def answered(house: House, question: str) -> Answer:
    async def nobody(outgoing: Outgoing) -> bool:
        raise AssertionError(f"{outgoing.destination.id} asked for approval")

    async for event in house.chat.ask(Question(question), nobody):
        if isinstance(event, Finished):
            return event.answer
    raise AssertionError("no answer")


def problems(case: Case, answer: Answer) -> list[str]:
    """In what an answer's text differs from the raw data."""
    found = []
    first = NUMBER.search(answer.text)
    if case.kind in {"latest", "earliest", "previous", "minimum", "maximum", "at_time", "change", "count"}:
        value = (case.value or "").lstrip("-").partition("/")[0]
        if NUMBER.fullmatch(value) and "When" not in case.question:
            if first is None or not near(first.group(), value):
                found.append(f"the first number isn't {value}")
            if case.unit and case.unit not in answer.text:
                found.append(f"{case.unit} is missing")
    if case.date and shown(case.date) not in answer.text:
        found.append(f"{case.date} is missing")
    if any(not number.ok for number in answer.numbers):
        found.append("a number stands in no record that was sent")
    return found


def near(told: str, exact: str) -> bool:
    """Whether a number is the exact one, rounded to the places it shows."""
    places = len(told.partition(".")[2])
    off: float = abs(float(told) - float(exact))
    return bool(off <= 0.5001 * 10**-places)


def shown(day: str) -> str:
    year, month, date = day.split("-")
    return f"{int(date)} {MONTHS[int(month) - 1][:3]} {year}"
