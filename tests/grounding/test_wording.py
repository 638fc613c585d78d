"""Everyday ways of asking, and what they must not be taken for."""

import datetime as dt

import pytest

from assistant.grounding.intent import Detail, Intent
from assistant.grounding.lexicon import lexicon
from assistant.grounding.question import understand
from assistant.grounding.wording import alike, reworded, unjudged

TODAY = dt.date(2026, 2, 20)


@pytest.mark.parametrize(
    ("question", "concepts"),
    [
        ("potassium right now?", ("potassium",)),
        ("what did my HDL come back as", ("hdl",)),
        ("is my sodium lower these days", ("sodium",)),
        ("which pills am I on right now", ("medicines",)),
        ("how long back was my tetanus shot", ("tetanus_vaccine",)),
        ("did they take out my gallbladder", ("gallbladder_removal",)),
        ("when did I have my appendix out", ("appendectomy",)),
        ("was my hip ever replaced", ("hip_replacement",)),
    ],
)
def test_words_of_everyday_narrow_nothing(question: str, concepts: tuple[str, ...]) -> None:
    found = understand(question, today=TODAY)
    assert (tuple(concept.id for concept in found.concepts), found.leftover) == (concepts, ())


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("did I break my left wrist", "left"),
        ("what did the MRI of my lower back show", "back"),
        ("have I had surgery on my right knee", "right"),
    ],
)
def test_a_side_of_the_body_stays(question: str, word: str) -> None:
    assert word in understand(question, today=TODAY).leftover


@pytest.mark.parametrize(
    ("question", "concepts"),
    [
        ("my good and bad cholesterol", ("hdl", "ldl")),
        ("red and white blood cells", ("rbc", "wbc")),
        ("hepatitis a and b shots", ("hep_a_vaccine", "hep_b_vaccine")),
    ],
)
def test_what_two_names_share_is_said_of_both(question: str, concepts: tuple[str, ...]) -> None:
    assert tuple(concept.id for concept in understand(question, today=TODAY).concepts) == concepts


def test_what_shares_nothing_is_left_as_it_is() -> None:
    words = ("my", "ldl", "and", "weight", "today")
    assert reworded(words, lexicon()) == words


@pytest.mark.parametrize(
    ("question", "intent", "window"),
    [
        ("Is my bad cholesterol higher now than in 2014?", Intent.CHANGE, "in 2014"),
        ("weight today versus 2013", Intent.CHANGE, "in 2013"),
        ("Am I heavier than I was in 2016?", Intent.CHANGE, "in 2016"),
        ("What happened to my LDL since 2018?", Intent.CHANGE, "since 2018"),
        ("did I put on pounds since 2019", Intent.CHANGE, "since 2019"),
        ("Is my prostate number climbing?", Intent.CHANGE, ""),
        ("Is my bad cholesterol normal?", Intent.EXPLAIN, ""),
        ("red blood cell number from last time", Intent.LATEST, ""),
        ("worst blood sugar on record", Intent.MAXIMUM, ""),
        ("my worst HDL", Intent.MINIMUM, ""),
        ("liver enzyme ALT, where is it now?", Intent.LATEST, ""),
    ],
)
def test_then_and_now(question: str, intent: Intent, window: str) -> None:
    found = understand(question, today=TODAY)
    assert (found.intent, found.window.words if found.window else "") == (intent, window)


@pytest.mark.parametrize(
    ("question", "detail"),
    [
        ("Why do I need the water pill?", Detail.WHY),
        ("Why did they do a throat culture?", Detail.WHY),
        ("what's metformin for in my case", Detail.WHY),
        ("Who started me on warfarin?", Detail.WHO),
        ("Name of the doctor at my latest visit?", Detail.WHO),
        ("What hospital or clinic did I go to last?", Detail.WHERE),
    ],
)
def test_why_who_and_where(question: str, detail: Detail) -> None:
    found = understand(question, today=TODAY)
    assert (found.intent, found.asked.detail) == (Intent.DETAIL, detail)


@pytest.mark.parametrize("question", ["Why was my appendix removed?", "why do I have asthma"])
def test_a_bare_why_asks_for_a_reason(question: str) -> None:
    found = understand(question, today=TODAY)
    assert found.intent is Intent.DETAIL
    assert found.asked.why


def test_why_a_value_is_high_is_no_question_for_a_reason_in_a_record() -> None:
    assert understand("Why is my LDL high?", today=TODAY).intent is Intent.EXPLAIN


@pytest.mark.parametrize(
    "question",
    [
        "Has a lab ever marked one of my results as high or low?",
        "Did the lab flag anything in 1991?",
        "any flagged labs",
        "Were any of my tests high?",
        "Bad test results in 2012?",
        "what's wrong with my results",
    ],
)
def test_marks_of_the_source_are_asked_for(question: str) -> None:
    found = understand(question, today=TODAY)
    assert found.asked.flagged
    assert [concept.id for concept in found.concepts] == ["labs"]


@pytest.mark.parametrize(
    ("first", "then", "concepts"),
    [
        ("Am I on simvastatin?", "Who prescribed it?", ("simvastatin",)),
        ("Do I take hydrochlorothiazide?", "who gave it to me", ("hydrochlorothiazide",)),
        ("latest bad cholesterol", "what about the good one", ("hdl",)),
        ("Do I take a statin?", "Why?", ("statin",)),
    ],
)
def test_a_follow_up_stays_with_its_subject(first: str, then: str, concepts: tuple[str, ...]) -> None:
    found = understand(then, today=TODAY, previous=understand(first, today=TODAY))
    assert tuple(concept.id for concept in found.concepts) == concepts


@pytest.mark.parametrize("then", ["What was it for?", "who did I see?"])
def test_a_detail_of_the_last_one_is_of_the_last_one(then: str) -> None:
    first = understand("When was my last visit?", today=TODAY)
    assert understand(then, today=TODAY, previous=first).asked.last


def test_now_ends_the_time_asked_about_before() -> None:
    first = understand("What was my A1c in 2019?", today=TODAY)
    assert understand("and now?", today=TODAY, previous=first).window is None


def test_a_relatives_illness_is_not_the_patients() -> None:
    found = understand("Did my father have heart disease?", today=TODAY)
    assert [concept.id for concept in found.concepts] == ["family_history"]
    assert [concept.id for concept in found.narrowed] == ["heart_disease"]


def test_judging_words_in_a_name_judge_nothing() -> None:
    words = ("is", "my", "bad", "cholesterol", "bad")
    assert unjudged(words, lexicon()) == ("is", "my", "it", "cholesterol", "bad")


def test_other_words_for_a_body_part_are_beginnings_of_words() -> None:
    assert any("cardiac".startswith(start) for start in alike("heart"))
    assert alike("zinc") == ()
