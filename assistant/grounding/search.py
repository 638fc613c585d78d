"""Find the records of a subject among what the reader returns: codes first, then words.

Scores depend on a question and one record only, never on how often a word occurs in the rest.
"""

from collections.abc import Sequence

import msgspec

from assistant.grounding.lexicon import Concept, Lexicon
from assistant.grounding.match import is_own, names, naming, texts_of
from assistant.grounding.reader import Reader
from assistant.records.facts import newest
from assistant.records.model import Category, Element, Record, Trust
from assistant.records.words import fold
from assistant.vault.query import RecordQuery

_MOST_FOUND = 500
"""Of the records that share only some words with a question, the newest so many are looked at."""
_EXACT_WORDS = 4
_NEWEST = 40


class Found(msgspec.Struct, frozen=True):
    """Records found by words: those that fit best, and how much of the question's words they hold."""

    records: tuple[Record, ...] = ()
    whole: bool = False
    """They hold all the words."""


def latest_of_concept(concept: Concept, reader: Reader, lexicon: Lexicon) -> list[Record]:
    """The newest of the records that are the thing a concept means: enough to hold its latest fact.

    All of them where the newest few hold none, or where they can't be told apart from others by code.
    """
    if concept.measured and concept.codes:
        few = of_concept(concept, reader, lexicon, most=_NEWEST)
        if any(record.trust is Trust.FACT for record in few):
            return few
    return of_concept(concept, reader, lexicon)


def of_concept(
    concept: Concept, reader: Reader, lexicon: Lexicon, *, most: int | None = None
) -> list[Record]:
    """The records that are the thing a concept means, newest first; `most` bounds how many are looked at."""
    if concept.everything:
        query = RecordQuery(categories=concept.categories, kinds=concept.kinds or None)
        return newest(record for record in reader.find(query) if is_own(record, concept, lexicon))
    found: dict[str, Record] = {}
    for query in _queries(concept):
        query = msgspec.structs.replace(
            query, categories=concept.categories, kinds=concept.kinds or None, limit=most
        )
        for record in reader.find(query, besides=found if most is None else ()):
            if record.id not in found and is_own(record, concept, lexicon):
                found[record.id] = record
    return newest(found.values())


def _queries(concept: Concept) -> list[RecordQuery]:
    queries = [RecordQuery(codes=concept.codes)] if concept.codes else []
    if concept.titles:
        longest = {max(group, key=len) for group in concept.titles}
        queries.append(RecordQuery(words=tuple(sorted(longest)), any_words=True))
    return queries


def naming_concept(
    concept: Concept, reader: Reader, categories: Sequence[Category]
) -> list[tuple[Record, Element]]:
    """Records of other things that name the concept in an element: as a reason, as a diagnosis."""
    found: dict[str, tuple[Record, Element]] = {}
    for query in _queries(concept):
        for record in reader.find(msgspec.structs.replace(query, categories=tuple(categories) or None)):
            element = naming(record, concept)
            if element is not None:
                found[record.id] = (record, element)
    return [found[record.id] for record in newest(record for record, _ in found.values())]


def relatives(concept: Concept, reader: Reader) -> list[Record]:
    """Family history that names the concept."""
    found: dict[str, Record] = {}
    for query in _queries(concept):
        for record in reader.find(msgspec.structs.replace(query, kinds=("FamilyMemberHistory",))):
            if names(record, concept):
                found[record.id] = record
    return newest(found.values())


def by_words(words: Sequence[str], categories: Sequence[Category], reader: Reader) -> Found:
    """The records whose names hold most of the words: all in one title first, then all anywhere in a record,
    then the most words of a title."""
    asked = tuple(dict.fromkeys(word for word in words if word))
    if not asked:
        return Found()
    limits = RecordQuery(categories=tuple(categories) or None)
    for query in (
        msgspec.structs.replace(limits, words=asked),
        msgspec.structs.replace(limits, words=tuple(map(stem, asked)), prefix=True),
    ):
        found = list(reader.find(query))
        if found:
            return Found(tuple(_best(found, asked)), whole=True)
    if len(asked) == 1:
        return Found()
    any_word = msgspec.structs.replace(
        limits, words=tuple(map(stem, asked)), any_words=True, prefix=True, limit=_MOST_FOUND
    )
    found = [record for record in reader.find(any_word) if score(record, asked)[0]]
    return Found(tuple(_best(found, asked)))


def stem(word: str) -> str:
    """A word without its plural ending, to be found as a prefix; words of three letters stay."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def score(record: Record, words: Sequence[str]) -> tuple[int, bool]:
    """How many words one name of the record holds, and whether it holds nothing else."""
    best = (0, False)
    for text in texts_of(record):
        held = fold(text)
        hits = sum(any(part.startswith(stem(word)) for part in held) for word in words)
        best = max(best, (hits, hits > 0 and hits == len(set(held))))
    return best


def _best(found: Sequence[Record], words: Sequence[str]) -> list[Record]:
    scores = {record.id: score(record, words) for record in found}
    top = max(scores.values(), default=(0, False))
    return newest(record for record in found if scores[record.id] == top)


def narrow(records: Sequence[Record], words: Sequence[str]) -> list[Record]:
    """Those whose names (or elements) hold all of the words."""
    kept = [record for record in records if _holds(texts_of(record), words)]
    return kept or [
        record for record in records if _holds([element.text for element in record.elements], words)
    ]


def _holds(texts: Sequence[str], words: Sequence[str]) -> bool:
    held = {word for text in texts for word in fold(text)}
    return all(word in held or any(part.startswith(stem(word)) for part in held) for word in words)


def exactly_named(records: Sequence[Record], question: Sequence[str]) -> list[Record]:
    """Where a question spells out a long title, only the records of that title and those that can be compared
    with them: a value in words and a value in numbers may share everything but the title."""
    spelled = [record for record in records if _spelled(record.title, question)]
    if not spelled:
        return list(records)
    shapes = {_shape(record) for record in spelled}
    return [record for record in records if _shape(record) in shapes]


def _spelled(title: str, question: Sequence[str]) -> bool:
    words = fold(title)
    if len(words) < _EXACT_WORDS:
        return False
    return any(tuple(question[at : at + len(words)]) == words for at in range(len(question)))


def _shape(record: Record) -> str:
    return record.value.kind.value if record.value is not None else ""
