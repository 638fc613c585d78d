"""Pieces of sentences: dates, nouns, the source's range and flags, lists of things."""

import datetime as dt
from collections.abc import Sequence

from assistant.records.dates import first_day, iso_day, shown_date
from assistant.records.facts.measures import Measure
from assistant.records.model import Category, Record, Trust, When
from assistant.records.show import shown_interpretation, shown_range, status_words

NOUNS: dict[Category, str] = {
    Category.CONDITIONS: "condition",
    Category.MEDICATIONS: "medicine",
    Category.LABS: "result",
    Category.VITALS: "measurement",
    Category.IMMUNIZATIONS: "vaccination",
    Category.ALLERGIES: "allergy",
    Category.PROCEDURES: "procedure",
    Category.VISITS: "visit",
    Category.NOTES: "document",
    Category.ACTIVITY: "measurement",
    Category.SLEEP: "measurement",
    Category.INSURANCE: "insurance record",
    Category.ABOUT: "entry",
}
"""What one record of a category is called."""


_YEAR = 365.25
"""Days of a year on average."""
_MONTH = _YEAR / 12


def plural(noun: str, count: int) -> str:
    """`1 allergy`, `3 allergies`."""
    if count == 1:
        return f"1 {noun}"
    for link in (" of ", " that "):
        if link in noun:
            head, rest = noun.split(link, 1)
            return f"{plural(head, count)}{link}{rest}"
    if noun.endswith("y") and noun[-2:] not in ("ay", "ey", "oy"):
        return f"{count} {noun[:-1]}ies"
    return f"{count} {noun}{'es' if noun.endswith(('s', 'x', 'ch')) else 's'}"


def day_of(when: When) -> str:
    """The ISO date of the start (or else the end) at its precision; empty without one."""
    text = when.start or when.end
    return iso_day(text) if text else ""


def shown_day(record: Record) -> str:
    """The date for a sentence, `recorded ...` where only that is known; `no date` without any."""
    if day := day_of(record.when):
        return shown_date(day)
    return f"recorded {shown_date(iso_day(record.recorded))}" if record.recorded else "no date"


def dated(record: Record) -> str:
    """`on 3 Feb 2026`, `in Feb 2026`, `in 2026`, `(no date)`."""
    day = day_of(record.when)
    if not day:
        return f"({shown_day(record)})"
    return f"{'on' if len(day) == 10 else 'in'} {shown_date(day)}"


def joined(items: Sequence[str], *, last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def some(items: Sequence[str], most: int) -> str:
    """At most so many, joined; how many more is said."""
    if len(items) <= most:
        return joined(items)
    return f"{', '.join(items[:most])} and {len(items) - most} more"


def doubt(record: Record) -> str:
    """What must stand beside the value when the record isn't plain fact, with a space before it."""
    words = status_words(record)
    return f" ({words})" if words else ""


def source_says(measure: Measure) -> str:
    """The source's own range and flags as a sentence with a space before it; empty where it gives none."""
    said = []
    ranges = [text for given in measure.ranges if (text := shown_range(given))]
    if ranges:
        said.append(f"the source's own range is {joined(ranges, last='or')}")
    flags = shown_interpretation(measure.interpretation)
    if flags:
        said.append(f"its flag: {flags}")
    return f" {sentence('; '.join(said))}" if said else ""


def sentence(text: str) -> str:
    """First letter large, a full stop at the end."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def elapsed(record: Record, today: str) -> str:
    """`6 years and 2 months before 20 Feb 2026`, at the precision of the record's date."""
    day = day_of(record.when)
    if not day or first_day(record.when) > today:
        return ""
    now = dt.date.fromisoformat(today)
    numbers = [int(part) for part in day.split("-")]
    months = (now.year - numbers[0]) * 12
    if len(numbers) == 1:
        return f"about {plural('year', now.year - numbers[0])} ago"
    months += now.month - numbers[1]
    if len(numbers) == 3 and now.day < numbers[2]:
        months -= 1
    if months < 1 and len(numbers) == 3:
        return f"{plural('day', (now - dt.date(*numbers)).days)} ago"
    years, rest = divmod(months, 12)
    said = [plural(unit, n) for unit, n in (("year", years), ("month", rest)) if n]
    return f"{' and '.join(said) or 'this month'}{' ago' if said else ''}"


def stretch(days: int) -> str:
    """`20 days`, `273 days (about 9 months)`, `2310 days (about 6.3 years)`."""
    months = round(days / _MONTH)
    if months < 2:
        return plural("day", days)
    longer = f"{round(days / _YEAR, 1):g} years" if months >= 24 else plural("month", months)
    return f"{days} days (about {longer})"


def tells(record: Record) -> bool:
    """Whether it may be told at all beside its words: a fact, or not confirmed."""
    return record.trust in (Trust.FACT, Trust.UNCONFIRMED)


def is_fact(record: Record) -> bool:
    """Whether it may be told as a fact about the patient."""
    return record.trust is Trust.FACT
