"""Charts of made-up records, and the questions that the rules ask of them."""

import datetime as dt
from collections.abc import Sequence

import msgspec

from assistant.records.model import Category, Coding, Element, Record, Trust
from assistant.visit.chart import Chart, chart_of
from assistant.visit.make import make_sheet
from assistant.visit.model import Question, Rule, Visit, VisitSheet
from assistant.visit.ranking import ranked
from tests.fakes.made import allergy, lab, note, procedure, visit

TODAY = dt.date(2026, 6, 1)
AT = "2026-06-01T09:00:00Z"
LAST_VISIT = visit("Check-up", "2026-02-10")
SODIUM = Coding("http://loinc.org", "2951-2", "Sodium")


def chart(*records: Record, last: Record | None = LAST_VISIT, today: dt.date = TODAY) -> Chart:
    """The chart of these records, with a last visit on 10 Feb 2026."""
    return chart_of([*records, *([last] if last else [])], today)


def sheet(*records: Record) -> VisitSheet:
    """The sheet that is made of these records."""
    return make_sheet(chart(*records), Visit(), id="v1", at=AT)


def asked(rule: Rule, *records: Record) -> list[Question]:
    """What one rule asks of these records, in order."""
    return [question for question in ranked(chart(*records)) if question.rule is rule]


def sodium(digits: str, day: str, unit: str = "mmol/L", flags: tuple[str, ...] = ()) -> Record:
    """A sodium value."""
    return lab(digits, day, unit, title="Sodium", code=SODIUM, flags=flags)


def told(category: Category, label: str, text: str) -> Element:
    """An element of a record."""
    return Element(category, f"Invented.{label}", label, text)


def dose(text: str) -> Element:
    """The dose of a medicine as its source wrote it."""
    return told(Category.MEDICATIONS, "dose", text)


def reason(text: str) -> Element:
    """What a medicine is for."""
    return told(Category.CONDITIONS, "for", text)


def reacting(title: str, reaction: str, *, current: bool = True, trust: Trust = Trust.FACT) -> Record:
    """An allergy with its reaction."""
    elements = (told(Category.ALLERGIES, "reaction", reaction),)
    return msgspec.structs.replace(allergy(title, current=current, trust=trust), elements=elements)


def written(text: str, day: str) -> Record:
    """A note with this text."""
    return note("Progress note", day, (told(Category.NOTES, "text", text),))


def ordered(title: str, day: str, *, code: str) -> Record:
    """An order that is not known to be done."""
    made = procedure(title, day, code=code, trust=Trust.PLANNED)
    return msgspec.structs.replace(made, kind="ServiceRequest", status="active, order")


def texts(questions: Sequence[Question]) -> list[str]:
    """Their words."""
    return [question.text for question in questions]
