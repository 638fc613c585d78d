"""A model that asks for more: it gets what is shared with it, so much of it, and nothing else."""

import asyncio
import json
import string

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.bootstrap import House
from assistant.chat.events import Event, Finished, Outgoing, OutgoingReady
from assistant.chat.question import Question
from assistant.chat.sending import MOST_CALLS, MOST_ROUNDS, NOT_OFFERED, TOO_MANY
from assistant.grounding.tools import MOST_RECORDS, NOT_LIKE_THIS, tools
from assistant.records.model import Category
from assistant.sharing.model import Grant, ToolCall
from tests.fakes.curious import CURIOUS, CuriousBackend, call

QUESTION = "What was my last LDL?"


async def yes(outgoing: Outgoing) -> bool:
    return outgoing is not None


def ask(
    house: House,
    *rounds: list[ToolCall],
    share: tuple[Category, ...] = (Category.LABS,),
    without: tuple[str, ...] = (),
) -> list[Event]:
    """Ask the model that makes these look-ups, round by round."""
    house.voices.put(CuriousBackend(rounds))
    house.sharing.share(Grant("curious", category) for category in share)

    async def run() -> list[Event]:
        question = Question(QUESTION, "curious", without=without)
        return [event async for event in house.chat.ask(question, yes)]

    return asyncio.run(run())


def messages(events: list[Event]) -> list[Outgoing]:
    return [event.outgoing for event in events if isinstance(event, OutgoingReady)]


def results(events: list[Event]) -> list[str]:
    return [text for turn in messages(events)[-1].message.rounds for text in turn.results]


def test_what_is_found_can_be_cited_and_is_shown_before_it_goes(house: House) -> None:
    events = ask(house, [call("search_records", words="HbA1c")])
    first, second = messages(events)
    assert len(second.message.items) > len(first.message.items)
    new = second.message.items[len(first.message.items)]
    assert "HbA1c" in new.text or "A1c" in new.text
    assert f"[{new.ref}] " in results(events)[0]
    assert results(events)[0] in json.loads(second.request.body)["rounds"][0]["results"][0]


def test_what_is_not_shared_is_not_found(house: House) -> None:
    events = ask(
        house, [call("search_records", words="hypertension")], [call("list_series", 2, name="weight")]
    )
    told = " ".join(results(events))
    assert "kg" not in told
    assert all(item.category is Category.LABS for item in messages(events)[-1].message.items)


def test_a_record_kept_out_stays_out(house: House) -> None:
    plain = ask(house, [call("list_series", name="LDL cholesterol")])
    held = messages(plain)[0].message.items[0].record
    again = ask(house, [call("list_series", name="LDL cholesterol")], without=(held,))
    assert held in {item.record for item in messages(plain)[-1].message.items}
    assert held not in {item.record for item in messages(again)[-1].message.items}


def test_a_series_comes_whole_and_newest_first(house: House) -> None:
    events = ask(house, [call("list_series", name="LDL cholesterol")])
    lines = [line for line in results(events)[0].splitlines() if "LDL" in line]
    assert len(lines) > 3
    assert "2026" in lines[0]


def test_codes_are_told_with_their_system(house: House) -> None:
    events = ask(house, [call("explain_code", record=1)])
    assert "http://loinc.org" in results(events)[0]


def test_a_note_is_read_part_by_part(house: House) -> None:
    found = [call("search_records", words="note", category="notes")]
    events = ask(house, found, [call("read_note", 2, record=2)], share=(Category.LABS, Category.NOTES))
    assert "Part 1 of" in results(events)[1]


@pytest.mark.parametrize(
    "wrong",
    [
        call("share_everything"),
        call("search_records", words="LDL", to="evil.example"),
        call("search_records", words="LDL", category="everything"),
        call("read_note", record=99),
        call("read_note", record="../../etc/passwd"),
        call("list_series", name=["LDL"]),
        ToolCall("x", "search_records", "{not json"),
        ToolCall("x", "search_records", "[" * 5000),
        ToolCall("x", "explain_code", '{"record": 1e400}'),
        ToolCall("", "", ""),
    ],
)
def test_what_is_no_look_up_is_not_done(house: House, wrong: ToolCall) -> None:
    assert results(ask(house, [wrong])) == [NOT_LIKE_THIS]


def test_there_is_an_end_to_it(house: House) -> None:
    endless = [[call("search_records", n, words="LDL")] for n in range(50)]
    events = ask(house, *endless)
    assert len(messages(events)) == MOST_ROUNDS + 1
    (finished,) = [event for event in events if isinstance(event, Finished)]
    assert TOO_MANY in finished.answer.warnings
    (kept,) = [turn.answer for chat in house.chats.all() for turn in house.chats.turns(chat.id)]
    assert kept == finished.answer
    at_once = [call("search_records", n, words="LDL") for n in range(MOST_CALLS + 1)]
    assert len(messages(ask(house, at_once))) == 1


def test_who_was_offered_none_gets_none(house: House) -> None:
    plain = msgspec.structs.replace(CURIOUS, tools=False)
    house.voices.put(CuriousBackend([[call("search_records", words="LDL")]], plain))
    house.sharing.share([Grant("curious", Category.LABS)])
    alone, compared = Question(QUESTION, "curious"), Question(QUESTION, "curious", alongside=("offline",))

    async def run(question: Question) -> list[Event]:
        return [event async for event in house.chat.ask(question, yes)]

    for question in (alone, compared):
        events = asyncio.run(run(question))
        assert len(messages(events)) == 1
        (finished,) = [event for event in events if isinstance(event, Finished)]
        assert NOT_OFFERED in finished.answer.warnings


def test_one_look_up_brings_so_much_and_no_more(house: House) -> None:
    events = ask(house, [call("search_records", words="everything")], share=tuple(Category))
    before, after = messages(events)
    assert len(after.message.items) - len(before.message.items) <= MOST_RECORDS


def test_none_takes_an_address_a_path_or_code() -> None:
    taken = {name for tool in tools() for name in tool.schema["properties"]}
    assert taken == {"words", "category", "since", "until", "name", "record", "part"}
    assert all(tool.schema["additionalProperties"] is False for tool in tools())


WORDS = st.text(string.printable, max_size=30)
ARGUMENTS = st.dictionaries(
    st.sampled_from(["words", "name", "record", "part", "since", "until", "category", "url"]),
    st.one_of(
        WORDS, st.integers(), st.none(), st.dates().map(str), st.sampled_from([c.value for c in Category])
    ),
)
CALLS = st.builds(
    ToolCall,
    WORDS,
    st.sampled_from([*(tool.name for tool in tools()), "share", "eval"]),
    st.one_of(ARGUMENTS.map(json.dumps), WORDS),
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(rounds=st.lists(st.lists(CALLS, max_size=3), max_size=3))
def test_whatever_a_model_asks_for_changes_nothing_and_gets_only_what_is_shared(
    house: House, rounds: list[list[ToolCall]]
) -> None:
    house.voices.put(CuriousBackend())
    house.sharing.share([Grant("curious", Category.LABS)])
    before = house.sharing.grants()
    events = ask(house, *rounds)
    assert house.sharing.grants() == before
    for outgoing in messages(events):
        assert {item.category for item in outgoing.message.items} <= {Category.LABS}
