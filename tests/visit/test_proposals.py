"""What is taken from a model's answer: questions that cite what was sent, and nothing else."""

from types import SimpleNamespace

import pytest

from assistant.errors import UsageError
from assistant.records.model import Category
from assistant.sharing.model import FactLine, Item, Message
from assistant.visit.model import MOST_QUESTIONS, Origin
from assistant.visit.proposals import LONGEST, last_proposed, proposals

MESSAGE = Message(
    prompt="visit@1",
    instructions="",
    today="2026-06-01",
    history=(),
    facts=(
        FactLine("F1", "change", "Up 3 mg/dL.", (1, 2), ("ra", "rb")),
        FactLine("F2", "none", "None of the records show it.", (), ()),
    ),
    items=(
        Item(1, "ra", Category.LABS, "LDL cholesterol: 151 mg/dL; 3 Mar 2026", 9),
        Item(2, "rb", Category.LABS, "LDL cholesterol: 148 mg/dL; 3 Mar 2025", 9),
    ),
    question="What should I ask?",
    tokens=20,
)


def test_a_question_that_cites_what_was_sent_is_kept_as_the_models_own() -> None:
    (kept,) = proposals("Here you are:\n1. **Should my LDL be checked again** [1][2]?\nGood luck.", MESSAGE)
    assert kept.text == "Should my LDL be checked again?"
    assert kept.records == ("ra", "rb")
    assert kept.origin is Origin.MODEL
    assert "151 mg/dL" in kept.behind[0]


@pytest.mark.parametrize(
    "line",
    [
        "- Is this normal? [1]",
        "* Is this normal? [1]",
        "2) Is this normal? [1]",
        "- [ ] Is this normal? [1]",
        "Is this normal [1]?",
    ],
)
def test_lists_of_any_kind_are_read(line: str) -> None:
    assert [question.text for question in proposals(line, MESSAGE)] == ["Is this normal?"]


def test_a_fact_stands_for_the_records_that_it_rests_on() -> None:
    assert proposals("Why did it rise? [F1]", MESSAGE)[0].records == ("ra", "rb")
    assert proposals("Was it ever measured? [F2]", MESSAGE) == ()


@pytest.mark.parametrize(
    "line",
    [
        "Is this normal?",
        "Is this normal? [3]",
        "Is this normal? [F9]",
        "You have high cholesterol [1].",
        "Stop taking your medicine. [1]",
        "Did you read https://example.org/?q=151 about it? [1]",
        "Did you read [this](http://example.org)? [1]",
        "x" * LONGEST + "? [1]",
        "[1]",
    ],
)
def test_what_cites_nothing_asks_nothing_or_leads_elsewhere_is_left_out(line: str) -> None:
    assert proposals(line, MESSAGE) == ()


def test_ten_at_most_and_none_twice() -> None:
    many = "\n".join(f"Question {n % 12}? [1]" for n in range(40))
    kept = proposals(many, MESSAGE)
    assert len(kept) == MOST_QUESTIONS
    assert len({question.text for question in kept}) == MOST_QUESTIONS


def turn(text: str) -> SimpleNamespace:
    """A turn that was answered."""
    return SimpleNamespace(answer=SimpleNamespace(text=text), outgoing=SimpleNamespace(message=MESSAGE))


def test_the_last_answer_of_a_chat_is_what_counts() -> None:
    asked = SimpleNamespace(answer=None, outgoing=None)
    turns = [turn("Is this the first? [1]"), turn("Is this the last? [2]"), asked]
    assert [question.text for question in last_proposed(turns)] == ["Is this the last?"]


def test_a_last_answer_without_proposals_is_said_so() -> None:
    with pytest.raises(UsageError, match="proposes no question"):
        last_proposed([turn("Is this the first? [1]"), turn("Your LDL is 151 mg/dL [1].")])
