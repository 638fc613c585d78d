"""Loads the frozen corpora, and says which part is kept aside for the last run."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from assistant.sharing.model import Item, Message
from tests.checking.model import Frozen, Mutation, Sentence
from tests.checking.mutate import mutations
from tests.checking.readings import truths

DATA = Path(__file__).parent / "data"


class Corpora(msgspec.Struct, frozen=True):
    """Everything that the check is measured on."""

    messages: tuple[Message, ...]
    answers: tuple[Frozen, ...]
    mutations: tuple[Mutation, ...]
    sentences: tuple[Sentence, ...]


def load(folder: Path = DATA) -> Corpora:
    """Read the data, and make the mutations of the answers."""
    messages = msgspec.json.decode((folder / "messages.json").read_bytes(), type=tuple[Message, ...])
    answers = msgspec.json.decode((folder / "answers.json").read_bytes(), type=tuple[Frozen, ...])
    sentences = msgspec.json.decode((folder / "sentences.json").read_bytes(), type=tuple[Sentence, ...])
    seed = (folder / "seed.txt").read_text().strip()
    known = [truths(message) for message in messages]
    made = [
        mutation
        for index, answer in enumerate(answers)
        for mutation in mutations(index, answer, known[answer.message], seed)
    ]
    return Corpora(messages, answers, tuple(made), sentences)


def digest(corpora: Corpora) -> str:
    """One number for all of it: it changes when a message, an answer, a mutation or a sentence does."""
    return hashlib.sha256(msgspec.json.encode(corpora)).hexdigest()


def kept_aside(text: str) -> bool:
    """Whether an answer or a sentence belongs to the fifth that isn't looked at before the last run."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) % 5 == 0


def message_for(sentence: Sentence) -> Message:
    """What a model was given before it said a sentence."""
    items = tuple(
        Item(ref, f"r{ref}", source.category, source.text, len(source.text) // 4)
        for ref, source in enumerate(sentence.sources, 1)
    )
    return Message("ask@1", "", "2026-11-22", (), (), items, "What should I know?", 0)


def part(texts: Iterable[str], *, aside: bool | None) -> list[int]:
    """Which of these belong to the part that is kept aside, to the other, or (None) to either."""
    return [place for place, text in enumerate(texts) if aside is None or kept_aside(text) == aside]
