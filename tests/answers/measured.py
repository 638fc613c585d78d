"""Questions about measured values: the last, one of a time, the highest, a change, two side by side."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from tests.answers.chart import Chart
from tests.answers.expected import Expected, Found, Told
from tests.answers.things import Thing, values
from tests.answers.times import alone, asked_about, chosen, of_year
from tests.oracle.raw import Value


def measured(chart: Chart, thing: Thing, pick: str, tell: str, seed: str) -> Found | None:
    """What one value, or the difference of two, is."""
    held = values(chart, thing)
    if not held:
        return None
    if pick in ("year", "month", "day", "age", "last_year"):
        asked = asked_about(held, pick, seed=seed, today=chart.today, born=chart.born)
        return _one(asked[0], tell, asked[1]) if asked else None
    if pick.startswith("change") or pick == "then_now":
        return _difference(held, pick, seed)
    one = _chosen(held, pick)
    return _one(one, tell, {}) if one else None


def compared(chart: Chart, things: Sequence[Thing]) -> Found | None:
    """The latest values of several things, side by side."""
    last = [held[-1] for thing in things if (held := values(chart, thing))]
    if len(last) < len(things):
        return None
    return Found(Expected((tuple(map(_told, last)),), frozenset(value.id for value in last)), {})


def _chosen(held: Sequence[Value], pick: str) -> Value | None:
    if pick in ("last", "first"):
        return held[-1] if pick == "last" else held[0]
    if pick == "before_last":
        return held[-2] if len(held) > 1 else None
    if pick in ("highest", "lowest") and len(held) > 1 and _alike(held):
        edge = (max if pick == "highest" else min)(value.number for value in held)
        at = [value for value in held if value.number == edge]
        return at[0] if len(at) == 1 else None
    return None


def _difference(held: Sequence[Value], pick: str, seed: str) -> Found | None:
    if len(held) < 2 or not _alike(held):
        return None
    last, years, blanks = held[-1], [f"{value.year}" for value in held], {}
    old = held[-2] if pick == "change_last" else held[0]
    if pick in ("change_since", "then_now"):
        could = years if pick == "change_since" else alone(years)
        year = chosen(sorted({year for year in could if int(year) < last.year}), seed)
        if year is None:
            return None
        old, blanks = next(value for value in held if f"{value.year}" == year), of_year(year)
    told = Told(f"{last.number - old.number:f}", last.unit)
    ways = ((told,), (_told(old), _told(last))) if pick == "then_now" else ((told,),)
    return Found(Expected(ways, frozenset((old.id, last.id))), blanks)


def _alike(held: Sequence[Value]) -> bool:
    """Whether all are numbers of one unit."""
    return len({value.unit for value in held}) == 1 and all(_number(value.digits) for value in held)


def _number(digits: str) -> bool:
    try:
        return Decimal(digits).is_finite()
    except InvalidOperation:
        return False


def _told(value: Value) -> Told:
    return Told(value.digits, value.unit, value.day)


def _one(value: Value, tell: str, blanks: dict[str, str]) -> Found:
    told = Told(date=value.day) if tell == "date" else _told(value)
    return Found(Expected(((told,),), frozenset((value.id,))), blanks)
