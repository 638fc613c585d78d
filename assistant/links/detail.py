"""Everything that is known about one record, in words and in order, for the screen that shows it."""

from collections.abc import Iterable, Iterator

import msgspec

from assistant.links.browse import Opened, Origin
from assistant.links.glance import flags_of, row_of
from assistant.links.series import Series
from assistant.records.dates import shown_date, shown_when
from assistant.records.model import CATEGORY_NAMES, Element, Part, Record, ReferenceRange, Value
from assistant.records.show import line, shown_interpretation, shown_range, shown_value, status_words

MOST_VALUES = 12
"""How many values of a series are listed below its plot."""


class Line(msgspec.Struct, frozen=True):
    """One thing that is said, and what it is called; the name is empty where it needs none."""

    name: str
    text: str


class Section(msgspec.Struct, frozen=True):
    """Some lines that belong together."""

    title: str
    lines: tuple[Line, ...]


def headline(record: Record) -> tuple[str, str, str]:
    """Title, value as shown, and what must stand beside it (empty for plain fact)."""
    return record.title, row_of(record).value, status_words(record) or ""


def told(opened: Opened) -> tuple[Section, ...]:
    """What the record says: its value, date and state, its parts, and the results that it groups."""
    record = opened.merged.record
    return _said(
        Section("Record", tuple(_record(record))),
        Section("Parts", tuple(_part(part) for part in record.parts)),
        Section("Results in it", tuple(Line("", line(member)) for member in opened.members)),
    )


def behind(opened: Opened) -> tuple[Section, ...]:
    """What stands behind it: every element, codes, where it comes from, what the validator found."""
    record = opened.merged.record
    return _said(
        Section("Details", tuple(_element(element, record) for element in record.elements)),
        Section("Codes", tuple(Line(code.code, _code(code.system, code.display)) for code in record.codes)),
        Section("Where it comes from", tuple(_origin(origin) for origin in opened.origins)),
        Section("What the FHIR validator found", tuple(_findings(opened))),
    )


def _said(*found: Section) -> tuple[Section, ...]:
    return tuple(section for section in found if section.lines)


def source_texts(opened: Opened) -> tuple[tuple[str, str], ...]:
    """(where from, text) of each resource that the record was read from, its JSON laid out and otherwise
    unchanged to the last digit."""
    named = zip(opened.raws, opened.origins, strict=True)
    return tuple(
        (f"{origin.source}, {origin.part}, {origin.at}", _laid_out(raw.body)) for raw, origin in named
    )


def values_told(series: Series) -> tuple[Line, ...]:
    """The newest values of a series, each with what stands beside it."""
    newest = series.points[::-1]
    lines = [
        Line(
            point.when,
            "; ".join(filter(None, (_with(point.shown, point.state), point.flags, _range(point.range)))),
        )
        for point in newest[:MOST_VALUES]
    ]
    more = len(newest) - len(lines)
    return (*lines, Line("", f"and {more:,} earlier")) if more else tuple(lines)


def _record(record: Record) -> Iterator[Line]:
    if record.value is not None:
        yield from _value(record.value, record.interpretation, record.ranges)
    elif flags := flags_of(record):
        yield Line("flag", shown_interpretation(flags))
    yield Line("date", shown_when(record.when) or "not given")
    if record.recorded:
        yield Line("recorded", shown_date(record.recorded))
    yield Line("category", CATEGORY_NAMES[record.category])
    yield Line("status", record.status or "not given")
    yield Line("trust", status_words(record) or _TOLD_AS_FACT)
    if record.current is not None:
        yield Line("holds now", "yes, says the source" if record.current else "no, says the source")
    yield Line("kind", record.kind)
    if record.labels:
        yield Line("sensitive", ", ".join(record.labels))


_TOLD_AS_FACT = "told as a fact about you"


def _value(value: Value, flags: tuple[str, ...], ranges: tuple[ReferenceRange, ...]) -> Iterator[Line]:
    shown, exact = shown_value(value), shown_value(value, exact=True)
    yield Line("value", shown)
    if exact != shown:
        yield Line("exactly", exact)
    for code in value.codes:
        yield Line("coded", f"{code.code} {_code(code.system, code.display)}")
    for given in ranges:
        yield Line("range of the source", shown_range(given))
    if flags:
        yield Line("flag", shown_interpretation(flags))


def _part(part: Part) -> Line:
    if part.value is None:
        return Line(part.title, "no value")
    first, *rest = _value(part.value, part.interpretation, part.ranges)
    return Line(part.title, "; ".join([first.text, *(f"{more.name} {more.text}" for more in rest)]))


def _element(element: Element, record: Record) -> Line:
    text = element.text or f"names {element.target}"
    beside = [] if element.category is record.category else [f"belongs to {CATEGORY_NAMES[element.category]}"]
    beside += [f"{code.code}" for code in element.codes]
    if element.labels:
        beside.append(f"sensitive: {', '.join(element.labels)}")
    return Line(element.label, _with(text, "; ".join(beside)))


def _code(system: str, display: str | None) -> str:
    return f"{display} ({system})" if display else f"({system})"


def _origin(origin: Origin) -> Line:
    read = f"; read {shown_date(origin.read[:10])}" if origin.read else ""
    return Line(origin.source, f"{origin.part}, {origin.at}{read}")


def _findings(opened: Opened) -> Iterable[Line]:
    found = [Line(finding.path, finding.text) for finding in opened.findings]
    return found or [Line("", "Nothing: the resource is as FHIR R4 asks.")]


def _laid_out(body: bytes) -> str:
    try:
        return msgspec.json.format(body, indent=2).decode("utf-8", "replace")
    except msgspec.DecodeError:
        return body.decode("utf-8", "replace")


def _with(text: str, state: str) -> str:
    return f"{text} ({state})" if state else text


def _range(text: str) -> str:
    return f"range {text}" if text else ""
