"""Measured values in series: one thing, one unit, newest first."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from statistics import median

from assistant.records.facts.measures import Measure, measures
from assistant.records.facts.phrases import is_fact
from assistant.records.model import Category
from assistant.visit.chart import Chart, began

MUCH = Decimal("0.2")
"""A fifth of the value before: what counts as a large step."""
SOME = Decimal("0.1")
"""A tenth in all: what a row of steps in one direction must come to."""
ROW = 3
"""Steps in one direction that make a row."""
_RHYTHM_VALUES = 4
_SHORTEST_RHYTHM = 14
_LONGEST_RHYTHM = 800
"""Days between values that can be called regular: more often is a hospital stay, more rarely is chance."""


def series_of(chart: Chart) -> list[list[Measure]]:
    """The numbers that are facts, one list for each thing and unit, each newest first."""
    groups: dict[str, list[Measure]] = {}
    for found in measures(chart.facts(Category.LABS, Category.VITALS)):
        if found.quantities and found.day and began(found.record) <= chart.today:
            groups.setdefault(_key(found), []).append(found)
    return list(groups.values())


def _key(found: Measure) -> str:
    return found.record.series or f"{found.title.casefold()}|{found.key}"


def big_step(series: Sequence[Measure]) -> bool:
    """Whether the newest value is a fifth or more away from the one before, and that is more than it usually
    moves: more than three of four of its earlier steps."""
    if len(series) < 2:
        return False
    newest = _share(series[0], series[1])
    steps = sorted(_share(new, old) for new, old in pairwise(series[1:]))
    return newest >= MUCH and (not steps or newest > steps[(3 * len(steps)) // 4])


def _share(new: Measure, old: Measure) -> Decimal:
    """The step as a share of the older value, the larger of the two of a blood pressure; 0 with a limit."""
    if new.comparator or old.comparator:
        return Decimal()
    pairs = zip(new.numbers, old.numbers, strict=True)
    return max((abs(a - b) / abs(b) for a, b in pairs if b), default=Decimal())


def row(series: Sequence[Measure]) -> int:
    """How many values, counted from the newest, go one way without a break: 0 where they make no row."""
    if any(m.comparator for m in series[: ROW + 1]):
        return 0
    firsts = [m.numbers[0] for m in series]
    steps = [new - old for new, old in pairwise(firsts)]
    length = 0
    while length < len(steps) and steps[length] * steps[0] > 0 and not series[length + 1].comparator:
        length += 1
    if length < ROW or _share(series[0], series[length]) < SOME:
        return 0
    return length + 1


def rhythm(series: Sequence[Measure], today: str) -> int:
    """The usual days between values, where the last one is more than twice that ago; else 0."""
    days = sorted({began(m.record) for m in series if is_fact(m.record)}, reverse=True)
    if len(days) < _RHYTHM_VALUES:
        return 0
    gaps = [days_between(old, new) for new, old in pairwise(days)]
    usual = round(median(gaps))
    if not _SHORTEST_RHYTHM <= usual <= _LONGEST_RHYTHM:
        return 0
    return usual if days_between(days[0], today) > 2 * usual else 0


def days_between(first: str, second: str) -> int:
    """Days from one ISO day to a later one."""
    return (dt.date.fromisoformat(second) - dt.date.fromisoformat(first)).days
