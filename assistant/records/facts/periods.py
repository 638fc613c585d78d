"""Averages by calendar week, month or year, with the stretches that hold no value."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

import msgspec

from assistant.records.dates import shown_date
from assistant.records.facts.change import moved
from assistant.records.facts.extremes import left_aside, middle
from assistant.records.facts.measures import Measure, comparable, digits, plain, with_unit
from assistant.records.facts.model import Fact, FactKind, Frame
from assistant.records.facts.phrases import plural
from assistant.records.model import Trust

_MOST_LINES = 24
_NEEDED = {"week": 10, "month": 7, "year": 4}
"""Characters of an ISO date that tell which week, month or year it lies in."""


class Step(StrEnum):
    """What values are put together by. Weeks begin on Monday (ISO 8601)."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class _Period(msgspec.Struct, frozen=True):
    at: int
    """Its place in an unbroken count of such stretches."""
    held: tuple[Measure, ...]
    mean: tuple[Decimal, ...]


def by_time(found: Sequence[Measure], frame: Frame, step: Step) -> Fact | None:
    """The average of each week, month or year that has an exact value, newest first, in the newest value's
    unit; `value` is the newest average. None without an exact, dated value."""
    alike, others = comparable([m for m in found if m.record.trust is Trust.FACT])
    exact = plain(alike)
    dated = [m for m in exact if len(m.day) >= _NEEDED[step]]
    if not dated:
        return None
    periods = _periods(dated, step)
    newest, oldest = periods[0], periods[-1]
    title, name = dated[0].title, _named(newest.at, step)
    text = (
        f"{_shown(newest)} is the average of your {title} in {name} ({plural('value', len(newest.held))}). "
    )
    text += f"{plural('value', len(dated))}{frame.when} in {len(periods)} of "
    text += f"{plural(step.value, newest.at - oldest.at + 1)}, from {shown_date(dated[-1].day)}"
    text += f" to {shown_date(dated[0].day)}"
    if newest is not oldest:
        steps = [b - a for a, b in zip(oldest.mean, newest.mean, strict=True)]
        text += f". {moved(steps, dated[0])} from the average in {_named(oldest.at, step)} ({_shown(oldest)})"
    lines = _lines(periods, step)
    text += f". By {step.value}, newest first:\n" + "\n".join(lines)
    undated = len(exact) - len(dated)
    if undated:
        text += f"\n{plural('value', undated)} without a date precise enough left aside."
    beside = left_aside(others, [m for m in alike if m not in exact]).strip()
    text += f"\n{beside}" if beside else ""
    value = "/".join(digits(number) for number in newest.mean)
    ids = tuple(m.record.id for m in dated)
    return Fact(FactKind.BY_TIME, text, value, dated[0].unit, None, ids)


def _periods(dated: Sequence[Measure], step: Step) -> list[_Period]:
    groups: dict[int, list[Measure]] = {}
    for measure in dated:
        groups.setdefault(_place(measure.day, step), []).append(measure)
    return [_Period(at, tuple(held), middle(held)) for at, held in sorted(groups.items(), reverse=True)]


def _place(day: str, step: Step) -> int:
    if step is Step.YEAR:
        return int(day[:4])
    if step is Step.MONTH:
        return int(day[:4]) * 12 + int(day[5:7]) - 1
    return (dt.date.fromisoformat(day).toordinal() - 1) // 7


def _named(at: int, step: Step) -> str:
    if step is Step.YEAR:
        return str(at)
    if step is Step.MONTH:
        return shown_date(f"{at // 12:04d}-{at % 12 + 1:02d}")
    return f"the week of {shown_date(dt.date.fromordinal(at * 7 + 1).isoformat())}"


def _shown(period: _Period) -> str:
    return with_unit([digits(number) for number in period.mean], period.held[0])


def _lines(periods: Sequence[_Period], step: Step) -> list[str]:
    lines = []
    for period, before in zip(periods, [*periods[1:], None], strict=True):
        name = _named(period.at, step).removeprefix("the ")
        many = plural("value", len(period.held))
        change = ""
        if before is not None and before.at == period.at - 1:
            steps = [b - a for a, b in zip(before.mean, period.mean, strict=True)]
            way = moved(steps, period.held[0])
            change = f"; {way[:1].lower()}{way[1:]} from the {step.value} before"
        lines.append(f"- {name}: {_shown(period)} ({many}){change}")
        if before is not None and before.at < period.at - 1:
            lines.append(f"- {_empty(before.at + 1, period.at - 1, step)}: no value")
    if len(lines) > _MOST_LINES:
        lines = [*lines[:_MOST_LINES], "- and earlier ones"]
    return lines


def _empty(first: int, last: int, step: Step) -> str:
    start, end = (_named(at, step).removeprefix("the ") for at in (first, last))
    return start if first == last else f"{start} to {end.removeprefix('week of ')}"
