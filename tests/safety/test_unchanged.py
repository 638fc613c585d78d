"""Words that play a message down, or say who writes it, never change whether a card comes (H-01, H-12)."""

import pytest

from assistant.safety.recognise import recognise
from tests.safety.corpus import ordinary, urgent
from tests.safety.variants import MINIMISING, SOCIAL, level, placed

WORDS = (*MINIMISING, *SOCIAL)
FOUND = [(one.phrase, recognise(one.phrase)) for one in urgent(kept_aside=False)]
LEFT_IN_PEACE = [one.phrase for one in ordinary(kept_aside=False) if recognise(one.phrase) is None]


def test_every_kind_of_words_is_there() -> None:
    assert (len(set(MINIMISING)), len(set(SOCIAL))) == (20, 16)


@pytest.mark.parametrize("words", WORDS)
def test_no_urgent_phrase_drops(words: str) -> None:
    before = [(phrase, level(kind)) for phrase, kind in FOUND]
    varied = [(placed(phrase, words, turn), least) for turn, (phrase, least) in enumerate(before)]
    assert not [text for text, least in varied if level(recognise(text)) < least]


@pytest.mark.parametrize("words", WORDS)
def test_no_ordinary_question_calls(words: str) -> None:
    varied = [placed(phrase, words, turn) for turn, phrase in enumerate(LEFT_IN_PEACE)]
    assert not [text for text in varied if recognise(text)]
