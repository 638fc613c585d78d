"""Questions about what is planned, put off, not confirmed, or told in two ways."""

from collections.abc import Iterator

from assistant.records.dates import shown_date
from assistant.records.facts.phrases import dated, is_fact, shown_day
from assistant.records.facts.text import named, short
from assistant.records.model import Category, Record, Trust
from assistant.visit.candidate import Candidate
from assistant.visit.chart import Chart, began
from assistant.visit.model import Rule
from assistant.visit.rules_medicines import said
from assistant.visit.subject import in_sentence, same_thing, thing_words

_ORDERED = frozenset(
    (
        "ServiceRequest",
        "DeviceRequest",
        "Procedure",
        "Appointment",
        "Immunization",
        "ImmunizationRecommendation",
    )
)
_OPEN_ACTIVITY = ("not started", "scheduled")
_LISTED = (Category.CONDITIONS, Category.ALLERGIES, Category.MEDICATIONS)
_PLANS = frozenset(("CarePlan", "Goal", "RiskAssessment", "ClinicalImpression", "DetectedIssue", "Flag"))
_LONGEST = 160


def planned(chart: Chart) -> Iterator[Candidate]:
    """What was ordered, booked, recommended or put off, with nothing of it done since."""
    done = [r for r in chart.records if is_fact(r) and r.kind != "CarePlan"]
    seen: list[Record] = []
    for record in chart.records:
        if record.kind not in _ORDERED or record.trust not in (Trust.PLANNED, Trust.NOT_DONE):
            continue
        if _done_since(record, done) or any(same_thing(record, other) for other in seen):
            continue
        question = _ask(record, chart.today)
        if question is not None:
            seen.append(record)
            yield question
    yield from _activities(chart)


def _done_since(record: Record, done: list[Record]) -> bool:
    day = (record.recorded or "")[:10] or began(record)
    return any(began(other) >= min(day, began(record) or day) and same_thing(record, other) for other in done)


def _ask(record: Record, today: str) -> Candidate | None:
    title, day = named(record), began(record)
    if record.kind == "Appointment":
        if record.trust is not Trust.PLANNED or day >= today:
            return None
        booked = f"My records still have this as booked {dated(record)}: {title}."
        text = f"{booked} Did it take place, or do I need a new one?"
        why = "The appointment is over, and the records don't say what became of it."
    elif record.trust is Trust.NOT_DONE:
        if record.status in ("revoked", "cancelled"):
            return None
        reason = said(record, frozenset(("why this status",)))
        text = f"{title} was not done {dated(record)}{f' ({reason})' if reason else ''}. Do I still need it?"
        why = "The records have it as not done, and nothing later shows that it was made up for."
    elif record.kind == "ImmunizationRecommendation":
        text = f"My records have this from {shown_day(record)}: {in_sentence(title)}. Am I due for it?"
        why = "It is recommended in the records, and nothing later shows that it was done."
    elif day > today:
        text = f"{title} is ordered for {shown_day(record)}. What do I need to do for it?"
        why = "It is ordered in the records and lies ahead."
    else:
        text = (
            f"{title} was ordered, dated {shown_day(record)}. Is it still needed, and how do I get it done?"
        )
        why = "It is ordered in the records, and nothing later shows that it was done."
    return Candidate(Rule.PLANNED, text, why, (record,), thing_words(record))


def _activities(chart: Chart) -> Iterator[Candidate]:
    """Activities of a care plan in force that it says are not begun."""
    for plan in chart.facts(Category.CONDITIONS):
        if plan.kind != "CarePlan" or plan.current is not True:
            continue
        for element in plan.elements:
            if element.label == "activity" and any(words in element.text.lower() for words in _OPEN_ACTIVITY):
                what = short(element.text, _LONGEST)
                text = f"My {in_sentence(named(plan))} names this: {what}. When does it start?"
                why = "The plan is in force, and this part of it has not begun."
                yield Candidate(Rule.PLANNED, text, why, (plan,))


def unsettled(chart: Chart) -> Iterator[Candidate]:
    """Conditions, allergies and medicines that were entered as not confirmed and may hold now."""
    sure = chart.facts(*_LISTED)
    for record in chart.of(*_LISTED):
        if record.trust is not Trust.UNCONFIRMED or record.current is False or record.kind in _PLANS:
            continue
        if any(began(other) >= began(record) and same_thing(record, other) for other in sure):
            continue
        status = f" (“{record.status}”)" if record.status else ""
        text = f"{named(record)} stands in my records as not confirmed{status}. Has that been settled?"
        why = f"It was entered as not confirmed, dated {shown_day(record)}."
        yield Candidate(Rule.UNSETTLED, text, why, (record,), thing_words(record))


def contradictions(chart: Chart) -> Iterator[Candidate]:
    """One record has it as fact, another refutes it: of allergies and conditions."""
    for category in (Category.ALLERGIES, Category.CONDITIONS):
        refuted = [record for record in chart.of(category) if record.trust is Trust.REFUTED]
        held = [r for r in chart.facts(category) if r.current is not False and r.kind not in _PLANS]
        for no in refuted:
            yes = next((record for record in held if same_thing(record, no)), None)
            if yes is None:
                continue
            text = (
                f"One record lists {named(yes)} ({_when(yes)}), another says it was ruled out ({_when(no)}). "
                "Which is right?"
            )
            why = "The records say two different things."
            yield Candidate(Rule.CONFLICT, text, why, (yes, no))


def _when(record: Record) -> str:
    day = record.when.start or record.recorded
    return shown_date(day[:10]) if day else "no date"
