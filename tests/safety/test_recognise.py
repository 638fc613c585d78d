"""What stands in a message decides, whoever writes it and however it is spelled."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.safety.model import Urgent
from assistant.safety.recognise import matching_rule, recognise
from tests.safety.corpus import ordinary, urgent
from tests.safety.measuring import milliseconds

EMERGENCY, SELF_HARM = Urgent.EMERGENCY, Urgent.SELF_HARM
LONG = 10_000


@settings(max_examples=150, deadline=None)
@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    recognise(text)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.sampled_from(["'", '"', "can", "not", "9.9", "9" * 400, ",", "\ud800", "chest", "\n", "٣", "²"])
    )
)
def test_no_run_of_odd_pieces_makes_it_fail(pieces: list[str]) -> None:
    recognise(" ".join(pieces))
    recognise("".join(pieces))


@pytest.mark.parametrize(
    "text",
    [
        "I can't breathe",
        "I CANT BREATHE",
        "i can’t breathe!!",
        "I cannot breathe",
        "I can not breathe",
        "i cant braethe",
        "I càn't breathe",
        "I caaaan't breeeathe",
    ],
)
def test_spelling_does_not_matter(text: str) -> None:
    assert recognise(text) is EMERGENCY


@pytest.mark.parametrize(
    "text", ["My chest hurts", "My husband's chest hurts", "A stranger here says her chest hurts"]
)
def test_it_does_not_matter_whose_it_is(text: str) -> None:
    assert recognise(text) is EMERGENCY


@pytest.mark.parametrize(
    ("denied", "said"),
    [
        ("I don't have chest pain", "I have chest pain"),
        ("no chest pain or trouble breathing", "chest pain and trouble breathing"),
        ("He has never had a seizure", "He is having a seizure"),
        ("I'm not suicidal", "I'm suicidal"),
    ],
)
def test_only_a_negation_bound_to_the_sign_denies_it(denied: str, said: str) -> None:
    assert recognise(denied) is None
    assert recognise(said) is not None


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("When was my last seizure?", "She is having a seizure now"),
        ("What does 'shortness of breath' in my note mean?", "I have shortness of breath"),
        ("Do my records mention chest pain?", "My records are fine and I have chest pain"),
        ("I had chest pain in 2015, what was it?", "I have had chest pain since last night"),
        ("My father died of a stroke", "I think my father is having a stroke"),
    ],
)
def test_asking_is_not_having(asked: str, said: str) -> None:
    assert recognise(asked) is None
    assert recognise(said) is EMERGENCY


@pytest.mark.parametrize("order", ["{0} {1}", "{1} {0}"])
def test_self_harm_wins_over_an_emergency(order: str) -> None:
    texts = "My chest hurts badly.", "I want to kill myself."
    assert [recognise(text) for text in texts] == [EMERGENCY, SELF_HARM]
    assert recognise(order.format(*texts)) is SELF_HARM


def test_an_ordinary_question_beside_it_changes_nothing() -> None:
    questions = [one.phrase for one in ordinary(kept_aside=False) if recognise(one.phrase) is None][::25]
    for question in questions:
        assert recognise(f"{question}. I can't breathe") is EMERGENCY
        assert recognise(f"I can't breathe. {question}") is EMERGENCY


def test_what_was_met_names_its_rule_and_where_it_comes_from() -> None:
    rule = matching_rule("My face is drooping on one side")
    assert rule is not None
    assert rule.kind is EMERGENCY
    assert rule.about
    assert rule.source


@pytest.mark.parametrize("part", ["urgent", "ordinary"])
def test_a_longer_message_takes_longer_in_proportion(part: str) -> None:
    phrases = urgent(kept_aside=False) if part == "urgent" else ordinary(kept_aside=False)
    text = " ".join(one.phrase for one in phrases)[:LONG]
    short = milliseconds(text[: LONG // 10], rounds=10)
    assert milliseconds(text, rounds=10) < short * 50
