"""Makes right answers wrong in one way each; the same seed makes the same mistakes."""

import datetime as dt
import re
from collections.abc import Iterator
from itertools import combinations, pairwise
from random import Random

from tests.checking.model import Frozen, Kind, Mutation, Span
from tests.checking.readings import Truths
from tests.checking.wording import COUNTED, DATES

Edit = tuple[int, int, str]
NUMBERS = ("value", "count", "strength", "limit", "change")
TRIES = 40
OTHER_UNITS: dict[str, tuple[str, ...]] = {
    "mg/dl": ("mmol/L", "g/dL", "mg/L", "µmol/L"),
    "%": ("mmol/mol", "mg/dL"),
    "percent": ("mmol/mol", "mg/dL"),
    "mmhg": ("kPa", "cmH2O"),
    "mm hg": ("kPa", "cmH2O"),
    "mm[hg]": ("kPa", "cm[H2O]"),
    "kg": ("lb", "g", "stone"),
    "kg/m²": ("lb/in²", "kg"),
    "kg/m2": ("lb/in2", "kg"),
    "ml/min/1.73m2": ("L/min/1.73m2", "mL/s/1.73m2", "mg/dL"),
    "ml/min/1.73 m²": ("L/min/1.73 m²", "mL/s/1.73 m²"),
    "beats/min": ("breaths/min", "mmHg"),
    "bpm": ("breaths/min", "mmHg"),
    "beats per minute": ("breaths per minute", "mmHg"),
    "steps/day": ("steps/week", "kcal/day"),
    "steps a day": ("steps a week", "kcal a day"),
    "steps per day": ("steps per week", "kcal per day"),
    "h": ("min", "days"),
    "hours": ("minutes", "days"),
    "cm": ("in", "mm"),
    "°c": ("°F",),
    "u/l": ("mg/dL", "U/mL"),
    "miu/l": ("IU/L", "mIU/dL", "ng/dL"),
    "ng/ml": ("pg/mL", "nmol/L", "ng/dL"),
    "pg/ml": ("ng/mL", "pmol/L"),
    "g/dl": ("g/L", "mg/dL", "mmol/L"),
    "mg/g": ("mg/mmol", "g/g"),
    "mmol/l": ("mg/dL", "µmol/L"),
    "10*3/ul": ("10*6/uL", "g/dL"),
    "10*6/ul": ("10*3/uL", "g/dL"),
    "fl": ("pg", "dL"),
    "mg": ("mcg", "g", "mL"),
    "iu": ("mg", "mcg"),
}
NEGATIONS = (
    (" is not ", " is "),
    (", not confirmed", ""),
    (" but not confirmed", ""),
    (" is ", " is not "),
    (" was ", " was not "),
    (" normal", " not normal"),
    (" show ", " do not show "),
    (" list ", " do not list "),
    (" lists ", " does not list "),
)


def mutations(index: int, answer: Frozen, truths: Truths, seed: str) -> Iterator[Mutation]:
    """One mutation of each kind that an answer allows and that isn't true as well."""
    makers = {"digit": _digit, "swap": _swap, "unit": _unit, "date": _date, "negation": _negation}
    for kind, maker in makers.items():
        draw = Random(f"{seed} {index} {kind}")
        made = maker(answer, truths, draw)
        if made:
            yield _apply(kind, index, answer, made)  # type: ignore[arg-type]


def right(truths: Truths, thing: str, when: str, value: str) -> bool:
    """Whether a message has this value for this thing, as far as the day is given."""
    known = truths.get(thing, frozenset())
    return any(day.startswith(when) and value in ("", said) for day, said in known)


def _apply(kind: Kind, index: int, answer: Frozen, made: list[tuple[Edit, tuple[int, int]]]) -> Mutation:
    edits = sorted(edit for edit, _ in made)

    def moved(position: int) -> int:
        return position + sum(len(new) - (end - at) for at, end, new in edits if end <= position)

    text = answer.text
    for at, end, new in reversed(edits):
        text = text[:at] + new + text[end:]
    places = tuple((moved(at), moved(at) + len(new)) for at, _, new in edits)
    before = tuple(dict.fromkeys(sentence for _, sentence in made))
    now = tuple((moved(start), moved(stop)) for start, stop in before)
    return Mutation(kind, index, text, places, now, before)


def _changed(span: Span, new: str) -> tuple[Edit, tuple[int, int]]:
    return (span.at, span.end, new), (span.start, span.stop)


def _digit(answer: Frozen, truths: Truths, draw: Random) -> list[tuple[Edit, tuple[int, int]]]:
    spans = [span for span in answer.spans if span.role in NUMBERS]
    for _ in range(TRIES if spans else 0):
        span = draw.choice(spans)
        old = answer.text[span.at : span.end]
        new = _other_number(old, draw)
        value = new.replace(",", "")
        if new != old and value != span.value and not right(truths, span.thing, span.when, value):
            return [_changed(span, new)]
    return []


