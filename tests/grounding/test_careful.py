"""Where words change what a question means, no plain answer is claimed; where they only chat, one is."""

import datetime as dt

import pytest

from assistant.grounding.intent import Intent
from assistant.grounding.question import understand

TODAY = dt.date(2026, 2, 20)
BORN = dt.date(1970, 5, 5)


@pytest.mark.parametrize(
    "question",
    [
        "my fasting glucose",
        "what should my a1c be",
        "what is my target weight",
        "what was my son's weight",
        "which vaccines have I never had",
        "except for flu, how many vaccines have I had",
        "how many visits did I have that weren't checkups",
        "what was my third a1c",
        "when is my next flu shot due",
        "heart rate while exercising",
        "what was my ldl around christmas",
        "when did I not have asthma",
        "what was my LDL in 2014 and in 2018",
        "did I have bronchitis more than twice",
    ],
)
def test_a_word_that_changes_the_meaning_is_told(question: str) -> None:
    assert understand(question, today=TODAY).unheeded


@pytest.mark.parametrize(
    ("question", "intent", "concept"),
    [
        ("I don't remember my last LDL, what was it?", Intent.LATEST, "ldl"),
        ("Could you please tell me my latest A1c?", Intent.LATEST, "a1c"),
        ("My wife wants to know what my potassium is", Intent.LATEST, "potassium"),
        ("I'm packing for a trip, which medicines do I take?", Intent.CURRENT, "medicines"),
        ("newest hemoglobin, not the a1c one", Intent.LATEST, "hemoglobin"),
        ("whats my bp, top and bottom number", Intent.LATEST, "blood_pressure"),
        ("triglycerides, not the latest but the one before", Intent.PREVIOUS, "triglycerides"),
        ("when did I last end up in A&E", Intent.LATEST, "emergency"),
        ("when was I last vaccinated for pneumonia", Intent.LATEST, "pneumonia_vaccine"),
        ("A1c in 2014 against my latest one", Intent.CHANGE, "a1c"),
        ("how much have I gained since 2015", Intent.CHANGE, "weight"),
        ("am I not allergic to peanuts?", Intent.CURRENT, "peanut_allergy"),
    ],
)
def test_words_around_a_question_change_nothing(question: str, intent: Intent, concept: str) -> None:
    found = understand(question, today=TODAY)
    assert (found.intent, [one.id for one in found.concepts], found.unheeded) == (intent, [concept], "")


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("BMI at 40 years of age?", "when you were 40"),
        ("I was 40 - what was my BMI?", "when you were 40"),
        ("my weight when I turned thirty-five", "when you were 35"),
        ("my bmi at 40?", "when you were 40"),
        ("weight on my 50th birthday", "when you were 50"),
        ("bp back in '15", "in 2015"),
        ("weight in nineteen ninety-eight", "in 1998"),
        ("ldl half a year ago", "about 6 months ago"),
        ("ldl a year and a half ago", "about 18 months ago"),
        ("weight in the summer of 2018", "between Jun 2018 and Aug 2018"),
        ("ldl the year before last", "in 2024"),
        ("how has my ldl changed from 2015", "since 2015"),
        ("my ldl as of today", ""),
        ("is 96 good for LDL", ""),
    ],
)
def test_a_time_told_in_other_words_is_read(question: str, words: str) -> None:
    found = understand(question, today=TODAY, born=BORN).window
    assert (found.words if found else "") == words


def test_who_put_me_on_that_points_back() -> None:
    before = understand("is ibuprofen still active", today=TODAY)
    found = understand("which doctor put me on that?", today=TODAY, previous=before)
    assert found.intent is Intent.DETAIL
    assert [concept.id for concept in found.concepts] == ["ibuprofen"]
