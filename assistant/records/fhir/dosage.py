"""FHIR Dosage and Timing in words: the source's own text, else what its structure says."""

from collections.abc import Iterator
from typing import Any

from assistant.records.coded import string, words_of
from assistant.records.dates import shown_date, shown_when
from assistant.records.decode import Node
from assistant.records.model import When
from assistant.records.show import shown_quantity, span
from assistant.records.values import digits_of, quantity

_UNITS = {"s": "second", "min": "minute", "h": "hour", "d": "day", "wk": "week", "mo": "month", "a": "year"}
_WHEN = {
    "HS": "at bedtime",
    "WAKE": "on waking",
    "C": "with meals",
    "CM": "with breakfast",
    "CD": "with lunch",
    "CV": "with dinner",
    "AC": "before meals",
    "ACM": "before breakfast",
    "ACD": "before lunch",
    "ACV": "before dinner",
    "PC": "after meals",
    "PCM": "after breakfast",
    "PCD": "after lunch",
    "PCV": "after dinner",
    "MORN": "in the morning",
    "AFT": "in the afternoon",
    "EVE": "in the evening",
    "NIGHT": "at night",
    "NOON": "at noon",
}
_DAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}


def _items(found: Any) -> list[Any]:
    return found if type(found) is list else [] if found is None else [found]


def _rate(repeat: Node) -> str | None:
    count, period = digits_of(repeat.get("frequency")), digits_of(repeat.get("period"))
    most, longest = digits_of(repeat.get("frequencyMax")), digits_of(repeat.get("periodMax"))
    code = repeat.get("periodUnit")
    unit = _UNITS.get(code) if isinstance(code, str) else None
    if period is None or unit is None:
        return f"{count} times" if count not in (None, "1") else None
    every = f"a {unit}" if period == "1" and longest is None else None
    if every is None:
        every = f"every {period} to {longest} {unit}s" if longest else f"every {period} {unit}s"
    if most and most != count:
        return f"{count or '0'} to {most} times {every}"
    if count in (None, "1"):
        return f"once {every}" if every.startswith("a ") else every
    return f"twice {every}" if count == "2" else f"{count} times {every}"


def _repeat(repeat: Node) -> Iterator[str]:
    rate = _rate(repeat)
    if rate:
        yield rate
    for item in _items(repeat.get("when")):
        if isinstance(item, str):
            yield _WHEN.get(item, item)
    for item in _items(repeat.get("timeOfDay")):
        if isinstance(item, str):
            yield f"at {item[:5]}"
    days = [
        _DAYS[item] for item in _items(repeat.get("dayOfWeek")) if isinstance(item, str) and item in _DAYS
    ]
    if days:
        yield "on " + ", ".join(days)
    lasts = quantity(repeat.get("boundsDuration"))
    if lasts is not None:
        yield f"for {shown_quantity(lasts, exact=True)}"
    times = digits_of(repeat.get("count"))
    if times is not None:
        yield "once" if times == "1" else f"{times} times in all"
    bounds = repeat.get("boundsPeriod")
    if type(bounds) is dict:
        start, end = string(bounds.get("start")), string(bounds.get("end"))
        text = shown_when(When(start, end))
        if text:
            yield f"from {text}" if start else text


def timing_words(timing: Any) -> str | None:
    """A Timing: how often, when, for how long."""
    if type(timing) is not dict:
        return None
    words: list[str] = []
    repeat = timing.get("repeat")
    if type(repeat) is dict:
        words.extend(_repeat(repeat))
    code = words_of(timing.get("code"))
    if code:
        words.append(code)
    words.extend(shown_date(item) for item in _items(timing.get("event")) if isinstance(item, str) and item)
    return ", ".join(dict.fromkeys(words)) or None


def _amounts(dosage: Node) -> Iterator[str]:
    for item in _items(dosage.get("doseAndRate")):
        if type(item) is not dict:
            continue
        for name, word in (("dose", "dose"), ("rate", "rate")):
            found = quantity(item.get(f"{name}Quantity"))
            if found is not None:
                yield f"{word} {shown_quantity(found, exact=True)}"
            limits = item.get(f"{name}Range")
            if type(limits) is dict and (
                text := span(quantity(limits.get("low")), quantity(limits.get("high")))
            ):
                yield f"{word} {text}"
        ratio = item.get("rateRatio")
        if type(ratio) is dict:
            over, under = quantity(ratio.get("numerator")), quantity(ratio.get("denominator"))
            if over and under:
                yield f"rate {shown_quantity(over, exact=True)} per {shown_quantity(under, exact=True)}"
    # MedicationAdministration.dosage has its amount beside, not in doseAndRate.
    found = quantity(dosage.get("dose"))
    if found is not None:
        yield f"dose {shown_quantity(found, exact=True)}"
    found = quantity(dosage.get("rateQuantity"))
    if found is not None:
        yield f"rate {shown_quantity(found, exact=True)}"


def dosage_words(dosage: Any) -> str | None:
    """A Dosage: its text where there is one, else amount, timing, route. What it is for is not told here."""
    if type(dosage) is not dict:
        return None
    text = string(dosage.get("text"))
    if text is not None:
        return text.strip()
    words = list(_amounts(dosage))
    timing = timing_words(dosage.get("timing"))
    if timing:
        words.append(timing)
    if dosage.get("asNeededBoolean") is True or type(dosage.get("asNeededCodeableConcept")) is dict:
        words.append("as needed")
    for name in ("route", "site", "method"):
        found = words_of(dosage.get(name))
        if found:
            words.append(found)
    extra = (words_of(item) for item in _items(dosage.get("additionalInstruction")))
    words.extend(item for item in extra if item)
    told = string(dosage.get("patientInstruction"))
    if told:
        words.append(told.strip())
    return ", ".join(words) or None
