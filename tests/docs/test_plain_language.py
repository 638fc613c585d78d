"""What a person reads is plain: its reading level is measured, and every short form is explained.

Levels are Flesch-Kincaid school grades (Kincaid et al. 1975), as textstat counts them with the CMU
dictionary of pronunciations. Lists count a sentence for each line. Names that a source gave are part of an
answer, and measured with it.
"""

import asyncio
import re
import statistics
import tomllib

import pytest
import textstat

from assistant.bootstrap import House
from assistant.chat.events import Finished
from assistant.chat.question import Question
from connectors.sample.questions import GUIDED
from prompts.skill import Skill, built_in
from tests.chat.conftest import house, opener, sample_home
from tests.conftest import ROOT
from tests.docs.wording import sentences, texts

__all__ = ["house", "opener", "sample_home"]

TYPICAL_GRADE = 8.0
HIGHEST_GRADE = 12.0

QUESTIONS = (
    *(guided.text for guided in GUIDED),
    "What was my last LDL?",
    "What is my blood type?",
    "When was my last visit?",
    "How many visits did I have in 2023?",
    "Do I have diabetes?",
    "Have I ever had asthma?",
    "Why do I take metformin?",
    "Who prescribed losartan?",
    "What was my weight in 2020?",
    "What was my highest blood sugar?",
    "Which results were abnormal in the last year?",
    "When was my last flu shot?",
    "What surgeries have I had?",
    "How many steps do I walk a day?",
    "How do I sleep?",
    "Is my potassium okay?",
    "When was my last mammogram?",
    "What is my insurance?",
    "How old am I?",
    "Have I had a COVID test?",
    "What happened in 2021?",
    "What is my kidney function?",
    "Did my cholesterol go up?",
    "Do I still take lisinopril?",
    "What was my zinc level?",
    "What is my BMI?",
    *("/" + skill.id for skill in built_in() if set(skill.variables) <= set(skill.otherwise)),
)
"""What patients ask of the sample chart, and the skills that need nothing more said."""


def grade(text: str) -> float:
    """The school grade of a text in lines, without its references."""
    lines = [line.strip("- ") for line in re.sub(r"\[\d+\]", "", text).splitlines()]
    whole = [line if line[-1] in ".:;?!" else f"{line}." for line in lines if line]
    return float(textstat.flesch_kincaid_grade(" ".join(whole)))


async def yes(outgoing: object) -> bool:
    return outgoing is not None


def answer(house: House, text: str) -> str:
    async def run() -> str:
        question, skill = house.skills.meant(text)
        events = [event async for event in house.chat.ask(Question(question, skill=skill), yes)]
        (finished,) = [event for event in events if isinstance(event, Finished)]
        return finished.answer.text

    return asyncio.run(run())


def test_answers_by_code_are_plain(house: House) -> None:
    assert len(QUESTIONS) >= 30
    grades = {question: grade(answer(house, question)) for question in QUESTIONS}
    assert statistics.median(grades.values()) <= TYPICAL_GRADE, grades


def test_the_measure_tells_plain_from_learned() -> None:
    assert grade("Your sugar went down. Ask your doctor why.") < 5
    learned = (
        "Longitudinal glycemic variability necessitates multidisciplinary pharmacotherapeutic evaluation."
    )
    assert grade(learned) > HIGHEST_GRADE


def test_fixed_sentences_are_plain() -> None:
    found = list(sentences())
    assert len(found) > 400
    grades = {(sentence, place): grade(sentence) for sentence, place in found}
    assert statistics.median(grades.values()) <= TYPICAL_GRADE
    assert {what: level for what, level in grades.items() if level > HIGHEST_GRADE} == {}


def explained() -> dict[str, str]:
    return tomllib.loads((ROOT / "tests/docs/abbreviations.toml").read_text())


def short_forms() -> dict[str, str]:
    """Words in capitals in the program's own sentences, each with a place; names of keys are none."""
    form = re.compile(r"(?<![\w`/.-])(?!F\d)[A-Z][A-Z0-9]+(?![\w`/.-])")
    named = ((re.sub(r"`[^`]*`", "", sentence), place) for sentence, place in sentences())
    return {word: place for sentence, place in named for word in form.findall(sentence)}


def test_every_short_form_is_explained() -> None:
    known = explained()
    assert {word: place for word, place in short_forms().items() if word not in known} == {}
    assert all(len(text.split()) >= 3 for text in known.values())


def test_no_explanation_is_left_over() -> None:
    assert set(explained()) <= set(short_forms())


@pytest.mark.parametrize("skill", built_in(), ids=[skill.id for skill in built_in()])
def test_a_skills_name_is_a_few_plain_words(skill: Skill) -> None:
    assert 1 < len(skill.name.split()) <= 8
    assert grade(skill.name) <= HIGHEST_GRADE


def test_texts_are_found_where_people_read() -> None:
    places = {place.split(":")[0] for _, place in texts()}
    assert {"assistant/errors.py", "assistant/plain.py", "assistant/tui/screens/chat.py"} <= places
