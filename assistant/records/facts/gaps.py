"""The times between one and the next of a thing that is done again and again."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from assistant.records.dates import shown_date
from assistant.records.facts.measures import digits
from assistant.records.facts.model import Fact, FactKind, Frame
from assistant.records.facts.phrases import day_of, is_fact, plural, stretch
from assistant.records.model import Record


def gaps(records: Sequence[Record], frame: Frame, *, missed: bool = False) -> Fact | None:
    """The longest stretch between two days that have one, the median stretch, and how long ago the latest
    was; `value` is the longest in days. `missed` adds that records hold no schedule.

    Records of one day count once. None without a fact that has a whole date up to today.
    """
    sure = [record for record in records if is_fact(record)]
    by_day = {day: r for r in sure if len(day := day_of(r.when)) == 10 and day <= frame.today}
    days = [dt.date.fromisoformat(day) for day in sorted(by_day)]
    if not days:
        return None
    last = _shown(days[-1])
    ago = (dt.date.fromisoformat(frame.today) - days[-1]).days
    beside = f" The latest, {last}, is {stretch(ago)} before {shown_date(frame.today)}"
    steps = [(b - a).days for a, b in pairwise(days)]
    if not steps:
        text = f"{last} is the only day with a {frame.noun}{frame.when}, so there is no gap to tell.{beside}."
        return Fact(FactKind.GAPS, text + _schedule(missed), None, "days", None, (by_day[_iso(days[-1])].id,))
    longest = max(steps)
    at = len(steps) - 1 - steps[::-1].index(longest)
    text = f"{stretch(longest)} is the longest gap between one {frame.noun} and the next{frame.when}: "
    text += f"from {_shown(days[at])} to {_shown(days[at + 1])}. "
    text += f"{plural('day', len(days))} with one, from {_shown(days[0])} to {last}; "
    text += f"the middle (median) gap is {_median(steps)} days.{beside}"
    text += ", longer than any gap before it." if ago > longest else "."
    undated = len([r for r in sure if len(day_of(r.when)) != 10])
    text += f" {plural('record', undated)} without a whole date left aside." if undated else ""
    cited = dict.fromkeys((_iso(days[at + 1]), _iso(days[at]), *(_iso(day) for day in reversed(days))))
    ids = tuple(by_day[day].id for day in cited)
    return Fact(FactKind.GAPS, text + _schedule(missed), str(longest), "days", None, ids)


def _schedule(missed: bool) -> str:
    if not missed:
        return ""
    return " Nothing here says when each was due, so whether one was missed can't be told from it."


def _iso(day: dt.date) -> str:
    return day.isoformat()


def _shown(day: dt.date) -> str:
    return shown_date(day.isoformat())


def _median(steps: Sequence[int]) -> str:
    ordered, half = sorted(steps), len(steps) // 2
    if len(ordered) % 2:
        return str(ordered[half])
    return digits(((Decimal(ordered[half - 1]) + ordered[half]) / 2).normalize())
