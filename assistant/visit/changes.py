"""What is new since the last visit: results (flagged ones first), medicines, conditions, allergies."""

from collections.abc import Iterator

from assistant.records.dates import shown_date
from assistant.records.facts.measures import Measure, measure, measures
from assistant.records.facts.phrases import dated, is_fact, shown_day, tells
from assistant.records.facts.text import named
from assistant.records.facts.values import told
from assistant.records.model import Category, Record
from assistant.records.show import shown_interpretation
from assistant.visit.chart import Chart, began, ended
from assistant.visit.model import Change
from assistant.visit.rules_medicines import medicines, novelties, said
from assistant.visit.rules_results import flags
from assistant.visit.subject import thing_key

MOST_RESULTS = 12
"""Results told one by one, flagged ones aside, which are all told."""
_Order = tuple[bool, bool, bool, str]
"""Not flagged, a vital sign, unchanged, its title: what is false or first in the alphabet comes first."""

_DOSE = frozenset(("dose",))
_REACTION = frozenset(("reaction",))


def changes(chart: Chart) -> tuple[Change, ...]:
    """Everything new since the last visit, results that their source flags first."""
    results = [change for _, change in sorted(_results(chart), key=lambda pair: pair[0])]
    marked = sum(change.flagged for change in results)
    rest = results[max(marked, MOST_RESULTS) :]
    told = results[: max(marked, MOST_RESULTS)]
    if rest:
        more = f"{len(rest)} more results, none of them flagged by their source."
        told.append(Change("result", more, tuple(id_ for change in rest for id_ in change.records)))
    flagged = [change for change in told if change.flagged]
    others = [change for change in told if not change.flagged]
    return (*flagged, *_medicines(chart), *_things(chart), *others)


def _results(chart: Chart) -> Iterator[tuple[_Order, Change]]:
    """The newest value of each thing measured since then, with what it is ordered by."""
    groups: dict[tuple[str, ...], list[Measure]] = {}
    values = [r for r in chart.of(Category.LABS, Category.VITALS) if tells(r) and began(r) <= chart.today]
    for value in measures(values):
        groups.setdefault(thing_key(value.record), []).append(value)
    for group in groups.values():
        newest = group[0]
        if not chart.is_new(newest.record):
            continue
        before = next((m for m in group[1:] if _before(m, newest)), None)
        given = flags(newest.record) if is_fact(newest.record) else frozenset()
        text = f"{newest.title}: {told(newest)}"
        if before is not None:
            text += f"; before that {told(before)}"
        if given:
            text += f". Its source marks it “{shown_interpretation(sorted(given))}”"
        rests_on = [newest.record, *([before.record] if before else [])]
        same = before is not None and before.exact == newest.exact
        order = (not given, newest.record.category is Category.VITALS, same, newest.title)
        yield order, Change("result", f"{text}.", chart.ids(rests_on), bool(given))
    yield from _no_value_yet(chart, values)


def _before(value: Measure, newest: Measure) -> bool:
    """Whether it is an earlier fact in the same unit."""
    return is_fact(value.record) and value.key == newest.key and value.day < newest.day


def _no_value_yet(chart: Chart, values: list[Record]) -> Iterator[tuple[_Order, Change]]:
    for record in values:
        if record.kind == "Observation" and measure(record) is None and _is_open(record, chart):
            status = record.status or "not confirmed"
            text = f"{named(record)} {dated(record)}: no final result yet ({status})."
            yield (True, False, False, named(record)), Change("result", text, chart.ids([record]))


def _is_open(record: Record, chart: Chart) -> bool:
    return chart.is_new(record) and not is_fact(record)


def _medicines(chart: Chart) -> Iterator[Change]:
    for newest, old in novelties(chart):
        text = f"{_with_dose(newest)}, since {shown_date(began(newest))}"
        text += f"; before that {_with_dose(old)}." if old else "."
        yield Change("changed medicine" if old else "new medicine", text, chart.ids([newest]))
    for group in medicines(chart).values():
        newest = group[0]
        end = ended(newest)
        if newest.current is False and end and chart.since <= end <= chart.today:
            text = f"{named(newest)}, ended {shown_date(end)}."
            yield Change("stopped medicine", text, chart.ids([newest]))


def _with_dose(record: Record) -> str:
    dose = said(record, _DOSE)
    return f"{named(record)}{f', {dose}' if dose else ''}"


def _things(chart: Chart) -> Iterator[Change]:
    for record in chart.facts(Category.CONDITIONS, Category.ALLERGIES):
        if record.kind == "Condition" and record.current is not False and chart.is_new(record):
            yield Change("new condition", f"{named(record)}, {shown_day(record)}.", chart.ids([record]))
        if record.kind == "AllergyIntolerance" and record.current is not False and chart.is_new(record):
            reaction = said(record, _REACTION)
            text = f"{named(record)}{f': {reaction}' if reaction else ''}, {shown_day(record)}."
            yield Change("new allergy", text, chart.ids([record]))
