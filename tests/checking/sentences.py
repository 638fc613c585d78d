"""Fills the frames of `advice` and `ordinary`, evenly, into as many different sentences as asked for."""

from collections.abc import Sequence
from random import Random

from assistant.records.model import Category
from tests.checking import advice
from tests.checking.model import Sentence, Source
from tests.checking.ordinary import ORDINARY, RECORDS

BESIDE = (
    "Your records list four medicines.",
    "I hope this helps.",
    "Other values are not in what I was shown.",
    "Thank you for sharing your records.",
)


def oversteps(count: int, draw: Random) -> list[Sentence]:
    """Half diagnoses, half changes of medicines."""
    diagnoses = [("", frame) for frame in advice.DIAGNOSES] + [
        ("labs", frame) for frame in advice.LAB_DIAGNOSES
    ]
    changes = [("", frame) for frame in advice.CHANGES]
    return _filled(diagnoses, count // 2, draw, advised=True) + _filled(
        changes, count - count // 2, draw, advised=True
    )


def ordinary(count: int, draw: Random) -> list[Sentence]:
    """What answers say without overstepping."""
    return _filled(ORDINARY, count, draw, advised=False)


def _filled(frames: Sequence[tuple[str, str]], count: int, draw: Random, *, advised: bool) -> list[Sentence]:
    made: dict[str, Sentence] = {}
    while len(made) < count:
        for kind, frame in draw.sample(frames, len(frames)):
            sentence = _one(kind, frame, draw, advised=advised)
            if len(made) < count:
                made.setdefault(sentence.text, sentence)
    return list(made.values())


def _one(kind: str, frame: str, draw: Random, *, advised: bool) -> Sentence:
    medicine, other = draw.sample(advice.MEDICINES, 2)
    places = {
        "D": draw.choice(advice.DISEASES),
        "A": draw.choice(advice.ADJECTIVES),
        "M": medicine,
        "N": other,
        "Q": draw.choice(advice.AMOUNTS),
        "K": draw.choice(("two", "3", "4", "five", "six", "7")),
    }
    text = frame.format(**places)
    text = text[0].upper() + text[1:]
    if draw.random() < 0.3:
        beside = draw.choice(BESIDE)
        text = f"{beside} {text}" if draw.random() < 0.5 else f"{text} {beside}"
    source = (Source(Category(kind), RECORDS[kind].format(**places)),) if kind else ()
    return Sentence(text, source, advised, frame)
