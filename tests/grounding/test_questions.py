"""What questions are understood to ask, from their words alone."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grounding.intent import Detail
from assistant.grounding.question import understand
from assistant.records.model import Category
from tests.grounding.asked import QUESTIONS, Row

TODAY = dt.date(2026, 2, 20)


def test_there_are_enough_questions() -> None:
    assert len({question for question, *_ in QUESTIONS}) >= 150


@pytest.mark.parametrize("row", QUESTIONS, ids=lambda row: row[0])
def test_a_question_is_understood(row: Row) -> None:
    question, intent, concepts, window = row
    found = understand(question, today=TODAY)
    assert tuple(concept.id for concept in found.concepts) == concepts
    assert found.intent is intent
    assert (found.window.words if found.window else "") == window


@pytest.mark.parametrize("row", QUESTIONS, ids=lambda row: row[0])
def test_case_spaces_and_greetings_change_nothing(row: Row) -> None:
    question, intent, concepts, _ = row
    for changed in (question.upper(), question.lower(), f"  {question} !! ", f"Hi, {question}"):
        found = understand(changed, today=TODAY)
        assert (found.intent, tuple(concept.id for concept in found.concepts)) == (intent, concepts), changed


@pytest.mark.parametrize(
    ("question", "categories"),
    [
        ("What is my LDL?", {Category.LABS}),
        ("What is my weight?", {Category.VITALS}),
        ("What am I allergic to?", {Category.ALLERGIES}),
        ("What medicines do I take for my blood pressure?", {Category.MEDICATIONS}),
        ("Have I ever had bronchitis?", {Category.CONDITIONS}),
        ("When was my last flu shot?", {Category.IMMUNIZATIONS}),
        ("How many visits in 2019?", {Category.VISITS}),
        ("am I allergic to kiwi", {Category.ALLERGIES}),
        ("What is my blood pressure and my LDL?", {Category.VITALS, Category.LABS}),
        ("what is my zinc level", set()),
        ("how am I doing", set()),
    ],
)
def test_where_a_question_looks(question: str, categories: set[Category]) -> None:
    assert set(understand(question, today=TODAY).categories) == categories


def test_an_allergen_narrows_the_allergies() -> None:
    found = understand("Am I allergic to penicillin?", today=TODAY)
    assert [concept.id for concept in found.concepts] == ["allergies"]
    assert [concept.id for concept in found.narrowed] == ["penicillin"]


def test_words_that_no_concept_names_are_kept_for_the_search() -> None:
    found = understand("What was my zinc protoporphyrin level?", today=TODAY)
    assert found.leftover == ("zinc", "protoporphyrin")
    assert found.concepts == ()


def test_a_threshold_is_read_with_its_side() -> None:
    found = understand("How often was my A1c at least 7.5 %?", today=TODAY).asked.threshold
    assert found is not None
    assert (found.above, found.inclusive, found.digits) == (True, True, "7.5")


@pytest.mark.parametrize(
    ("question", "detail"),
    [
        ("what dose of metformin am I on", Detail.DOSE),
        ("who ordered my last x-ray", Detail.WHO),
        ("why do I take warfarin", Detail.WHY),
        ("where was my surgery", Detail.WHERE),
        ("what is the lot number of my flu shot", Detail.MAKER),
    ],
)
def test_what_detail_is_asked_for(question: str, detail: Detail) -> None:
    assert understand(question, today=TODAY).asked.detail is detail


@given(st.text(max_size=300))
def test_any_text_is_understood_as_something(text: str) -> None:
    assert understand(text, today=TODAY) == understand(text, today=TODAY)


def test_a_very_long_question_is_read_in_part() -> None:
    found = understand("What is my LDL? " + "lorem ipsum dolor " * 20_000, today=TODAY)
    assert [concept.id for concept in found.concepts] == ["ldl"]
