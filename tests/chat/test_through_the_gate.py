"""A question through the whole house to a server: what was shown is what arrived is what the ledger holds."""

import asyncio
import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from assistant.bootstrap import House
from assistant.chat.events import AnswerDelta, Event, Finished, NotSent, Outgoing, OutgoingReady
from assistant.chat.question import Approver, Question
from assistant.errors import ModelFailed, Refused, UsageError
from assistant.llm.models import NewModel
from assistant.records.model import Category
from assistant.sharing.model import Grant
from tests.fakes import claude_wire, openai_wire
from tests.fakes.model_server import ModelServer, Reply
from tests.llm.conftest import CASES, CHECKS, KEY, Case

QUESTION = "What was my last LDL?"


async def yes(outgoing: Outgoing) -> bool:
    return outgoing is not None


async def run(house: House, question: Question, approver: Approver = yes) -> list[Event]:
    return [event async for event in house.chat.ask(question, approver)]


def add(house: House, case: Case, url: str, *categories: Category) -> Question:
    """A model at a server, and a question to it."""
    new = NewModel("m", case.name, "m-1", url + case.under, narrow=False, tools=True)
    house.models.add(new, KEY)
    house.sharing.share(Grant("m", category) for category in categories)
    return Question(QUESTION, "m")


def sent_hashes(house: House, kind: str) -> list[str | None]:
    return [entry.sha256 for entry in house.ledger() if entry.kind == kind and entry.destination == "m"]


ADAPTERS = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@ADAPTERS
async def test_what_is_shown_arrives_and_is_in_the_ledger_on_every_round_and_retry(
    house: House, case: Case
) -> None:
    busy = case.wire.asked_again()[0]
    calls = (("call-1", "search_records", '{"words": "HbA1c"}'),)
    replies = (busy, case.wire.calling(*calls), case.wire.cited("It was 96 mg/dL", 1))
    async with ModelServer(CHECKS, *replies) as server:
        question = add(house, case, server.url, Category.LABS)
        events = await run(house, question)
    shown = [event.outgoing.request for event in events if isinstance(event, OutgoingReady)]
    assert [got.sha256 for got in server.received] == [shown[0].sha256, shown[0].sha256, shown[1].sha256]
    assert sent_hashes(house, "intent") == sent_hashes(house, "outcome") == [r.sha256 for r in shown]
    assert house.verify_ledger().ok
    (finished,) = [event for event in events if isinstance(event, Finished)]
    assert [citation.ref for citation in finished.answer.citations] == [1]
    assert all(number.ok for number in finished.answer.numbers)


@ADAPTERS
async def test_a_key_is_nowhere_but_in_its_header(house: House, case: Case) -> None:
    async with ModelServer(CHECKS, case.wire.answer("Hello.")) as server:
        events = await run(house, add(house, case, server.url, Category.LABS))
    assert KEY not in repr(events)
    assert all(KEY not in entry.detail for entry in house.ledger())
    assert [value for _, value in server.received[0].headers if KEY in value] == [case.secret[1]]


@ADAPTERS
async def test_what_came_before_a_failure_is_kept_and_the_ledger_says_so(house: House, case: Case) -> None:
    async with ModelServer(CHECKS, case.wire.beginning("It was 96", cut=True)) as server:
        question = add(house, case, server.url, Category.LABS)
        with pytest.raises(ModelFailed) as failed:
            await run(house, question)
    assert failed.value.sent
    (chat,) = house.chats.all()
    (turn,) = house.chats.turns(chat.id)
    assert (turn.state, turn.answer.text if turn.answer else "") == ("failed", "It was 96")
    assert [entry.outcome for entry in house.ledger() if entry.kind == "outcome"] == ["failed"]


@ADAPTERS
async def test_what_was_cut_off_goes_along_when_it_is_asked_to_go_on(house: House, case: Case) -> None:
    replies = (case.wire.beginning("It was 96", cut=True), case.wire.answer("mg/dL."))
    async with ModelServer(CHECKS, *replies) as server:
        question = add(house, case, server.url, Category.LABS)
        with pytest.raises(ModelFailed):
            await run(house, question)
        (chat,) = house.chats.all()
        await run(house, Question("Go on.", "m", chat.id))
    assert b"It was 96" in server.received[1].body


async def test_nothing_left_where_nobody_answered(house: House) -> None:
    with pytest.raises(ModelFailed) as failed:
        await run(house, add(house, CASES[1], "http://127.0.0.1:9"))
    assert not failed.value.sent


REVOKES: dict[str, Callable[[House], object]] = {
    "the category": lambda house: house.sharing.unshare(destination="m", categories=[Category.LABS]),
    "everything": lambda house: house.sharing.unshare(),
    "the model": lambda house: house.models.remove("m"),
}


@pytest.mark.parametrize("what", REVOKES)
async def test_a_revoke_after_the_yes_wins(house: House, what: str) -> None:
    async def approve_and_revoke(outgoing: Outgoing) -> bool:
        await asyncio.to_thread(REVOKES[what], house)
        return outgoing is not None

    async with ModelServer(CHECKS, claude_wire.answer("Hello.")) as server:
        question = add(house, CASES[0], server.url, Category.LABS)
        events = await run(house, question, approve_and_revoke)
        assert await server.connections() == 0
    assert [event.why for event in events if isinstance(event, NotSent)] == ["no longer shared"]


