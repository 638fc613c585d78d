"""What a person typed, as plain words: case, accents, apostrophes, short forms, stretched letters."""

import re
import unicodedata
from collections.abc import Mapping

import msgspec

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´＇", "'") | dict.fromkeys("“”„«»", '"'))
_PARTS = re.compile(r"[a-z]+(?:'[a-z]+)*|[0-9]+(?:[.,][0-9]+)?|(?<=\s)-+(?=\s)|[.?!\n,;:()\"—–]")
_QUOTED = re.compile(r'"[^"]{1,300}"' r"|(?<![a-z0-9])'[^'\n]{2,80}'(?![a-z0-9])")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_SENTENCE_ENDS = frozenset(".?!\n")
_PRONOUNS = frozenset(("he", "she", "it", "that", "there", "what", "who", "where", "here", "how", "when"))
_ENDINGS = {"'ll": "will", "'d": "would", "'ve": "have", "'m": "am", "'re": "are"}


class Word(msgspec.Struct, frozen=True):
    """One plain word or number, and where it stood."""

    text: str
    sentence: int
    clause: int
    quoted: bool


def plain_words(text: str, short_forms: Mapping[str, str]) -> tuple[Word, ...]:
    """The words of any text, in order. `short_forms` says what one written word stands for ("gonna")."""
    even = _evened(text)
    quotes = [match.span() for match in _QUOTED.finditer(even)]
    found: list[Word] = []
    spoken: dict[str, list[str]] = {}
    sentence = clause = quote = 0
    for part in _PARTS.finditer(even):
        written = part.group()
        if not written[0].isalnum():
            sentence += written in _SENTENCE_ENDS
            clause += written != '"'
            continue
        while quote < len(quotes) and quotes[quote][1] <= part.start():
            quote += 1
        quoted = quote < len(quotes) and quotes[quote][0] <= part.start()
        if written not in spoken:
            spoken[written] = _spoken(written, short_forms)
        found += [Word(one, sentence, clause, quoted) for one in spoken[written]]
    return _joined(found)


def _evened(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).casefold()
    if decomposed.isascii():
        return decomposed
    return "".join(one for one in decomposed if not unicodedata.combining(one))


def _spoken(written: str, short_forms: Mapping[str, str]) -> list[str]:
    if written[0].isdigit():
        return [written.replace(",", ".")]
    word = _STRETCHED.sub(r"\1\1", written)
    bare = word.replace("'", "")
    if bare in short_forms:
        return short_forms[bare].split()
    for ending, meant in _ENDINGS.items():
        if word.endswith(ending):
            return [word.removesuffix(ending).replace("'", ""), meant]
    if word.endswith("'s"):
        base = word.removesuffix("'s").replace("'", "")
        return [base, "is"] if base in _PRONOUNS else [base]
    return [bare]


def _joined(found: list[Word]) -> tuple[Word, ...]:
    """ "Can not" is read as "cant", as it is where it was written as one word."""
    words: list[Word] = []
    for word in found:
        if word.text == "not" and words and words[-1].text == "can":
            words[-1] = Word("cant", word.sentence, word.clause, word.quoted)
        else:
            words.append(word)
    return tuple(words)
