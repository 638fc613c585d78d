"""Whether and when something happened: first time, last time, ever."""

from collections.abc import Sequence

from assistant.records.dates import iso_day, shown_date
from assistant.records.facts.model import Fact, FactKind, Frame
from assistant.records.facts.phrases import dated, day_of, elapsed, is_fact, joined, shown_day, some
from assistant.records.facts.text import named, one_line, short
from assistant.records.facts.things import by_title, happened, newest, state
from assistant.records.model import Category, Record, Trust
from assistant.records.show import shown_value, status_words

_MOST_DATES = 8


def last_time(records: Sequence[Record], frame: Frame, *, ago: bool = False) -> Fact | None:
    """When it last happened (or began)."""
    return _time(records, frame, FactKind.LAST_TIME, first=False, ago=ago)


def first_time(records: Sequence[Record], frame: Frame, *, ago: bool = False) -> Fact | None:
    """When it first happened (or began)."""
    return _time(records, frame, FactKind.FIRST_TIME, first=True, ago=ago)


def nth_time(records: Sequence[Record], steps: int) -> Fact | None:
    """When it happened before the last time."""
    sure = _sure(records)
    if len(sure) <= steps:
        return None
    one = sure[steps]
    text = f"{shown_day(one)} is when {named(one)} took place before the latest, which was {dated(sure[0])}."
    return Fact(FactKind.PREVIOUS, text, None, None, day_of(one.when) or None, (one.id, sure[0].id))


def _sure(records: Sequence[Record]) -> list[Record]:
    return newest([record for record in records if is_fact(record)])


def _time(records: Sequence[Record], frame: Frame, kind: FactKind, *, first: bool, ago: bool) -> Fact | None:
    sure = [record for record in _sure(records) if day_of(record.when)] or _sure(records)
    if not sure:
        return None
    best = sure[-1] if first else sure[0]
    passed = f", {since_then}" if ago and (since_then := elapsed(best, frame.today)) else ""
    value = f": {_inline(best)}" if best.value is not None else ""
    stands = state(best) if best.category is Category.CONDITIONS else ""
    if frame.general:
        what = f"was your {'first' if first else 'latest'} {frame.noun}{frame.when}: {named(best)}"
    else:
        what = f"is when {named(best)} {happened(best, first=first)}{frame.when}"
    text = f"{shown_day(best)}{passed} {what}{value}"
    text += f" ({stands})." if stands else "."
    day = day_of(best.when) or (iso_day(best.recorded) if best.recorded else None)
    return Fact(kind, text, None, None, day, (best.id,))


def stopped(records: Sequence[Record]) -> Fact | None:
    """When something that holds for a time ended; that the source doesn't say when, where it doesn't."""
    sure = _sure(records)
    if not sure:
        return None
    over = [record for record in sure if record.when.end and record.current is not True]
    if over:
        best = max(over, key=lambda record: record.when.end or "")
        end = iso_day(best.when.end or "")
        text = f"{shown_date(end)} is when {named(best)} ended ({state(best)})."
        return Fact(FactKind.LAST_TIME, text, None, None, end, (best.id,))
    best = sure[0]
    stands = state(best) or "without a status"
    text = f"The records don't say when {named(best)} ended; the latest, {shown_day(best)}, is {stands}."
    return Fact(FactKind.LAST_TIME, text, None, None, None, (best.id,))


def ever(records: Sequence[Record], frame: Frame) -> Fact | None:
    """That something is in the records, each time with its date; doubtful records say so.

    None where no record is a fact or not confirmed.
    """
    sure = _sure(records)
    if not sure:
        unsure = newest([record for record in records if record.trust is Trust.UNCONFIRMED])
        return _doubtful_yes(unsure) if unsure else None
    told = [_each(title, group) for title, group in by_title(sure).items()]
    text = f"Yes: {some(told, 12)}{frame.when if frame.window and len(sure) == 1 else ''}."
    day = day_of(sure[0].when) or None
    cited = [record for group in by_title(sure).values() for record in group[:_MOST_DATES]]
    return Fact(FactKind.EVER, text, None, None, day, tuple(record.id for record in newest(cited)))


def _each(title: str, group: Sequence[Record]) -> str:
    newest_one = group[0]
    stands = state(newest_one) if newest_one.current is not None or newest_one.when.end else ""
    if len(group) == 1:
        value = f": {_inline(newest_one)}," if newest_one.value is not None else ""
        return f"{title}{value} {dated(newest_one)}" + (f" ({stands})" if stands else "")
    dates = some([dated(record) for record in group], _MOST_DATES)
    return f"{title}, {len(group)} times, {dates}" + (f" (the latest is {stands})" if stands else "")


def _inline(record: Record) -> str:
    """A value within a sentence: on one line, without a full stop of its own."""
    return short(shown_value(record.value)).rstrip(".") if record.value is not None else ""


def _doubtful_yes(unsure: Sequence[Record]) -> Fact:
    said = [f"{named(record)} {dated(record)} ({status_words(record)})" for record in unsure]
    text = f"It is in your records, but not as a confirmed fact: {some(said, 6)}."
    ids = tuple(record.id for record in unsure)
    return Fact(FactKind.EVER, text, None, None, day_of(unsure[0].when) or None, ids)


def only_otherwise(records: Sequence[Record]) -> Fact | None:
    """That the only records of it don't tell it as a fact about the patient: refuted, in error, planned..."""
    others = newest([record for record in records if record.trust not in (Trust.FACT, Trust.UNCONFIRMED)])
    if not others:
        return None
    said = [
        f"{named(record)} is in your records as {status_words(record)} ({shown_day(record)})"
        for record in others
    ]
    refuted = all(record.trust is Trust.REFUTED for record in others)
    # A reader in a hurry, or a small model, takes the first word: where the source says no, it is no.
    begin = "No, as far as your records go" if refuted else "Not as a fact about you"
    text = f"{begin}: {joined(said[:6])}."
    return Fact(FactKind.EVER, text, None, None, None, tuple(record.id for record in others))


def named_in(records: Sequence[tuple[Record, str]]) -> Fact | None:
    """That it is only named beside other records: as the reason of a visit, as what a medicine is for."""
    if not records:
        return None
    said = [f"{named(record)} {dated(record)} ({one_line(words)})" for record, words in records]
    text = f"There is no record of its own for it, but it is named in others: {some(said, 6)}."
    return Fact(FactKind.EVER, text, None, None, None, tuple(record.id for record, _ in records))
