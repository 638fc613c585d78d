"""Words that change what a question means and that no reading here takes into account: `without`, `fasting`,
`my son's`, `should be`. Where they stand, a plain value would answer another question.

The phrases stand in `lexicon_data/careful.json`.
"""

import re
from functools import cache
from importlib.resources import files

import msgspec

from assistant.grounding.phrases import compiled

_YES_OR_NO = re.compile(
    r"^(?:(?:and|but|so|ok|well|please|also) )*"
    r"(?:am|are|is|was|were|do|does|did|have|has|had|can|isn|aren|wasn|weren|don|doesn|didn|haven|hasn|hadn|ever)\b"
)
_MASK = "_"


class _Phrases(msgspec.Struct, forbid_unknown_fields=True):
    harmless: list[str]
    always: list[str]
    wh: list[str]
    pivots: frozenset[str]
    pivots_harmless: list[str]


class _Reader(msgspec.Struct, frozen=True):
    harmless: re.Pattern[str]
    always: re.Pattern[str]
    wh: re.Pattern[str]
    pivots: frozenset[str]
    pivots_harmless: re.Pattern[str]


@cache
def _reader() -> _Reader:
    data = files("assistant.grounding").joinpath("lexicon_data", "careful.json").read_bytes()
    said = msgspec.json.decode(data, type=_Phrases)
    return _Reader(
        compiled(said.harmless),
        compiled(said.always),
        compiled(said.wh),
        said.pivots,
        compiled(said.pivots_harmless),
    )


def unheeded(words: tuple[str, ...], known: frozenset[str] = frozenset()) -> str:
    """The first words that change the meaning of a question and aren't heeded by its reading; empty where
    there are none. A `not` in a question for a yes or no asks the same as without it. `known` holds the words
    that stand in the names of what the question is about."""
    reader = _reader()
    text = reader.harmless.sub(_MASK, " ".join(words))
    patterns = (reader.always,) if _YES_OR_NO.match(text) else (reader.always, reader.wh)
    for pattern in patterns:
        for match in pattern.finditer(text):
            said = match.group().split()
            if not known.issuperset(said):
                return match.group().strip()
    return ""


def turning(words: tuple[str, ...], known: frozenset[str] = frozenset()) -> str:
    """The first word that compares or divides (`most`, `than`, `between`), for questions that were read as if
    none stood there; empty where there is none. `known` as in `unheeded`."""
    reader = _reader()
    left = reader.pivots_harmless.sub(_MASK, " ".join(words)).split()
    return next((word for word in left if word in reader.pivots and word not in known), "")
