"""A sheet as the vault keeps it: the patient's words apart, everything that tells of records line by line."""

import msgspec

from assistant.vault.visits import Line, Sheet
from assistant.visit.model import Bring, Change, Question, Visit, VisitSheet


class _Head(msgspec.Struct, frozen=True):
    since: str = ""
    words: str = ""
    carried_from: str | None = None


def to_stored(sheet: VisitSheet) -> Sheet:
    """The sheet for the vault."""
    head = _Head(sheet.since, sheet.words, sheet.carried_from)
    visits = [("visit", sheet.visit), *([("last visit", sheet.last_visit)] if sheet.last_visit else [])]
    lines = [
        Line(part, msgspec.json.encode(visit), (visit.record,) if visit.record else ())
        for part, visit in visits
    ]
    lines += [Line("question", msgspec.json.encode(q), _of_question(q)) for q in sheet.questions]
    lines += [Line("change", msgspec.json.encode(change), change.records) for change in sheet.changes]
    lines += [Line("bring", msgspec.json.encode(item), item.records) for item in sheet.bring]
    return Sheet(sheet.id, sheet.made_at, sheet.updated_at, msgspec.json.encode(head), tuple(lines))


def _of_question(question: Question) -> tuple[str, ...]:
    noted = question.already_answered
    return (*question.records, noted.record) if noted else question.records


def from_stored(stored: Sheet) -> VisitSheet:
    """The sheet as it was kept; lines whose records were forgotten are gone."""
    head = msgspec.json.decode(stored.body, type=_Head)
    parts: dict[str, list[bytes]] = {}
    for line in stored.lines:
        parts.setdefault(line.part, []).append(line.body)
    visits = [msgspec.json.decode(body, type=Visit) for body in parts.get("visit", ())]
    last = [msgspec.json.decode(body, type=Visit) for body in parts.get("last visit", ())]
    return VisitSheet(
        id=stored.id,
        made_at=stored.made,
        updated_at=stored.updated,
        visit=visits[0] if visits else Visit(),
        last_visit=last[0] if last else None,
        since=head.since,
        questions=tuple(msgspec.json.decode(b, type=Question) for b in parts.get("question", ())),
        changes=tuple(msgspec.json.decode(b, type=Change) for b in parts.get("change", ())),
        bring=tuple(msgspec.json.decode(b, type=Bring) for b in parts.get("bring", ())),
        words=head.words,
        carried_from=head.carried_from,
    )
