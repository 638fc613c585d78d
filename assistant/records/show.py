"""How records read to a person or a model: one line each, with everything a value needs beside it."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from assistant.records.dates import is_date, shown_date, shown_when
from assistant.records.flags import FLAG_WORDS
from assistant.records.model import Element, Part, Quantity, Record, ReferenceRange, Trust, Value, ValueKind

_TRUST_WORDS = {
    Trust.UNCONFIRMED: "not confirmed",
    Trust.REFUTED: "refuted",
    Trust.ERROR: "entered in error",
    Trust.NOT_DONE: "not done",
    Trust.PLANNED: "planned",
    Trust.FAMILY: "family history",
}
_SAYS_ALL = frozenset((Trust.ERROR, Trust.REFUTED, Trust.FAMILY))
_ROUTINE = frozenset(("final", "completed", "finished", "current", "available"))


def shown_digits(digits: str) -> str:
    """A number as a lab prints it.

    Whole numbers and up to two decimals stay as they are; else 0 decimals from 1000, 1 from 10, 2 from 1,
    and 3 significant digits below 1. Halves round up (away from zero).
    """
    if digits.isdigit():
        return digits
    try:
        number = Decimal(digits)
    except InvalidOperation:
        return digits
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > 40:
        return digits
    if "e" not in digits and "E" not in digits and exponent >= -2:
        return digits
    if exponent >= -2:
        return f"{number:f}"
    size = abs(number)
    places = 0 if size >= 1000 else 1 if size >= 10 else 2 if size >= 1 else 2 - number.adjusted()
    return f"{_rounded(number, places):f}" if number else f"{number:f}"


def _rounded(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def shown_money(q: Quantity) -> str:
    """An amount of money: at most two decimals, then the currency."""
    number = q.value
    if len(number.partition(".")[2]) > 2 and "e" not in number.lower():
        number = f"{_rounded(Decimal(number), 2):f}"
    return f"{number} {q.unit}" if q.unit else number


def shown_quantity(q: Quantity, *, exact: bool = False) -> str:
    """Comparator, number and unit; the source's own digits when `exact`."""
    number = q.value if exact else shown_digits(q.value)
    unit = q.unit or q.code
    if q.comparator:
        number = f"{q.comparator}{number}" if len(q.comparator) < 3 else f"{q.comparator} {number}"
    if not unit:
        return number
    return f"{number}{unit}" if unit == "%" else f"{number} {unit}"


def _shown_text(text: str) -> str:
    if text[:1].isdigit() and len(text) <= 70:
        start, _, end = text.partition(" to ")
        if is_date(start) and len(start) >= 7 and (not end or is_date(end)):
            return f"{shown_date(start)} to {shown_date(end)}" if end else shown_date(start)
    return text


def shown_value(value: Value, *, exact: bool = False) -> str:
    """A value with comparator and unit, both ends of a range, both sides of a ratio."""
    first, second = value.quantity, value.second
    if value.kind is ValueKind.QUANTITY and first is not None:
        return shown_quantity(first, exact=exact)
    if value.kind is ValueKind.RANGE:
        return span(first, second, exact=exact)
    if value.kind is ValueKind.RATIO and first is not None and second is not None:
        return f"{shown_quantity(first, exact=exact)} : {shown_quantity(second, exact=exact)}"
    if value.kind is ValueKind.ABSENT:
        return f"no value ({value.text})" if value.text else "no value"
    return _shown_text(value.text or "")


def span(low: Quantity | None, high: Quantity | None, *, exact: bool = True) -> str:
    """`3.5 to 5.1 mmol/L`, `from 3.5 mmol/L` or `up to 5.1 mmol/L`; empty with neither end."""
    if low is None:
        return f"up to {shown_quantity(high, exact=exact)}" if high is not None else ""
    if high is None:
        return f"from {shown_quantity(low, exact=exact)}"
    same = (low.unit or low.code) == (high.unit or high.code)
    start = Quantity(low.value, low.comparator) if same else low
    return f"{shown_quantity(start, exact=exact)} to {shown_quantity(high, exact=exact)}"


def shown_range(given: ReferenceRange) -> str:
    """The source's own range, with whom it is for."""
    text = span(given.low, given.high)
    if given.text and given.text != text:
        text = f"{text} ({given.text})" if text else given.text
    return f"{text} for {', '.join(given.applies)}" if given.applies else text


def shown_interpretation(flags: Iterable[str]) -> str:
    """The source's flags in words; a flag that is none of HL7's stays as it is."""
    return ", ".join(dict.fromkeys(FLAG_WORDS.get(flag, flag) for flag in flags))


def status_words(record: Record) -> str | None:
    """What must stand beside the value when the record is not plain fact; None when it is."""
    if record.trust is Trust.FACT:
        return None
    words = _TRUST_WORDS[record.trust]
    if record.trust is Trust.PLANNED and record.status and "order" in record.status:
        words = "ordered, not known to be done"
    elif record.trust is Trust.PLANNED and record.status and "directive" in record.status:
        words = "a standing instruction"
    status = record.status
    if not status or record.trust in _SAYS_ALL or status.replace("-", " ") == words:
        return words
    return f"{words}: {status}"


def _state(record: Record) -> str | None:
    words = status_words(record)
    if words is not None or record.status is None or record.status in _ROUTINE:
        return words
    return record.status if record.status != "active" or record.current is not None else None


def _measured(
    value: Value | None, flags: tuple[str, ...], ranges: tuple[ReferenceRange, ...], exact: bool
) -> str:
    pieces = [shown_value(value, exact=exact)] if value is not None else []
    if ranges:
        pieces.append("range " + ", or ".join(shown_range(given) for given in ranges))
    if flags:
        pieces.append(shown_interpretation(flags))
    return "; ".join(pieces)


def _part(part: Part, exact: bool) -> str:
    value = shown_value(part.value, exact=exact) if part.value is not None else ""
    beside = _measured(None, part.interpretation, part.ranges, exact)
    return f"{part.title} {value}".rstrip() + (f" ({beside})" if beside else "")


def element_words(element: Element) -> str:
    """`label: text`, or nothing where the element only names another record."""
    return f"{element.label}: {element.text}" if element.text else ""


def line(record: Record, elements: Iterable[Element] | None = None, *, exact: bool = False) -> str:
    """One line: title, value, state, range, flags, parts, date, then the elements given.

    The state always stands right after the value when the record is not plain fact. Line breaks in the
    source's text become spaces. `exact` keeps all of the source's digits.
    """
    state = _state(record)
    value = shown_value(record.value, exact=exact) if record.value is not None else ""
    head = f"{record.title}: {value}" if value else record.title
    pieces = [f"{head} ({state})" if state else head]
    beside = _measured(None, record.interpretation, record.ranges, exact)
    if beside:
        pieces.append(beside)
    pieces.extend(_part(part, exact) for part in record.parts)
    when = shown_when(record.when)
    if when:
        pieces.append(when)
    elif record.recorded:
        pieces.append(f"recorded {shown_date(record.recorded)}")
    pieces.extend(words for element in elements or () if (words := element_words(element)))
    return " ".join("; ".join(pieces).split())
