"""Single values: the latest, the earliest, the one before, the one at a time."""

from collections.abc import Sequence

from assistant.records.dates import first_day, last_day, shown_date, sort_key
from assistant.records.facts.measures import Measure, measures
from assistant.records.facts.model import Fact, FactKind, Frame
from assistant.records.facts.phrases import (
    NOUNS,
    dated,
    doubt,
    is_fact,
    joined,
    plural,
    source_says,
)
from assistant.records.model import Category, Record

_MOST_TOLD = 12


def _noun(measure: Measure) -> str:
    category = measure.record.category
    measured = (Category.LABS, Category.VITALS, Category.ACTIVITY, Category.SLEEP)
    return f" {NOUNS[category]}" if category in measured else ""


def told(measure: Measure) -> str:
    """A value with what must stand beside it and its date: `96 mg/dL on 3 Feb 2026`."""
    return f"{stated(measure)} {dated(measure.record)}"


def stated(measure: Measure) -> str:
    """A value with what must stand beside it: that it has no unit, that it isn't confirmed."""
    return f"{measure.shown}{' (no unit given)' if measure.no_unit else ''}{doubt(measure.record)}"


def _fact(kind: FactKind, text: str, measure: Measure, others: Sequence[Measure] = ()) -> Fact:
    return Fact(
        kind=kind,
        text=text,
        value=measure.exact,
        unit=measure.unit,
        date=measure.day or None,
        records=tuple(dict.fromkeys(m.record.id for m in (measure, *others))),
    )


def _same_moment(measure: Measure, among: Sequence[Measure]) -> list[Measure]:
    """Other values of the same thing with the same date that say something else."""
    moment = sort_key(measure.record.when)
    return [
        m
        for m in among
        if m is not measure
        and moment
        and sort_key(m.record.when) == moment
        and (m.exact, m.key) != (measure.exact, measure.key)
    ]


def _beside(measure: Measure, among: Sequence[Measure]) -> tuple[str, list[Measure]]:
    same = _same_moment(measure, among)
    if not same:
        return "", []
    return (
        f" The same date also has {joined([f'{stated(m)} ({m.title})' for m in same])}.",
        same,
    )


def latest(found: Sequence[Measure], frame: Frame, *, dates: bool = False) -> Fact | None:
    """The newest value that is a fact; a newer one that isn't confirmed is told beside it."""
    sure = [m for m in found if is_fact(m.record)]
    if not found:
        return None
    best = sure[0] if sure else found[0]
    newer = found[: found.index(best)]
    beside, same = _beside(best, found)
    if newer:
        beside += f" A newer value is not a fact yet: {told(newer[0])}."
    return _single(FactKind.LATEST, "latest", best, frame, dates, beside, (*newer[:1], *same))


def earliest(found: Sequence[Measure], frame: Frame, *, dates: bool = False) -> Fact | None:
    """The oldest value that is a fact (among those with a date, where any has one)."""
    if not found:
        return None
    sure = [m for m in found if is_fact(m.record)] or list(found)
    with_date = [m for m in sure if m.day] or sure
    oldest = sort_key(with_date[-1].record.when)
    best = next(m for m in with_date if sort_key(m.record.when) == oldest)
    beside, same = _beside(best, found)
    return _single(FactKind.EARLIEST, "earliest", best, frame, dates, beside, same)


def previous(found: Sequence[Measure], frame: Frame, *, steps: int = 1, dates: bool = False) -> Fact | None:
    """The value so many steps before the latest one; None where there are not so many."""
    sure = [m for m in found if is_fact(m.record)]
    if len(sure) <= steps:
        return None
    best, newest = sure[steps], sure[0]
    beside, same = _beside(best, found)
    back = "" if steps == 1 else f"{steps} before the latest; "
    text = f" ({back}the latest is {told(newest)}.)"
    return _single(FactKind.PREVIOUS, "previous", best, frame, dates, beside + text, (newest, *same))


