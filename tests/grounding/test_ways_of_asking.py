"""One thing asked in many ways: each is understood alike, or said not to be understood."""

import datetime as dt

import pytest

from assistant.grounding.ground import Grounded, ground
from assistant.grounding.intent import Detail, Intent
from assistant.grounding.question import understand
from assistant.grounding.understanding import Understanding
from assistant.records.coded import LOINC
from assistant.records.facts import FactKind
from assistant.records.model import Category, Coding, Element, Record
from tests.fakes import made
from tests.fakes.reader import InMemoryReader

TODAY = dt.date(2026, 2, 20)
REASON = Element(Category.CONDITIONS, "Encounter.reasonCode", "for", "Acute bronchitis")
DOCTOR = Element(Category.VISITS, "Encounter.participant", "with", "Dr. Ada Moss")
WEIGHT = Coding(LOINC, "29463-7")


def read(*questions: str) -> Understanding:
    """The last question, understood after the ones before it."""
    last = understand(questions[0], today=TODAY)
    for question in questions[1:]:
        last = understand(question, today=TODAY, previous=last)
    return last


def told(records: list[Record], *questions: str) -> Grounded:
    """The answer to the last question over these records."""
    return ground(read(*questions), InMemoryReader(records), budget_tokens=1500)


def ids(understanding: Understanding) -> list[str]:
    return [concept.id for concept in understanding.concepts]


@pytest.mark.parametrize(
    ("question", "concept", "intent"),
    [
        ("Weight on record?", "weight", Intent.LATEST),
        ("the LDL you have on file", "ldl", Intent.LATEST),
        ("is my LDL on file, and what is it", "ldl", Intent.LATEST),
        ("is there an LDL on file?", "ldl", Intent.EVER),
        ("have they got my height on record?", "height", Intent.EVER),
    ],
)
def test_on_file_asks_for_the_value_unless_it_asks_for_yes_or_no(
    question: str, concept: str, intent: Intent
) -> None:
    found = read(question)
    assert (ids(found), found.intent) == ([concept], intent)


@pytest.mark.parametrize(
    "question",
    [
        "how does my newest glucose compare with the one before",
        "glucose: what's different from the test before?",
        "difference between my current glucose and the previous one",
        "what changed between my two latest glucose results",
    ],
)
def test_the_latest_against_the_one_before_is_a_change(question: str) -> None:
    found = read(question)
    assert (found.intent, found.asked.since_last, found.unheeded) == (Intent.CHANGE, True, "")


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("my weight in 2014 next to my weight today", Intent.CHANGE),
        ("put my weight of 2014 against the current one", Intent.CHANGE),
        ("weight 2014 → now", Intent.CHANGE),
        ("by how much has my weight altered since 2014", Intent.CHANGE),
        ("from 2014 until today, how did my weight go", Intent.CHANGE),
        ("what was my weight in 2014", Intent.AT_TIME),
    ],
)
def test_then_and_now_are_compared(question: str, intent: Intent) -> None:
    assert read(question).intent is intent


@pytest.mark.parametrize(
    ("question", "detail"),
    [
        ("What took me to the doctor last time?", Detail.WHY),
        ("why did I come in the last time", Detail.WHY),
        ("what was I treated for at my last visit", Detail.WHY),
        ("Can you say what my most recent visit was for?", Detail.WHY),
        ("to which practice did I go most recently", Detail.WHERE),
        ("Which health center saw me last?", Detail.WHERE),
        ("name of the clinic I last went to", Detail.WHERE),
        ("which clinician dealt with me at my last visit", Detail.WHO),
    ],
)
def test_what_is_asked_of_the_last_visit(question: str, detail: Detail) -> None:
    found = read(question)
    assert (ids(found), found.intent, found.asked.detail) == (["visits"], Intent.DETAIL, detail)


