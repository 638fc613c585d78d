"""What is new since a day: begun, ended, measured again."""

from collections.abc import Sequence

import msgspec

from assistant.records.dates import first_day, span
from assistant.records.facts.change import between
from assistant.records.facts.measures import comparable, measures
from assistant.records.facts.model import Fact, FactKind, Frame
from assistant.records.facts.phrases import is_fact, plural
from assistant.records.facts.sets import listed
from assistant.records.facts.text import named
from assistant.records.facts.things import by_title, newest
from assistant.records.facts.values import told
from assistant.records.model import Record

_MOST_RESULTS = 20


def begun_since(records: Sequence[Record], day: str, frame: Frame, *, again: bool = False) -> Fact | None:
    """What began on or after an ISO day; without `again`, only what no record of the same title shows before
    it."""
    known = set() if again else {named(r) for r in records if is_fact(r) and "" < _first(r) < day}
    fresh = [r for r in records if is_fact(r) and _first(r) >= day and named(r) not in known]
    return listed(fresh, msgspec.structs.replace(frame, noun=f"new {frame.noun}"))


def ended_since(records: Sequence[Record], day: str, frame: Frame) -> Fact | None:
    """What ended on or after an ISO day, as far as the source says when."""
    over = [
        r for r in records if is_fact(r) and r.current is not True and r.when.end and r.when.end[:10] >= day
    ]
    return listed(over, msgspec.structs.replace(frame, noun=f"{frame.noun} that ended"))


def measured_since(records: Sequence[Record], day: str, frame: Frame) -> Fact | None:
    """The newest value of everything measured on or after an ISO day, with the change from the last value
    before that day, or else from the first one after."""
    lines, cited = [], []
    for title, group in by_title(newest(records)).items():
        sure = [m for m in measures(group) if is_fact(m.record) and m.day]
        fresh = [m for m in sure if first_day(m.record.when) >= day]
        if not fresh:
            continue
        new = fresh[0]
        before = [m for m in sure if m not in fresh]
        alike = comparable([new, *(before or fresh[:0:-1])])[0]
        cited.append(new.record.id)
        if len(alike) < 2:
            first = ", the first on record" if len(sure) == 1 else ""
            lines.append(f"- {title}: {told(new)}{first}")
            continue
        cited.append(alike[1].record.id)
        lines.append(f"- {between(new, alike[1], msgspec.structs.replace(frame, window='')).text}")
    if not lines:
        return None
    head = f"{plural(frame.noun, len(lines))}{frame.when}, each with the change from the value before:"
    more = [f"- and {len(lines) - _MOST_RESULTS} more"] if len(lines) > _MOST_RESULTS else []
    text = "\n".join([head, *lines[:_MOST_RESULTS], *more])
    return Fact(FactKind.LIST, text, str(len(lines)), None, None, tuple(cited[: 2 * _MOST_RESULTS]))


def _first(record: Record) -> str:
    start = record.when.start or record.when.end or record.recorded or ""
    return span(start)[0]
