"""What stands around a question without asking anything: a greeting, why it is asked, who wants to know.

The phrases stand in `lexicon_data/openings.json`.
"""

import re
from functools import cache
from importlib.resources import files

import msgspec

from assistant.grounding.lexicon import Group, Lexicon
from assistant.grounding.phrases import compiled
from assistant.grounding.scan import scan
from assistant.records.words import fold

_CLAUSE = re.compile(r"(?<=[.!?;:,])\s+|\s+[-\u2013\u2014]+\s+|\n+|(?<=[a-z])\s*[\u2013\u2014]\s*")
_MOST_CLAUSES = 8
_ASKS = re.compile(
    r"\b(?:what|whats|which|when|whens|where|who|whos|why|how|hows)\b"
    r"|^(?:am|are|is|was|were|do|does|did|have|has|had)\b"
)
_LEANS = re.compile(
    r"\b(?:that|this|these|those|then|it|there|since|before|after|until|when i|during|while|because"
    r"|he|she|they|them|his|her|their)\b"
)
_CALLS = re.compile(r"^(?:and |so )?(?:my |the )?(?:date|day|last|latest|newest|most recent|current)\b")
"""A question without a verb: `date of my last shot`."""
_HURTS = frozenset((Group.CONDITION, Group.ALLERGY))
"""What people tell of before they ask about a vaccine: `I cut my hand, when was my last tetanus shot`."""
_TELLS = re.compile(r"^(?:and |but |so |because |since |as )?(?:i|we|it|there|this)\b")
_FIRST_PERSON_PAST = re.compile(r"^i (?:was|weighed|had|took|got|did|went|started)\b")


class _Data(msgspec.Struct, forbid_unknown_fields=True):
    starts: list[str]
    asides: list[str]


class _Reader(msgspec.Struct, frozen=True):
    starts: re.Pattern[str]
    asides: re.Pattern[str]


@cache
def _reader() -> _Reader:
    data = files("assistant.grounding").joinpath("lexicon_data", "openings.json").read_bytes()
    told = msgspec.json.decode(data, type=_Data)
    return _Reader(compiled(f"^{phrase}" for phrase in told.starts), compiled(told.asides))


def without_chat(question: str, known: Lexicon) -> str:
    """The question without the sentences and half sentences before and after it that only tell why it is
    asked; as it is where nothing but such sentences would be left."""
    clauses = [clause for clause in _CLAUSE.split(question) if clause.strip()]
    if not 1 < len(clauses) <= _MOST_CLAUSES:
        return question
    kept = [clause for clause in clauses if not _is_chat(clause, known)]
    asked = {group for clause in kept if _asks_by_itself(clause) for group in _named(clause, known)}
    if asked:
        besides = _HURTS if Group.VACCINE in asked else frozenset()
        kept = [clause for clause in kept if not _only_tells(clause, known, besides)]
    if not any(_names_something(clause, known) or _ASKS.search(" ".join(fold(clause))) for clause in kept):
        return question
    return " ".join(kept) if len(kept) < len(clauses) else question


def _is_chat(clause: str, known: Lexicon) -> bool:
    words = fold(clause)
    text = " ".join(words)
    if not words or not _reader().starts.match(text):
        return not words
    if _ASKS.search(text) or _FIRST_PERSON_PAST.search(text) or any(word.isdigit() for word in words):
        return False
    return not _names_something(clause, known)


def _asks_by_itself(clause: str) -> bool:
    """Whether a clause asks and leans on nothing said before it."""
    text = " ".join(fold(clause))
    return bool(_ASKS.search(text) or _CALLS.search(text)) and not _LEANS.search(text)


def _only_tells(clause: str, known: Lexicon, besides: frozenset[Group]) -> bool:
    """Whether a clause only tells what happened and names nothing but things of these groups: `I stepped on a
    nail`."""
    text = " ".join(fold(clause))
    if not _TELLS.match(text) or _ASKS.search(text) or _FIRST_PERSON_PAST.search(text):
        return False
    return not any(character.isdigit() for character in text) and _named(clause, known) <= besides


def _named(clause: str, known: Lexicon) -> frozenset[Group]:
    return frozenset(span.concept.group for span in scan(fold(clause), known, correcting=False).spans)


def _names_something(clause: str, known: Lexicon) -> bool:
    """Whether a clause names a thing of the records; `my doctor` and `my appointment` alone don't count."""
    spans = scan(fold(clause), known, correcting=False).spans
    return any(not (span.concept.everything and span.concept.group is Group.VISIT) for span in spans)


def without_asides(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a question without phrases that ask nothing: `could you tell me`, `my wife wants to know`;
    as they are where nothing else would be left."""
    text = " ".join(words)
    left = tuple(_reader().asides.sub(" ", text).split())
    return left or words
