"""What only a clinician may say, a diagnosis or a change of medicine, marked where none of theirs is cited.

Nothing is edited away: the patient sees what was said, and the warning beside it.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

import msgspec

from assistant.chat.checks.sentences import pieces
from assistant.records.model import Category
from assistant.sharing.model import Item

DIAGNOSIS = "This says what you have without a clinician's record behind it. Ask your clinic."
CHANGE = "This tells you to change a medicine. Don't, before you have asked your clinic."

_CITED = re.compile(r"\[(\d{1,4})\]")
_DENIED = re.compile(
    r"(?:\b(?:not|nothing|no(?! doubt| question)|none|cannot|neither|whether|if|when|people|who)\b|n't\b)"
    r"(?:(?!\bbut\b)[^.;,]){0,45}$",
    re.IGNORECASE,
)
_TAKEN_AWAY = re.compile(
    r"\b(?:don't|do not|no longer|not) (?:need|use|take|want)\b[^.;]{0,50}\b(?:any ?more|any longer)\b"
    r"|\byou (?:don't|do not|no longer) need (?:the |your |to take )"
    r"|\b(?:should|must|can|could|needs? to|ought to|has to) (?:now )?be (?:increased|raised|doubled|reduced"
    r"|lowered|halved|stopped|started|changed|switched|discontinued|cut|skipped|replaced|restarted)\b"
    r"|\bgo (?:back|up|down) to \w+ (?:mg|tablets?|pills?|capsules?|units|of)\b",
    re.IGNORECASE,
)
_GENERAL = re.compile(r"^\W*(?:in general|doctors|clinicians|usually|often|many people)\b", re.IGNORECASE)
_NO_MEDICINE = re.compile(
    r"\btake (?:this|the|your|a|these) (?:list|sheet|copy|note|notes|records?|questions)\b", re.IGNORECASE
)
_MARKS = re.compile(r"[*_`#>]+")
_CLINICAL = frozenset(
    (
        Category.CONDITIONS,
        Category.MEDICATIONS,
        Category.NOTES,
        Category.VISITS,
        Category.ALLERGIES,
        Category.PROCEDURES,
    )
)
"""Categories whose records a clinician wrote; a lab value alone says neither what someone has nor takes."""


_QUOTED = 5
"""So many words as a record that was sent has them are that record's, not advice."""


class _Words(msgspec.Struct, forbid_unknown_fields=True):
    diagnoses: list[str]
    not_diagnoses: list[str]
    illnesses: list[str]
    illness_endings: list[str]
    changes: list[str]
    openings: list[str]
    medicines: list[str]
    medicine_endings: list[str]
    cautions: list[str]


class _Patterns(msgspec.Struct, frozen=True):
    diagnosis: re.Pattern[str]
    change: re.Pattern[str]
    medicine: re.Pattern[str]
    caution: re.Pattern[str]
    caution_first: re.Pattern[str]


def warnings(text: str, items: Sequence[Item]) -> tuple[str, ...]:
    """What to say beside an answer: at most one sentence for a diagnosis, one for a change of medicine."""
    of = {item.ref: item.category for item in items}
    sent = " ".join(" ".join(item.text for item in items).lower().split())
    found: set[str] = set()
    for sentence in (piece.text for piece in pieces(text)):
        cited = {of.get(int(ref)) for ref in _CITED.findall(sentence)}
        asks = sentence.rstrip().endswith("?")
        if cited & _CLINICAL or asks or _GENERAL.search(sentence) or _NO_MEDICINE.search(sentence):
            continue
        plain = _MARKS.sub("", _CITED.sub("", sentence)).replace("’", "'")
        found.update(_found(plain, sent))
    return tuple(warning for warning in (DIAGNOSIS, CHANGE) if warning in found)


def _found(sentence: str, sent: str) -> Iterable[str]:
    patterns = _patterns()
    if any(not _DENIED.search(sentence[: said.start()]) for said in patterns.diagnosis.finditer(sentence)):
        yield DIAGNOSIS
    if not patterns.medicine.search(sentence):
        return
    if _TAKEN_AWAY.search(sentence) and not patterns.caution_first.match(sentence):
        yield CHANGE
    for order in patterns.change.finditer(sentence):
        own_words = " ".join(sentence[order.start("verb") :].lower().split()[:_QUOTED])
        if own_words not in sent and not patterns.caution.search(sentence[: order.start("verb")]):
            yield CHANGE


@cache
def _patterns() -> _Patterns:
    text = files("assistant.chat.checks").joinpath("advice.json").read_bytes()
    words = msgspec.json.decode(text, type=_Words)
    illness = rf"(?:{_any(words.illnesses)}|\w+(?:{_any(words.illness_endings)}))"
    medicine = rf"(?:{_any(words.medicines)}|\w+(?:{_any(words.medicine_endings)}))"
    verbs, openings = _any(words.changes), _any(words.openings)
    return _Patterns(
        diagnosis=_compiled(
            rf"(?<!if )(?<!whether )(?<!when )(?<!people )\b(?:{_any(words.diagnoses)})(?![\w'])"
            rf"(?! (?:{_any(words.not_diagnoses)}|\d)\b)[^.;:!?]{{0,60}}?\b{illness}\b"
        ),
        change=_compiled(
            rf"(?:^\W*|[.;:,!–—-]\s*|\b(?:{openings})\s+(?:that )?(?:you )?)"
            rf"(?:just |now |safely |also |immediately |simply )?(?P<verb>{verbs})\b"
        ),
        medicine=_compiled(rf"\b{medicine}\b|\d ?(?:mg|mcg|iu|units)\b"),
        caution=_compiled(
            rf"\b(?:{_any(words.cautions)})\b(?:(?!, (?:so|then|and|instead)\b)[^.;]){{0,60}}$"
        ),
        caution_first=_compiled(r"\W*(?:ask|talk|discuss|check|before|your doctor may)\b"),
    )


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
