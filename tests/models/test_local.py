"""A real model on this computer, asked as a patient asks it. `make test-models` runs this, for minutes."""

import asyncio
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import aclosing, contextmanager, nullcontext
from pathlib import Path

import msgspec
import pytest

from assistant.bootstrap import House, file_connector, make_house
from assistant.chat.comparing import Compared, compare
from assistant.chat.events import Outgoing
from assistant.chat.question import Question
from assistant.grounding.tokens import estimate
from assistant.links.importer import bring_in
from assistant.llm.base import Delta
from assistant.llm.finding import find_local
from assistant.llm.gate import Releasing, approve, catch, release
from assistant.records.model import Category
from assistant.sharing.outgoing import item
from assistant.simulate.plan import load
from assistant.simulate.report import report
from assistant.simulate.run import replay
from assistant.vault.query import EVERYTHING, RecordQuery
from assistant.vault.records import RecordStore
from tests.models.asking import Turn, ask
from tests.models.conftest import MODEL, Server, add
from tests.models.questions import SAMPLE, Expected, charts, clock

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

LDL = "What was my last LDL?"
RIGHT = 18
BARE_LINES = 40


class Asked(msgspec.Struct, frozen=True):
    """A question of the twenty, and what came of it."""

    expected: Expected
    turn: Turn

    @property
    def right(self) -> bool:
        """Whether the answer says what is true."""
        return self.expected.right(self.turn.answer)


async def test_it_is_found_where_it_listens(house: House, server: Server) -> None:
    (found,) = await find_local([server.port], house.watch)
    assert found.base_url == server.base_url
    assert found.models


async def test_it_answers_in_pieces_with_the_record_and_what_was_sent_is_in_the_ledger(asked: House) -> None:
    turn = await ask(asked, Question(LDL, MODEL))
    assert "96" in turn.answer.text
    assert len(turn.pieces) > 1
    assert "".join(turn.pieces) == turn.answer.text
    (outgoing,) = turn.sent
    assert [sent.record for sent in outgoing.message.items] == [
        citation.record for citation in turn.answer.citations
    ]
    assert turn.answer.warnings == ()
    lines = {entry.kind: entry for entry in asked.ledger() if entry.destination == MODEL and entry.sha256}
    sha256 = hashlib.sha256(outgoing.request.body).hexdigest()
    assert {kind: line.sha256 for kind, line in lines.items()} == {"intent": sha256, "outcome": sha256}
    assert lines["outcome"].outcome == "answered"
    assert asked.verify_ledger().ok


async def test_going_on_with_it_in_the_middle_of_a_chat(asked: House) -> None:
    before = await ask(asked, Question("How has my LDL changed since 2019?"))
    turn = await ask(asked, Question("What was my last hemoglobin A1c?", MODEL, before.chat))
    (outgoing,) = turn.sent
    assert outgoing.first
    assert outgoing.message.history == ()
    assert any("stay behind" in told for told in outgoing.local.coverage)
    assert "6.0" in turn.answer.text
    further = await ask(asked, Question("And before that?", MODEL, before.chat))
    (outgoing,) = further.sent
    assert not outgoing.first
    assert [exchange.answer for exchange in outgoing.message.history] == [turn.answer.text]
    assert "6.1%" in outgoing.message.facts[0].text
    assert (turn.unmarked(), further.unmarked()) == ([], [])


async def test_it_is_compared_with_offline(asked: House) -> None:
    async def yes(outgoing: Outgoing) -> bool:
        return True

    results: dict[str, Compared] = {}
    async with aclosing(compare(asked.chat, LDL, ["offline", MODEL], yes)) as steps:
        async for result in steps:
            results[result.destination] = result
    for name in ("offline", MODEL):
        answer = results[name].answer
        assert answer is not None
        assert "96" in answer.text
    one, other = (results[name].outgoing for name in ("offline", MODEL))
    assert one is not None
    assert other is not None
    assert one.message.items == other.message.items


def test_it_is_simulated(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "session.toml"
    path.write_text(
        f"""
        today = "2026-11-22"
        [[destinations]]
        id = "{MODEL}"
        adapter = "openai"
        model = "any"
        base_url = "{server.base_url}"
        [[grants]]
        categories = ["labs"]
        [[questions]]
        ask = "{LDL}"
        to = ["offline", "{MODEL}"]
        expect = {{says = ["96 mg/dL"], unsupported = 0, sends = ["10 Feb 2026"]}}
        """
    )
    made = report([replay(load(path))], times=1, seconds=0.0)
    runs = [run for result in made.sessions[0].questions[0].results for run in result.runs]
    assert [(run.passed, run.reasons) for run in runs] == [(True, ())] * 2


@pytest.mark.timeout(3600)
def test_twenty_questions(
    server: Server, asked: House, material: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = list(_all(asked, SAMPLE))
    for path, questions in charts(material):
        with _chart(path, tmp_path / path.stem, server) as house:
            results += _all(house, questions)
    with capsys.disabled():
        _tell(results)
    assert len(results) == 20
    assert [(one.expected.question, found) for one in results if (found := one.turn.unmarked())] == []
    assert sum(one.right for one in results) >= RIGHT


@pytest.mark.timeout(1800)
async def test_how_it_does_without_the_fact(asked: House, capsys: pytest.CaptureFixture[str]) -> None:
    """For comparison, told and not judged: forty lines of labs, and nothing worked out from them."""
    turn = await ask(asked, Question(LDL, MODEL))
    labs = RecordQuery(categories=(Category.LABS,), limit=BARE_LINES)
    with asked.vault.read() as session:
        records = [stored.record for stored in RecordStore(session).find(EVERYTHING, labs)]
    items = tuple(item(ref, record, estimate) for ref, record in enumerate(records, 1))
    assert len(items) == BARE_LINES
    assert any("LDL cholesterol: 96 mg/dL" in one.text for one in items)
    bare = msgspec.structs.replace(turn.sent[0].message, facts=(), items=items)
    backend = asked.voices.get(MODEL)
    passage = Releasing(approve(await catch(backend, bare)), nullcontext)
    pieces = [piece async for piece in release(backend, bare, passage)]
    said = "".join(piece.text for piece in pieces if isinstance(piece, Delta))
    with capsys.disabled():
        print(f"\nwith the fact: {turn.answer.text}\n{BARE_LINES} lines and no fact: {said}")
    assert said


def _all(house: House, questions: Iterable[Expected]) -> Iterator[Asked]:
    for expected in questions:
        yield Asked(expected, asyncio.run(ask(house, Question(expected.question, MODEL))))


@contextmanager
def _chart(path: Path, home: Path, server: Server) -> Iterator[House]:
    house, _ = make_house("correct horse battery staple", home=home, clock=clock)
    try:
        asyncio.run(bring_in(house.vault, [file_connector(path)], clock=clock))
        add(house, server)
        yield house
    finally:
        house.vault.close()


def _tell(results: list[Asked]) -> None:
    print()
    for one in results:
        answer = " ".join(one.turn.answer.text.split())
        marks = ", ".join(number.text for number in one.turn.answer.numbers if not number.ok)
        print(
            f"{'right' if one.right else 'WRONG'}  {one.turn.seconds:4.0f} s  {one.expected.question}  "
            f"[{one.expected.value}]  {answer}{f'  marked: {marks}' if marks else ''}"
        )
    cited = sum(bool(one.turn.answer.citations) for one in results)
    print(
        f"{sum(one.right for one in results)} of {len(results)} right, {cited} with a reference to a record"
    )
