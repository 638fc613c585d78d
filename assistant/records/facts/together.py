"""Two series side by side, on the days that have both: how each moved, never why."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from assistant.records.dates import shown_date
from assistant.records.facts.change import moved
from assistant.records.facts.extremes import left_aside
from assistant.records.facts.measures import Measure, comparable, difference, plain
from assistant.records.facts.model import Fact, FactKind, Frame
from assistant.records.facts.phrases import plural
from assistant.records.facts.values import stated
from assistant.records.model import Trust

NO_CAUSE = "Moving together doesn't mean that one is the cause of the other."
_MOST_LINES = 12

_Pair = tuple[Measure, Measure]


def together(one: Sequence[Measure], other: Sequence[Measure], frame: Frame) -> Fact | None:
    """Both values of every day that has both (the last of a day), each in its newest unit; `value` is the
    number of such days. None where a series has no exact, dated value."""
    left, left_rest = _dated(one)
    right, right_rest = _dated(other)
    if not left or not right:
        return None
    by_day = {m.day: m for m in reversed(right)}
    of_left = {m.day: m for m in reversed(left)}
    pairs = [(m, by_day[day]) for day, m in sorted(of_left.items(), reverse=True) if day in by_day]
    names = f"{left[0].title} and {right[0].title}"
    beside = left_aside(left_rest) + left_aside(right_rest)
    if not pairs:
        text = f"0 days{frame.when} have both {names}. {_span(left)}; {_span(right)}."
        newest = (left[0].record.id, right[0].record.id)
        return Fact(FactKind.TOGETHER, text + beside, "0", None, None, newest)
    text = f"{plural('day', len(pairs))}{frame.when} {'have' if len(pairs) > 1 else 'has'} both {names}"
    text += f"{_dates(pairs)}.{_directions(pairs)} {NO_CAUSE}{beside} Newest first:\n"
    lines = [f"- {shown_date(a.day)}: {stated(a)}; {stated(b)}" for a, b in pairs[:_MOST_LINES]]
    if len(pairs) > _MOST_LINES:
        lines.append(f"- and {len(pairs) - _MOST_LINES} more")
    ids = tuple(dict.fromkeys(m.record.id for pair in pairs for m in pair))
    return Fact(FactKind.TOGETHER, text + "\n".join(lines), str(len(pairs)), None, pairs[0][0].day, ids)


def _dated(found: Sequence[Measure]) -> tuple[list[Measure], list[Measure]]:
    alike, others = comparable([m for m in found if m.record.trust is Trust.FACT])
    return [m for m in plain(alike) if len(m.day) == 10], others


def _span(found: Sequence[Measure]) -> str:
    many = plural("value", len(found))
    return f"{found[0].title}: {many}, {shown_date(found[-1].day)} to {shown_date(found[0].day)}"


def _dates(pairs: Sequence[_Pair]) -> str:
    if len(pairs) == 1:
        return ""
    return f", from {shown_date(pairs[-1][0].day)} to {shown_date(pairs[0][0].day)}"


def _directions(pairs: Sequence[_Pair]) -> str:
    if len(pairs) == 1:
        return " One day is too little to tell a direction."
    (new_a, new_b), (old_a, old_b) = pairs[0], pairs[-1]
    said = [f"{new.title}: {_way(new, old)}" for new, old in ((new_a, old_a), (new_b, old_b))]
    text = f" From the first of them to the last, {'; '.join(said)}."
    if len(pairs) == 2:
        return text
    steps = [(_first(a, c), _first(b, d)) for (a, b), (c, d) in pairwise(pairs)]
    same = sum((a > 0) == (b > 0) for a, b in steps if a and b)
    still = sum(not (a and b) for a, b in steps)
    text += f" From one day to the next, both went the same way {same} of {len(steps)} times"
    text += f" (in {still}, one stayed the same)" if still else ""
    pair = any(len(m.quantities) > 1 for m in pairs[0])
    return f"{text}{'; pairs go by their first number' if pair else ''}."


def _way(new: Measure, old: Measure) -> str:
    way = moved(difference(new, old), new)
    return f"{way[:1].lower()}{way[1:]}"


def _first(new: Measure, old: Measure) -> Decimal:
    return difference(new, old)[0]