def _other_number(old: str, draw: Random) -> str:
    words = {word: int(digits) for digits, word in COUNTED.items()}
    if old.lower() in words:
        other = draw.choice([word for word in words if word != old.lower()])
        return other.capitalize() if old[0].isupper() else other
    parts = re.split(r"(\D+)", old) if "/" in old else [old]
    which = draw.randrange(0, len(parts), 2)
    parts[which] = _near(parts[which], draw)
    return "".join(parts)


def _near(old: str, draw: Random) -> str:
    digits = [place for place, letter in enumerate(old) if letter.isdigit()]
    neighbours = [(a, b) for a, b in pairwise(digits) if old[a] != old[b]]
    letters = list(old)
    if neighbours and draw.random() < 0.4:
        a, b = draw.choice(neighbours)
        letters[a], letters[b] = letters[b], letters[a]
    else:
        place = draw.choice(digits)
        letters[place] = str((int(letters[place]) + draw.choice((1, 2, 3, 7, 8, 9))) % 10)
    new = "".join(letters)
    return old if new[0] == "0" and len(new) > 1 and new[1] != "." else new


def _swap(answer: Frozen, truths: Truths, draw: Random) -> list[tuple[Edit, tuple[int, int]]]:
    pairs = [
        (one, other)
        for one, other in combinations(answer.spans, 2)
        if one.role == other.role
        and one.value.count("/") == other.value.count("/")
        and _may_swap(one, other, truths)
    ]
    return _exchanged(answer, *draw.choice(pairs)) if pairs else []


def _may_swap(one: Span, other: Span, truths: Truths) -> bool:
    if one.role == "date":
        return _dates_differ(one, other, truths)
    if one.role not in ("value", "strength") or one.value == other.value or "of " in one.thing + other.thing:
        return False
    wrong = not right(truths, one.thing, one.when, other.value)
    return wrong or not right(truths, other.thing, other.when, one.value)


def _dates_differ(one: Span, other: Span, truths: Truths) -> bool:
    if (
        one.thing != other.thing
        or not one.value
        or len(one.when) != len(other.when)
        or one.when == other.when
    ):
        return False
    return not right(truths, one.thing, other.when, one.value)


def _exchanged(answer: Frozen, one: Span, other: Span) -> list[tuple[Edit, tuple[int, int]]]:
    first, second = (answer.text[span.at : span.end] for span in (one, other))
    return [_changed(one, second), _changed(other, first)]


def _unit(answer: Frozen, truths: Truths, draw: Random) -> list[tuple[Edit, tuple[int, int]]]:
    spans = [span for span in answer.spans if span.role == "unit"]
    if not spans:
        return []
    span = draw.choice(spans)
    old = answer.text[span.at : span.end]
    new = draw.choice(OTHER_UNITS[old.strip().lower()])
    return [_changed(span, f" {new}" if old[0] == " " or answer.text[span.at - 1].isdigit() else new)]


def _date(answer: Frozen, truths: Truths, draw: Random) -> list[tuple[Edit, tuple[int, int]]]:
    spans = [span for span in answer.spans if span.role == "date"]
    pairs = [(one, other) for one, other in combinations(spans, 2) if _dates_differ(one, other, truths)]
    if pairs and draw.random() < 0.3:
        return _exchanged(answer, *draw.choice(pairs))
    for _ in range(TRIES if spans else 0):
        span = draw.choice(spans)
        old = answer.text[span.at : span.end]
        other = _other_day(span.when, draw)
        new = _as_written(old, span.when, other)
        numeric = re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", new)
        days = (other, f"{numeric[3]}-{numeric[2]}-{numeric[1]}") if numeric else (other,)
        if new != old and not any(right(truths, span.thing, day, span.value) for day in days):
            return [_changed(span, new)]
    return []


def _other_day(day: str, draw: Random) -> str:
    parts = [int(part) for part in day.split("-")]
    which = draw.randrange(len(parts))
    if which == 0:
        parts[0] += draw.choice((-10, -2, -1, 1))
    else:
        most = 12 if which == 1 else 28
        parts[which] = (parts[which] - 1 + draw.randint(1, most - 1)) % most + 1
    return "-".join(f"{part:02}" for part in parts)


def _as_written(old: str, was: str, day: str) -> str:
    if len(day) < 10:
        return day if len(day) == 4 else dt.date.fromisoformat(f"{day}-01").strftime("%B %Y")
    usual = next(form for form in DATES if dt.date.fromisoformat(was).strftime(form) == old)
    year, month, of_month = (int(part) for part in day.split("-"))
    return dt.date(year, month, min(of_month, 28)).strftime(usual)


def _negation(answer: Frozen, truths: Truths, draw: Random) -> list[tuple[Edit, tuple[int, int]]]:
    for span in draw.sample(answer.spans, len(answer.spans)):
        sentence = answer.text[span.start : span.stop]
        for old, new in NEGATIONS:
            if old in sentence:
                at = span.start + sentence.index(old)
                return [((at, at + len(old), new), (span.start, span.stop))]
    return []
