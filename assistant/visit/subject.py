"""Which records are about the same thing, and by which words a note would name it."""

import re

from assistant.records.coded import LOINC
from assistant.records.facts.text import named
from assistant.records.model import Record
from assistant.records.words import fold

_STRENGTH = re.compile(r"\d")
_DETAIL = re.compile(r"\s(?:\[|\(|in\b|by\b).*", re.IGNORECASE)
_METHOD = re.compile(r"\s*\[[^\]]*\]|\s+by\s.*")
_CAPITALISED = re.compile(r"\s[A-Z][a-z]")
_RELEASE = frozenset(("hr", "hour", "ml", "actuat"))
_SHORTEST_NAME = 4


def ingredients(record: Record) -> frozenset[tuple[str, ...]]:
    """What a medicine's title names before each strength: `atorvastatin` of `Atorvastatin 40 mg tablet`.

    Titles say more than codes here: a code stands for one strength. A title without a name before its first
    strength stands for itself.
    """
    found = {_name(part) for part in named(record).split(" / ")}
    found.discard(())
    return frozenset(found) or frozenset({fold(named(record))})


def _name(part: str) -> tuple[str, ...]:
    words = list(fold(part))
    while words and (words[0][0].isdigit() or words[0] in _RELEASE):
        words.pop(0)
    kept: list[str] = []
    for word in words:
        if kept and _STRENGTH.match(word):
            break
        kept.append(word)
    return tuple(kept)


def same_thing(one: Record, other: Record) -> bool:
    """Whether two records share a code or a title."""
    codes = {(code.system, code.code) for code in one.codes}
    return fold(named(one)) == fold(named(other)) or any(
        (code.system, code.code) in codes for code in other.codes
    )


def medicine_words(record: Record) -> tuple[str, ...]:
    """The word by which a note would name a medicine."""
    words = sorted(ingredients(record))[0]
    return tuple(word for word in words if len(word) >= _SHORTEST_NAME and word.isalpha())[:1] or words


def thing_words(record: Record) -> tuple[str, ...]:
    """The words by which a note would name anything else: its title up to a bracket, `in` or `by`."""
    return fold(_DETAIL.sub("", named(record))) or fold(named(record))


def thing_key(record: Record) -> tuple[str, ...]:
    """Equal for values of the same thing, whatever their unit: by LOINC code, else by title."""
    code = min((code.code for code in record.codes if code.system == LOINC), default=None)
    return (LOINC, code) if code is not None else fold(named(record))


def in_sentence(title: str) -> str:
    """A title within a sentence, without how it was measured: `body weight`, but `LDL cholesterol`."""
    short = _METHOD.sub("", title).strip() or title
    if short[1:2].islower() and not _CAPITALISED.search(short):
        return short[:1].lower() + short[1:]
    return short
