"""What stands on a sheet when it is written out, in which order: the same for every format."""

import msgspec

from assistant.records.dates import shown_date
from assistant.visit.make import title_of
from assistant.visit.model import Bring, Origin, Question, Visit, VisitSheet

FOOT = (
    "Made from my own records by Chartside. It is a list to talk from, not a diagnosis and not advice. "
    "Values, flags and doses are as their sources wrote them."
)
_ORIGIN = {
    Origin.ME: "My own question.",
    Origin.MODEL: "Suggested by an AI model; check it against your records.",
}
_BRING = {"medicine": "My medicines", "allergy": "My allergies"}
_NOTHING = {
    "medicine": "No current medicine stands in my records. I may take some all the same.",
    "allergy": "No allergy stands in my records. That doesn't mean that I have none.",
}


class Entry(msgspec.Struct, frozen=True):
    """One thing in a section."""

    text: str
    under: tuple[str, ...] = ()
    """Smaller lines beneath it."""
    ticked: bool | None = None
    """Whether its box is ticked; None for no box."""
    note: str | None = None
    """What was noted for it; empty for room to write; None for neither."""
    number: int | None = None


class Section(msgspec.Struct, frozen=True):
    """A heading with what stands under it."""

    heading: str
    entries: tuple[Entry, ...] = ()
    words: str = ""
    """Running text, its line breaks kept."""


class Page(msgspec.Struct, frozen=True):
    """A sheet laid out."""

    title: str
    made: str
    """UTC time at which the sheet was made."""
    under: tuple[str, ...]
    sections: tuple[Section, ...]
    foot: str = FOOT


def page_of(sheet: VisitSheet) -> Page:
    """The sheet laid out for any format. Its text is as stored: each format makes it safe for itself."""
    sections = [Section("My questions", tuple(_question(n, q) for n, q in enumerate(sheet.questions, 1)))]
    if not sheet.questions:
        sections = [Section("My questions", words="None yet.")]
    if sheet.words:
        sections.append(Section("In my own words", words=sheet.words))
    sections.append(_changes(sheet))
    sections += [_bring(sheet, kind) for kind in _BRING]
    return Page(title_of(sheet), sheet.made_at, _under(sheet), tuple(sections))


def _under(sheet: VisitSheet) -> tuple[str, ...]:
    lines = []
    visit = sheet.visit
    if visit.who and visit.title:
        lines.append(f"With: {visit.who}")
    lines.append(f"As of {shown_date(sheet.made_at[:10])}")
    return tuple(lines)


def _question(number: int, question: Question) -> Entry:
    under = [f"Why: {question.why}"] if question.why else []
    if question.already_answered:
        noted = question.already_answered
        under.append(f"May be answered already in the note of {shown_date(noted.date)}: {noted.title}.")
    if question.behind:
        under.append(f"In my records: {'; '.join(question.behind)}.")
    if question.origin in _ORIGIN:
        under.append(_ORIGIN[question.origin])
    return Entry(question.text, tuple(under), question.done, question.answer, number)


def _changes(sheet: VisitSheet) -> Section:
    heading = f"New since {since_words(sheet)}"
    if not sheet.changes:
        return Section(heading, words="Nothing new stands in my records.")
    entries = [Entry(f"{_KINDS.get(change.kind, '')}{change.text}") for change in sheet.changes]
    return Section(heading, tuple(entries))


_KINDS = {
    "new medicine": "New medicine: ",
    "changed medicine": "Medicine changed: ",
    "stopped medicine": "Medicine stopped: ",
    "new condition": "New condition: ",
    "new allergy": "New allergy: ",
}


def since_words(sheet: VisitSheet) -> str:
    """`my last visit (Office visit, 18 Aug 2026)`, or the day that is counted from."""
    last: Visit | None = sheet.last_visit
    if last is None:
        return shown_date(sheet.since) if sheet.since else "the start of my records"
    return f"my last visit ({last.title}, {shown_date(last.date)})" if last.date else "my last visit"


def _bring(sheet: VisitSheet, kind: str) -> Section:
    items: list[Bring] = [item for item in sheet.bring if item.kind == kind]
    if not items:
        return Section(_BRING[kind], words=_NOTHING[kind])
    return Section(_BRING[kind], tuple(Entry(item.text) for item in items))
