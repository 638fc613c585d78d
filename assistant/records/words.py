"""What a record is found by: folded words and code tokens, for each category that its parts belong to."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

from assistant.records.coded import SNOMED, SYSTEM_LETTERS
from assistant.records.model import Category, Coding, Element, Record, Value

_ASCII = re.compile(r"[a-z0-9]+")
_ANY = re.compile(r"[^\W_]+")
_SHORT = 80
"""Names come back again and again and are remembered; longer texts aren't."""
_NOT_TOKEN = re.compile(r"[^A-Za-z0-9]")


def fold(text: str) -> tuple[str, ...]:
    """The words of a text, caseless and without accents: letters and digits only."""
    return _folded(text) if len(text) <= _SHORT else _words(text)


@lru_cache(maxsize=4096)
def _folded(text: str) -> tuple[str, ...]:
    return _words(text)


def _words(text: str) -> tuple[str, ...]:
    if text.isascii():
        return tuple(_ASCII.findall(text.lower()))
    split = unicodedata.normalize("NFKD", text.casefold())
    accents = [ord(c) for c in set(split) if unicodedata.combining(c)]
    kept = split.translate(dict.fromkeys(accents)) if accents else split
    return tuple(_ANY.findall(unicodedata.normalize("NFC", kept).casefold()))


def system_letter(system: str) -> str | None:
    """The letter of a known code system (SNOMED editions included), else None."""
    letter = SYSTEM_LETTERS.get(system)
    if letter is None and system.startswith(SNOMED + "/"):
        return "s"
    return letter


@lru_cache(maxsize=4096)
def code_token(system: str, code: str) -> str:
    """One searchable word for a code: `l18262_6` for LOINC 18262-6."""
    letter = (
        system_letter(system) or f"x{blake2b(system.encode('utf-8', 'replace'), digest_size=3).hexdigest()}_"
    )
    token = letter + code.replace("-", "_")
    if not (token.isascii() and token.isidentifier()):
        token = letter + _NOT_TOKEN.sub("_", code)
    return token.lower()


def _value_words(value: Value | None) -> Iterable[str]:
    if value is not None and value.text:
        yield value.text


def _record_texts(record: Record, texts: list[str], codes: list[Coding]) -> None:
    texts.append(record.title)
    codes.extend(record.codes)
    if record.value is not None:
        texts.extend(_value_words(record.value))
        codes.extend(record.value.codes)
    for part in record.parts:
        texts.append(part.title)
        codes.extend(part.codes)
        if part.value is not None:
            texts.extend(_value_words(part.value))
            codes.extend(part.value.codes)


def _findable(element: Element) -> bool:
    """Whether a record may be found by an element of it: not by what is marked, nor by the name of another
    record, since either can be out of reach while the record is in it."""
    return not element.labels and element.target is None


def _indexed(texts: list[str], codes: list[Coding]) -> tuple[str, str]:
    seen = dict.fromkeys(texts)
    tokens: dict[str, None] = {}
    for item in codes:
        if item.display:
            seen[item.display] = None
        tokens[code_token(item.system, item.code)] = None
    return " ".join([word for text in seen for word in fold(text)]), " ".join(tokens)


def index_text(record: Record, category: Category) -> tuple[str, str]:
    """(words, code tokens) of what belongs to this category: the record itself with its own elements, or
    only its elements of another category. Elements that can be out of reach by themselves are left out.
    Nothing of any other category is in it."""
    texts: list[str] = []
    codes: list[Coding] = []
    if record.category is category:
        _record_texts(record, texts, codes)
    for element in record.elements:
        if element.category is category and _findable(element):
            if element.text:
                texts.append(element.text)
            codes.extend(element.codes)
    return _indexed(texts, codes)


def index_texts(record: Record) -> tuple[tuple[Category, str, str], ...]:
    """(category, words, code tokens) for each category that has any: `index_text` for all of them at once."""
    texts: dict[Category, tuple[list[str], list[Coding]]] = {record.category: ([], [])}
    _record_texts(record, *texts[record.category])
    for element in record.elements:
        if (element.text or element.codes) and _findable(element):
            words, codes = texts.setdefault(element.category, ([], []))
            if element.text:
                words.append(element.text)
            codes.extend(element.codes)
    return tuple((category, *_indexed(*found)) for category, found in texts.items())
