"""Find the records of a subject among what the reader returns: codes first, then words.

Scores depend on a question and one record only, never on how often a word occurs in the rest.
"""

from collections.abc import Sequence

import msgspec

from assistant.grounding.lexicon import Concept, Group, Lexicon
from assistant.grounding.match import is_own, names, naming, texts_of
from assistant.grounding.reader import Reader
from assistant.grounding.window import Window
from assistant.grounding.windows import started_in
from assistant.grounding.wording import alike
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
    if concept.group is Group.VISIT or (concept.measured and concept.codes):
        few = of_concept(concept, reader, lexicon, most=_NEWEST)
        if any(record.trust is Trust.FACT for record in few):
            return few
    return of_concept(concept, reader, lexicon)


def of_concept_in(window: Window, concept: Concept, reader: Reader, lexicon: Lexicon) -> list[Record]:
    """The records that are the measured thing a concept means: those around a window where a fact lies in it,
    else all, to tell what comes next to it."""
    around = of_concept(concept, reader, lexicon, near=(window.since or "", window.until or ""))
    if any(record.trust is Trust.FACT and started_in(record, window) for record in around):
        return around
    return of_concept(concept, reader, lexicon)


def of_concept(
    concept: Concept,
    reader: Reader,
    lexicon: Lexicon,
    *,
    most: int | None = None,
    near: tuple[str, str] | None = None,
) -> list[Record]:
    """The records that are the thing a concept means, newest first; `most` bounds how many are looked at,
    `near` when they may be from (as in `RecordQuery`)."""
    limits = RecordQuery(categories=concept.categories, kinds=concept.kinds or None, limit=most, near=near)
    if concept.everything:
        return newest(record for record in reader.find(limits) if is_own(record, concept, lexicon))
    query = _query(concept, limits)
    if query is None:
        return []
    return newest(record for record in reader.find(query) if is_own(record, concept, lexicon))


def _query(concept: Concept, limits: RecordQuery) -> RecordQuery | None:
    """For all that may be or name a concept: one of its codes, or a word of one of its titles."""
    longest = sorted({max(group, key=len) for group in concept.titles})
    if not (concept.codes or longest):
        return None
    return msgspec.structs.replace(
        limits, codes=concept.codes, words=tuple(longest), any_words=True, either=True
    )


def naming_concept(
    concept: Concept, reader: Reader, categories: Sequence[Category]
) -> list[tuple[Record, Element]]:
    """Records of other things that name the concept in an element: as a reason, as a diagnosis."""
    query = _query(concept, RecordQuery(categories=tuple(categories) or None))
    if query is None:
        return []
    found: dict[str, tuple[Record, Element]] = {}
    for record in reader.find(query):
        element = naming(record, concept)
        if element is not None:
            found[record.id] = (record, element)
    return [found[record.id] for record in newest(record for record, _ in found.values())]


def relatives(concept: Concept, reader: Reader) -> list[Record]:
    """Family history that names the concept."""
    query = _query(concept, RecordQuery(kinds=("FamilyMemberHistory",)))
    if query is None:
        return []
    return newest(record for record in reader.find(query) if names(record, concept))


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
    return all(
        word in held or any(part.startswith((stem(word), *alike(word))) for part in held) for word in words
    )


def exactly_named(records: Sequence[Record], question: Sequence[str]) -> list[Record]:
    """Where a question spells out a long title, only the records of that title and those that can be compared
    with them: a value in words and a value in numbers may share everything but the title."""
    spelled = {title for title in {record.title for record in records} if _spelled(title, question)}
    if not spelled:
        return list(records)
    shapes = {_shape(record) for record in records if record.title in spelled}
    return [record for record in records if _shape(record) in shapes]


def _spelled(title: str, question: Sequence[str]) -> bool:
    words = fold(title)
    if len(words) < _EXACT_WORDS:
        return False
    return any(tuple(question[at : at + len(words)]) == words for at in range(len(question)))


def _shape(record: Record) -> str:
    return record.value.kind.value if record.value is not None else ""
