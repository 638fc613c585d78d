"""The check of an answer, over answers and sentences that were frozen before it was written."""

import pytest

from tests.checking.frozen import DATA, Corpora, digest, load
from tests.checking.measure import MARKED_KINDS, Measured, measure
from tests.checking.mutate import right
from tests.checking.readings import truths

CAUGHT = 0.99
FALSE_MARKS = 0.02
ADVICE = 0.95
ALARMS = 0.05
EACH = 500
SHAPES = 120


@pytest.fixture(scope="module")
def corpora() -> Corpora:
    return load()


@pytest.fixture(scope="module")
def measured(corpora: Corpora) -> Measured:
    return measure(corpora)


def test_the_corpora_are_the_ones_that_were_frozen(corpora: Corpora) -> None:
    assert digest(corpora) == (DATA / "digest.txt").read_text().strip()


def test_there_are_enough_of_each(corpora: Corpora) -> None:
    assert len(corpora.answers) == EACH
    assert len({answer.text for answer in corpora.answers}) == EACH
    assert len({shape for answer in corpora.answers for shape in answer.shapes}) >= SHAPES
    assert {sum(sentence.advice is kind for sentence in corpora.sentences) for kind in (True, False)} == {
        EACH
    }
    assert len({sentence.text for sentence in corpora.sentences}) == 2 * EACH


def test_the_right_answers_say_what_the_messages_say(corpora: Corpora) -> None:
    known = [truths(message) for message in corpora.messages]
    wrong = [
        (answer.text, span)
        for answer in corpora.answers
        for span in answer.spans
        if span.role in ("value", "date", "unit") and span.thing in known[answer.message]
        if not right(known[answer.message], span.thing, span.when, span.value)
    ]
    assert not wrong


@pytest.mark.parametrize("kind", MARKED_KINDS)
def test_what_was_changed_is_caught(measured: Measured, kind: str) -> None:
    assert measured.caught[kind] >= CAUGHT


def test_right_numbers_are_left_alone(measured: Measured) -> None:
    assert measured.numbers >= EACH
    assert measured.false_marks <= FALSE_MARKS


def test_advice_of_the_models_own_is_warned_of(measured: Measured) -> None:
    assert measured.advice_recall >= ADVICE


def test_ordinary_sentences_raise_no_warning(measured: Measured) -> None:
    assert measured.advice_false_alarms <= ALARMS
