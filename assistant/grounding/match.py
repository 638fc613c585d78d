"""Whether a record is what a concept means: by its codes, else by the words of its title."""

from collections.abc import Iterable
from functools import lru_cache

from assistant.grounding.lexicon import Concept, Group, Lexicon
from assistant.records.facts import as_record
from assistant.records.model import Element, Part, Record
from assistant.records.words import code_token, fold

_CODED = frozenset((Group.LAB, Group.VITAL))
"""Groups where a code that belongs to another concept settles that the title doesn't mean this one."""


@lru_cache(maxsize=512)
def _tokens(codes: tuple[tuple[str, str], ...]) -> frozenset[str]:
    return frozenset(code_token(system, code) for system, code in codes)


def is_own(record: Record, concept: Concept, lexicon: Lexicon) -> bool:
    """Whether the record itself is the thing meant."""
    if record.category not in concept.categories or (concept.kinds and record.kind not in concept.kinds):
        return False
    if concept.everything:
        return not (record.kind == "DiagnosticReport" and record.members)
    tokens = _tokens(concept.codes)
    codes = [*record.codes, *(coding for part in record.parts for coding in part.codes if concept.part)]
    if any(code_token(coding.system, coding.code) in tokens for coding in codes):
        return not concept.part or bool(record.parts) or record.value is not None
    if part_of(record, concept, lexicon) is not None:
        return True
    if concept.group in _CODED and any(lexicon.owners(c.system, c.code) for c in record.codes):
        return False
    return says(texts_of(record), concept)


def part_of(record: Record, concept: Concept, lexicon: Lexicon) -> Part | None:
    """The component of a panel that is the measured thing a concept means: by its name, else by its code."""
    if not (record.parts and concept.measured) or concept.part or concept.members or concept.everything:
        return None
    if _tokens(concept.codes) & {code_token(coding.system, coding.code) for coding in record.codes}:
        return None
    said = (part for part in record.parts if _is_part(part, concept, lexicon))
    tokens = _tokens(concept.codes)
    coded = (p for p in record.parts if any(code_token(c.system, c.code) in tokens for c in p.codes))
    return next(said, None) or next(coded, None)


def _is_part(part: Part, concept: Concept, lexicon: Lexicon) -> bool:
    """Whether a component's name says it, and no code of its own says that it is another thing."""
    owners = [lexicon.owners(coding.system, coding.code) for coding in part.codes]
    if any(owners) and not any(concept.id in owner for owner in owners):
        return False
    return says((part.title, *(coding.display for coding in part.codes if coding.display)), concept)


def as_asked(records: Iterable[Record], concept: Concept, lexicon: Lexicon) -> list[Record]:
    """The records, a panel that holds the thing meant as a component as that component alone."""
    return [
        record if (part := part_of(record, concept, lexicon)) is None else as_record(record, part)
        for record in records
    ]


def texts_of(record: Record) -> tuple[str, ...]:
    """A record's own names: its title and how its codes are displayed."""
    return (record.title, *(coding.display for coding in record.codes if coding.display))


def says(texts: Iterable[str], concept: Concept) -> bool:
    """Whether names mean a concept by its title words, with none of the words that would make it another."""
    words = [frozenset(fold(text)) for text in texts]
    if not all(found.isdisjoint(concept.without) for found in words):
        return False
    return any(found.issuperset(group) for found in words for group in concept.titles)


def naming(record: Record, concept: Concept) -> Element | None:
    """The element of a record by which it names a concept without being it."""
    tokens = {code_token(system, code) for system, code in concept.codes}
    for element in record.elements:
        if any(code_token(coding.system, coding.code) in tokens for coding in element.codes):
            return element
        if len(element.text) <= 200 and says((element.text,), concept):
            return element
    return None


def names(record: Record, concept: Concept) -> bool:
    """Whether a record is or names a concept anywhere: title, codes, elements."""
    return says(texts_of(record), concept) or naming(record, concept) is not None