@pytest.mark.parametrize("category", [(), (Category.LABS,)], ids=["nothing shared", "labs shared"])
async def test_a_model_that_another_instance_moved_or_removed_gets_nothing_at_its_old_address(
    house: House, category: tuple[Category, ...]
) -> None:
    """What is shared under a name is shared with the address that the name stands for now."""
    async with ModelServer(CHECKS) as server:
        question = add(house, CASES[0], server.url, *category)
        elsewhere = House(house.vault, clock=house.clock)
        elsewhere.models.add(NewModel("m", "anthropic", "m-1", "http://127.0.0.1:9", narrow=False), KEY)
        elsewhere.sharing.share(Grant("m", each) for each in category)
        moved = await run(house, question)
        with pytest.raises(ModelFailed):
            await house.models.names("m", house.watch)
        elsewhere.models.remove("m")
        with pytest.raises(UsageError):
            await house.models.names("m", house.watch)
        removed = await run(house, question)
        assert await server.connections() == 0
    for events in (moved, removed):
        assert [event.why for event in events if isinstance(event, NotSent)] == ["no longer shared"]


async def test_a_revoke_after_the_intent_wins_too(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last moment: the intent is written, the connection stands, the first byte is about to leave."""
    from assistant.llm import crossing

    original = crossing.Crossing.trace

    async def revoke_first(self: crossing.Crossing, event: str, info: dict[str, object]) -> None:
        if event.endswith("send_request_headers.started"):
            await asyncio.to_thread(house.sharing.unshare)
        await original(self, event, info)

    monkeypatch.setattr(crossing.Crossing, "trace", revoke_first)
    async with ModelServer(CHECKS, claude_wire.answer("Hello.")) as server:
        with pytest.raises(Refused, match="no longer shared"):
            await run(house, add(house, CASES[0], server.url, Category.LABS))
        await server.connections()
        assert server.bytes_in == 0
    assert [entry.outcome for entry in house.ledger() if entry.kind == "outcome"] == ["refused"]


async def test_a_revoke_waits_for_what_is_on_its_way_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the last look and the last byte nobody else writes; right after it, the revoke is through."""
    from assistant.llm import crossing

    order: list[str] = []
    revoking: list[asyncio.Task[int]] = []
    original = crossing.Crossing.trace

    async def traced(self: crossing.Crossing, event: str, info: dict[str, object]) -> None:
        if event.endswith("send_request_body.complete"):
            order.append("sent")
        await original(self, event, info)
        if event.endswith("send_request_headers.started"):
            revoking.append(asyncio.ensure_future(asyncio.to_thread(house.sharing.unshare)))
            revoking[0].add_done_callback(lambda _: order.append("revoked"))

    monkeypatch.setattr(crossing.Crossing, "trace", traced)
    async with ModelServer(CHECKS, openai_wire.answer("Hello.")) as server:
        await run(house, add(house, CASES[1], server.url, Category.LABS))
        await revoking[0]
    assert order == ["sent", "revoked"]


async def test_a_model_that_is_added_again_elsewhere_gets_nothing_of_what_was_shared(house: House) -> None:
    add(house, CASES[0], "https://one.example", Category.LABS)
    house.models.add(NewModel("m", "anthropic", "m-1", "https://two.example"), KEY)
    assert [grant for grant in house.sharing.grants() if grant.destination == "m"] == []


async def test_a_cap_asks_about_what_would_go_over_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house.chat, "_cap", lambda: 0.000001)
    house.models.add(NewModel("m", "anthropic", _priced()), KEY)
    outgoing = await _preview(house, Question(QUESTION, "m"))
    assert outgoing.estimate is not None
    assert outgoing.estimate > 0
    assert "over your cap of less than $0.001 a month" in outgoing.over_cap


async def _preview(house: House, question: Question) -> Outgoing:
    dry = Question(question.text, question.to, dry_run=True)
    (ready,) = [event for event in await run(house, dry) if isinstance(event, OutgoingReady)]
    return ready.outgoing


async def test_a_second_message_that_is_not_approved_keeps_what_the_first_brought(house: House) -> None:
    said = iter((True, False))

    async def approver(outgoing: Outgoing) -> bool:
        return next(said)

    calls = (("call-1", "search_records", '{"words": "HbA1c"}'),)
    async with ModelServer(CHECKS, _saying_then_calling(*calls)) as server:
        question = add(house, CASES[1], server.url, Category.LABS)
        events = await run(house, question, approver)
    assert len(server.received) == 1
    assert "".join(event.text for event in events if isinstance(event, AnswerDelta)) == SAID
    assert [event.why for event in events if isinstance(event, NotSent)] == ["not approved"]
    assert [event.answer.text for event in events if isinstance(event, Finished)] == [SAID]


def _priced() -> str:
    """A model of Anthropic's that the list of prices knows."""
    found = find_spec("litellm")
    assert found is not None
    assert found.origin is not None
    prices = Path(found.origin).parent / "model_prices_and_context_window_backup.json"
    listed: dict[str, dict[str, object]] = json.loads(prices.read_text())
    return next(name for name, about in listed.items() if about.get("litellm_provider") == "anthropic")


SAID = "Let me look. I look it up."


def _saying_then_calling(*calls: tuple[str, str, str]) -> Reply:
    events = openai_wire.calling_events(*calls)
    return openai_wire.stream([*openai_wire.events("Let me look. ")[:-2], *events])
