"""Questions that lean on the one before."""

import datetime as dt

import msgspec
import pytest

from assistant.grounding.intent import Intent
from assistant.grounding.question import understand
from assistant.grounding.understanding import Understanding

TODAY = dt.date(2026, 2, 20)


def ask(*questions: str) -> Understanding:
    """The last question understood after the ones before it."""
    last: Understanding | None = None
    for question in questions:
        last = understand(question, today=TODAY, previous=last)
    assert last is not None
    return last


def ids(understanding: Understanding) -> list[str]:
    return [concept.id for concept in understanding.concepts]


def test_another_time() -> None:
    after = ask("What was my LDL in 2019?", "and in 2018?")
    assert (ids(after), after.intent, after.follow_up) == (["ldl"], Intent.AT_TIME, True)
    assert after.window is not None
    assert after.window.words == "in 2018"


def test_another_subject_keeps_the_kind_of_question_and_the_time() -> None:
    after = ask("How has my LDL changed since 2019?", "what about HDL?")
    assert (ids(after), after.intent) == (["hdl"], Intent.CHANGE)
    assert after.window is not None
    assert after.window.since == "2019-01-01"


def test_another_time_keeps_the_kind_of_question() -> None:
    after = ask("How many visits did I have in 2019?", "and in 2020?")
    assert (ids(after), after.intent) == (["visits"], Intent.COUNT)


def test_before_that_steps_back_again_and_again() -> None:
    once = ask("What is my latest LDL?", "and before that?")
    twice = ask("What is my latest LDL?", "and before that?", "and before that?")
    assert (ids(once), once.intent, once.steps) == (["ldl"], Intent.PREVIOUS, 1)
    assert (ids(twice), twice.intent, twice.steps) == (["ldl"], Intent.PREVIOUS, 2)


def test_before_that_after_a_time_is_before_that_time() -> None:
    after = ask("What was my LDL in 2019?", "and before that?")
    assert after.intent is Intent.LATEST
    assert after.window is not None
    assert after.window.until == "2018-12-31"


@pytest.mark.parametrize("question", ["when was that?", "what date was that?", "and when?"])
def test_when_was_that_asks_for_the_date_of_the_same(question: str) -> None:
    after = ask("What was my highest LDL?", question)
    assert (ids(after), after.intent, after.asked.date) == (["ldl"], Intent.MAXIMUM, True)


@pytest.mark.parametrize(
    "question", ["is 96 good for me?", "is that normal?", "should I be worried?", "why?"]
)
def test_judging_questions_keep_the_subject(question: str) -> None:
    after = ask("How has my LDL changed since 2019?", question)
    assert (ids(after), after.intent) == (["ldl"], Intent.EXPLAIN)


def test_a_number_in_a_follow_up_is_kept() -> None:
    assert ask("What is my LDL?", "is 96 good for me?").numbers == ("96",)


def test_a_question_of_its_own_takes_nothing_over() -> None:
    alone = ask("When was my last flu shot?")
    after = ask("What was my LDL in 2019?", "When was my last flu shot?")
    assert after == alone
    assert not after.follow_up


def test_a_summary_takes_nothing_over() -> None:
    assert ids(ask("What is my LDL?", "Give me a summary of my records")) == []


def test_without_an_earlier_question_a_follow_up_stands_alone() -> None:
    assert not ask("and before that?").follow_up


def test_an_understanding_survives_being_kept() -> None:
    kept = ask("What medicines do I take for my blood pressure since 2019?")
    assert msgspec.json.decode(msgspec.json.encode(kept), type=Understanding) == kept


def test_the_same_words_give_the_same_understanding() -> None:
    one = ask("Has my A1c ever been above 7?", "and HDL above 40?")
    assert msgspec.json.encode(one) == msgspec.json.encode(
        ask("Has my A1c ever been above 7?", "and HDL above 40?")
    )
