"""Why something ended or was not done, in the source's own words."""

from collections.abc import Sequence

from assistant.records.facts.model import Fact, FactKind
from assistant.records.facts.phrases import dated, day_of, is_fact
from assistant.records.facts.text import named, short
from assistant.records.facts.things import newest, state
from assistant.records.model import Record, Trust

REASON = "why this status"
"""The label of FHIR's `statusReason` in a record's elements."""


def why_ended(records: Sequence[Record]) -> Fact | None:
    """The reason that the newest record that ended (or was not done) gives, else that none is given.

    Where everything is still marked as current, that is said instead. None without a record.
    """
    told = newest([r for r in records if is_fact(r) or r.trust is Trust.NOT_DONE])
    over = [r for r in told if r.current is not True]
    reasons = [r for r in over if _said(r, REASON)]
    if reasons:
        best = reasons[0]
        text = f"{_said(best, REASON)} is the reason that the record of {_which(best)} gives."
        return _fact(text, best)
    if over:
        best = next((r for r in over if _said(r, "note")), over[0])
        text = f"The records don't say why {_which(best)} ended."
        note = _said(best, "note")
        return _fact(f"{text} The note with it: {note}" if note else text, best)
    if not told:
        return None
    best = told[0]
    return _fact(f"The records don't show that {_which(best)} ended, so they give no reason.", best)


def _which(record: Record) -> str:
    return f"{named(record)} ({', '.join(part for part in (state(record), dated(record)) if part)})"


def _said(record: Record, label: str) -> str:
    texts = dict.fromkeys(short(e.text) for e in record.elements if e.label == label and e.text)
    return "; ".join(texts)


def _fact(text: str, record: Record) -> Fact:
    return Fact(FactKind.DETAIL, text, None, None, day_of(record.when) or None, (record.id,))