def _single(
    kind: FactKind,
    word: str,
    best: Measure,
    frame: Frame,
    dates: bool,
    beside: str,
    others: Sequence[Measure],
) -> Fact:
    what = f"your {word} {best.title}{_noun(best)}{frame.when}"
    if dates and best.day:
        text = f"{shown_date(best.day)} is the date of {what}: {stated(best)}."
    else:
        text = f"{told(best)} is {what}."
    return _fact(kind, text + source_says(best) + beside, best, others)


def at_time(
    found: Sequence[Measure], frame: Frame, *, target: str | None = None, dates: bool = False
) -> Fact | None:
    """The value in a stretch of time: the one nearest to `target`, else the last of them; all are told."""
    if not found:
        return None
    sure = [m for m in found if is_fact(m.record)] or list(found)
    best = nearest(sure, target) if target else sure[0]
    others = [m for m in sure if m is not best]
    what = f"{best.title}{_noun(best)}"
    if not others:
        head = f"is your only {what}{frame.when}"
    elif target:
        head = f"is your {what} nearest to {shown_date(target)}"
    else:
        head = f"is the last of {len(sure)} {best.title} values{frame.when}"
    text = f"{told(best)} {head}." if not dates else f"{shown_date(best.day)} {head}: {stated(best)}."
    text += source_says(best)
    if others:
        said = joined([told(m) for m in others[:_MOST_TOLD]])
        more = f", and {len(others) - _MOST_TOLD} more" if len(others) > _MOST_TOLD else ""
        text += f" Also{frame.when}: {said}{more}."
    return _fact(FactKind.AT_TIME, text, best, others)


def nearest(found: Sequence[Measure], target: str) -> Measure:
    """The value whose date is nearest to an ISO day; the newer where two are as near."""
    return min(found, key=lambda m: _distance(m, target))


def _distance(measure: Measure, target: str) -> int:
    when = measure.record.when
    if not measure.day:
        return 10**9
    first, last = first_day(when), last_day(when)
    if first <= target <= last:
        return 0
    return min(abs(_ordinal(first) - _ordinal(target)), abs(_ordinal(last) - _ordinal(target)))


def _ordinal(day: str) -> int:
    year, month, date = (int(part) for part in day.split("-"))
    return year * 372 + month * 31 + date


def around(before: Sequence[Measure], after: Sequence[Measure]) -> Fact | None:
    """With no value in the stretch asked for: the last one before it and the first one after it."""
    sides = [
        (m, word)
        for m, word in ((before[0] if before else None, "before"), (after[-1] if after else None, "after"))
        if m
    ]
    if not sides:
        return None
    said = [f"{told(m)} is the nearest {word}" for m, word in sides]
    text = f"{joined(said)} ({sides[0][0].title})."
    return _fact(FactKind.AT_TIME, text, sides[0][0], [m for m, _ in sides[1:]])


def values(found: Sequence[Measure], frame: Frame, *, most: int | None = None) -> Fact | None:
    """Several values of one thing, newest first, one a line."""
    if not found:
        return None
    kept = found[:most] if most else found
    shown = kept[:40]
    titles = list(dict.fromkeys(m.title for m in kept))
    head = plural("value", len(kept)) + f" of {joined(titles)}{frame.when}, newest first:"
    if most and len(found) > most:
        head = f"Your last {head}"
    lines = [f"- {told(m)}" + (f" ({m.title})" if len(titles) > 1 else "") for m in shown]
    if len(kept) > len(shown):
        lines.append(f"- and {len(kept) - len(shown)} more")
    return _fact(FactKind.LIST, "\n".join([head, *lines]), kept[0], kept[1:])


def flagged(records: Sequence[Record], frame: Frame) -> Fact | None:
    """Results with the source's own range and flag, newest first, one a line."""
    found = measures(records)
    if not found:
        return None
    lines = [f"- {m.title}: {told(m)}.{source_says(m)}" for m in found[:40]]
    if len(found) > len(lines):
        lines.append(f"- and {len(found) - len(lines)} more")
    head = f"{plural(frame.noun, len(found))}{frame.when}, newest first:"
    return _fact(FactKind.LIST, "\n".join([head, *lines]), found[0], found[1:])