@pytest.mark.parametrize(
    "question",
    [
        "which condition do I have metformin for",
        "what illness is metformin treating",
        "metformin: which diagnosis?",
    ],
)
def test_the_condition_of_a_medicine_is_its_reason(question: str) -> None:
    found = read(question)
    assert (ids(found), found.asked.detail) == (["metformin"], Detail.WHY)


@pytest.mark.parametrize("thing", ["tablet", "tablets", "capsule", "pill", "lowering tablet"])
def test_what_a_medicine_is_for_names_it(thing: str) -> None:
    found = read(f"am I still on the cholesterol {thing}?")
    assert (ids(found), found.intent) == (["statin"], Intent.CURRENT)


@pytest.mark.parametrize(
    ("question", "content"),
    [
        ("I stepped on a rusty nail, when was my last tetanus shot?", ("tetanus", "shot")),
        ("we got a kitten and it scratched me: date of my last tetanus shot?", ("tetanus", "shot")),
        ("I cut myself on a fence, when did I last have a tetanus shot", ("tetanus", "shot")),
    ],
)
def test_what_happened_before_the_question_is_left_out(question: str, content: tuple[str, ...]) -> None:
    assert read(question).content == content


@pytest.mark.parametrize(
    "question",
    [
        "I moved to Boston, what was my weight before that?",
        "my son broke his arm, when was his last tetanus shot?",
        "I quit metformin, what was my A1c since?",
    ],
)
def test_what_the_question_leans_on_stays(question: str) -> None:
    found = read(question)
    assert found.leftover or found.unheeded


@pytest.mark.parametrize("question", ["when do I go in next?", "is my statin working?"])
def test_what_no_record_tells_is_not_taken_for_the_latest(question: str) -> None:
    assert read(question).unheeded


def test_the_year_before_this_one_is_last_year() -> None:
    found = read("total cholesterol the year before this one")
    assert found.window is not None
    assert (found.window.words, found.intent, found.unheeded) == ("in 2025", Intent.AT_TIME, "")


def _weights() -> list[Record]:
    vitals = [
        made.lab(value, day, "kg", title="Body Weight", code=WEIGHT, category=Category.VITALS)
        for value, day in (("70", "2010-06-01"), ("80", "2025-06-01"))
    ]
    return [*vitals, made.person("1970-05-05")]


@pytest.mark.parametrize(
    "questions",
    [
        ("what do I weigh?", "and when I was 40?"),
        ("my weight now?", "and back when I turned 40?"),
        ("what do I weigh?", "at 40 what was it?"),
        ("how tall was I when I was 40?", "and my weight?"),
    ],
)
def test_an_age_in_a_follow_up_is_placed_by_the_birth_date(questions: tuple[str, ...]) -> None:
    first = told(_weights(), *questions).facts[0]
    assert (first.value, first.date) == ("70", "2010-06-01")
    assert Category.ABOUT in read(*questions).reached


def test_who_treated_an_illness_stands_in_the_visit_for_it() -> None:
    records = [
        made.condition("Acute bronchitis", "2019-02-03", "2019-02-20", code="10509002", current=False),
        made.visit("Encounter for symptom", "2019-02-03T09:00:00Z", elements=(REASON, DOCTOR)),
        made.visit("Check-up", "2025-06-01T09:00:00Z"),
    ]
    assert "Dr. Ada Moss" in told(records, "who looked after me when I had bronchitis").facts[0].text
    diagnosed = told(records, "who diagnosed my bronchitis").facts[0]
    assert "Dr. Ada Moss" not in diagnosed.text


def test_what_a_visit_was_comes_before_when() -> None:
    records = [made.visit("Encounter for symptom", "2019-02-03T09:00:00Z", elements=(REASON, DOCTOR))]
    kinds = [fact.kind for fact in told(records, "what was my last visit").facts]
    assert kinds == [FactKind.DETAIL, FactKind.LAST_TIME]
    assert told(records, "when was my last visit").facts[0].kind is FactKind.LAST_TIME
