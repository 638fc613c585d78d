"""Make a sheet from a chart: by rules alone, with what was left open on an earlier one."""

from collections.abc import Iterable, Sequence

import msgspec

from assistant.records.dates import iso_day, shown_date
from assistant.records.facts.text import named, one_line
from assistant.records.model import Record
from assistant.visit.bring import bring
from assistant.visit.changes import changes
from assistant.visit.chart import Chart
from assistant.visit.model import MOST_QUESTIONS, Question, Visit, VisitSheet
from assistant.visit.ranking import ranked

_LONGEST_WHO = 120


def make_sheet(
    chart: Chart,
    visit: Visit,
    *,
    id: str,  # noqa: A002 - the name of the sheet's field
    at: str,
    carried: VisitSheet | None = None,
) -> VisitSheet:
    """A new sheet. Questions left open on `carried` come first, then the rules', ten at most."""
    along = open_questions(carried) if carried else []
    own = [question for question in ranked(chart) if not _asked(question, along)]
    return VisitSheet(
        id=id,
        made_at=at,
        updated_at=at,
        visit=visit,
        last_visit=visit_of(chart.last_visit) if chart.last_visit else None,
        since=chart.since,
        questions=numbered([*along, *own][:MOST_QUESTIONS]),
        changes=changes(chart),
        bring=bring(chart),
        carried_from=carried.id if carried else None,
    )


def open_questions(sheet: VisitSheet) -> list[Question]:
    """The questions that are not ticked off, in their order."""
    return [question for question in sheet.questions if not question.done]


def _asked(question: Question, before: Iterable[Question]) -> bool:
    """Whether an earlier question has the same words, or the same rule and newest record."""
    for known in before:
        same_rule = known.rule is not None and known.rule is question.rule
        if known.text == question.text or (same_rule and known.records[:1] == question.records[:1]):
            return True
    return False


def numbered(questions: Sequence[Question]) -> tuple[Question, ...]:
    """The questions under the ids `q1`, `q2` in their order."""
    return tuple(msgspec.structs.replace(q, id=f"q{n}") for n, q in enumerate(questions, 1))


def visit_of(record: Record) -> Visit:
    """A visit as its record tells it."""
    date = record.when.start or record.when.end
    who = [one_line(element.text) for element in record.elements if element.label == "with" and element.text]
    return Visit(
        title=named(record).removeprefix("Appointment: "),
        date=iso_day(date) if date else None,
        who="; ".join(dict.fromkeys(who))[:_LONGEST_WHO] or None,
        record=record.id,
    )


def title_of(sheet: VisitSheet) -> str:
    """What a sheet is called: `Yearly physical, 16 Feb 2027`."""
    visit = sheet.visit
    name = visit.title or (f"Visit with {visit.who}" if visit.who else "My next visit")
    return f"{name}, {shown_date(visit.date)}" if visit.date else name
