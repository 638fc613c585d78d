"""Whether a record is what a concept means: by its codes, else by the words of its title."""

from collections.abc import Iterable
from functools import lru_cache

from assistant.grounding.lexicon import Concept, Group, Lexicon
from assistant.records.model import Element, Record
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
    if concept.group in _CODED and any(lexicon.owners(c.system, c.code) for c in record.codes):
        return False
    return says(texts_of(record), concept)


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
