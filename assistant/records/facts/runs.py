"""Results in a row that their source calls high, low or out of range. Nobody else's range is used."""

import datetime as dt
from collections.abc import Callable, Sequence
from itertools import groupby

from assistant.records.dates import sort_key
from assistant.records.facts.measures import Measure
from assistant.records.facts.model import Fact, FactKind, Frame
from assistant.records.facts.phrases import dated, is_fact, plural, source_says, stretch
from assistant.records.facts.sides import Side, side_of
from assistant.records.facts.values import told

_WORDS: dict[Side | None, str] = {
    Side.HIGH: "high by the source's own flag or range",
    Side.LOW: "low by the source's own flag or range",
    Side.IN: "within the source's own range",
    None: "out of the source's own range",
}


def runs(
    found: Sequence[Measure], frame: Frame, side: Side | None = None, *, now: bool = False
) -> Fact | None:
    """The longest run of results on one side (None: out of range either way) and the run that the latest
    result stands in; `now` puts that one first. `value` is the number of results in the run told first.

    Results without a flag or range are left aside and counted. None without any dated result.
    """
    sure = [m for m in found if is_fact(m.record) and m.day]
    if not sure:
        return None
    judged = [(m, placed) for m in sorted(sure, key=_when) if (placed := side_of(m)) is not None]
    if not judged:
        return _no_range(sure, frame)
    wanted = _wanted(side)
    held = [[m for m, _ in group] for hit, group in groupby(judged, key=lambda pair: wanted(pair[1])) if hit]
    title, words, newest = sure[0].title, _WORDS[side], judged[-1][0]
    current = held[-1] if held and held[-1][-1] is newest else []
    longest = max(reversed(held), key=len, default=[])
    said = [_current(current, title, words, newest), _longest(longest, title, words)]
    if longest == current and current:
        said[1] = "That is the longest such run."
    said = said if now or not longest else said[::-1]
    if longest == current and current and not now:
        said = [_longest(longest, title, words), "The latest result is the last of them."]
    text = " ".join(said) + _coverage(len(judged), sure, frame)
    told_first = current if now else longest
    cited = dict.fromkeys(m.record.id for m in (*reversed(told_first), *reversed(longest), *current, newest))
    return Fact(FactKind.RUN, text, str(len(told_first)), None, newest.day, tuple(cited))


def _when(measure: Measure) -> tuple[str, str]:
    return sort_key(measure.record.when), measure.exact


def _wanted(side: Side | None) -> Callable[[Side], bool]:
    if side is None:
        return lambda placed: placed is not Side.IN
    return lambda placed: placed is side


def _current(current: Sequence[Measure], title: str, words: str, newest: Measure) -> str:
    if not current:
        return f"The latest {title}, {told(newest)}, is not {words}.{source_says(newest)}"
    if len(current) == 1:
        return f"1 result: only the latest {title}, {told(newest)}, is {words}.{source_says(newest)}"
    text = f"{len(current)} results in a row, {_ends(current)}, up to the latest: your {title} is {words}"
    text += f", over {over}." if (over := _over(current)) else "."
    return text + source_says(newest)


def _longest(longest: Sequence[Measure], title: str, words: str) -> str:
    if not longest:
        return f"None of the {title} results is {words}."
    if len(longest) == 1:
        return f"1 result is the longest run of {title} that is {words}: {told(longest[0])}."
    return (
        f"{len(longest)} results in a row, {_ends(longest)}, is the longest run of {title} that is {words}."
    )


def _ends(run: Sequence[Measure]) -> str:
    return f"from {told(run[0])} to {told(run[-1])}"


def _over(run: Sequence[Measure]) -> str:
    """How long a run is from its first day to its last, where both are whole days."""
    if not all(len(m.day) == 10 for m in (run[0], run[-1])):
        return ""
    first, last = (dt.date.fromisoformat(m.day) for m in (run[0], run[-1]))
    return stretch((last - first).days) if last > first else ""


def _coverage(judged: int, sure: Sequence[Measure], frame: Frame) -> str:
    text = f" Looked at {plural('result', len(sure))}{frame.when}, the first {dated(sure[-1].record)},"
    text += f" the last {dated(sure[0].record)}"
    rest = len(sure) - judged
    text += (
        f"; the source gave {rest} of them no flag or range that tells, and they aren't counted"
        if rest
        else ""
    )
    return f"{text}. What was between results, the records don't say."


def _no_range(sure: Sequence[Measure], frame: Frame) -> Fact:
    title = sure[0].title
    text = f"The source gives no range or flag with any of your {plural('result', len(sure))} of {title}"
    text += f"{frame.when} (the latest: {told(sure[0])}), so the records don't say which were high or low."
    return Fact(FactKind.RUN, text, None, None, sure[0].day or None, (sure[0].record.id,))
