"""Not in the records: where was looked and until when, and, for the patient's own screen, how to get it.

What is told to a model depends on the records in view only. What depends on more (the sources)
is worked out by `how_to_get` for the screen, and must not enter a message.
"""

from collections.abc import Sequence

import msgspec

from assistant.grounding.doubt import is_doubtful
from assistant.grounding.reader import Reader
from assistant.grounding.understanding import Understanding
from assistant.records import facts
from assistant.records.dates import iso_day, shown_date
from assistant.records.facts import Fact, FactKind
from assistant.records.facts.phrases import joined
from assistant.records.model import Category, Record
from assistant.vault.query import RecordQuery

_WHOM: dict[Category, str] = {
    Category.CONDITIONS: "Ask the clinic that treats you for its list of your conditions, or link it.",
    Category.MEDICATIONS: "Ask the clinic or pharmacy for your list of medicines, or link it.",
    Category.LABS: "Ask the clinic or lab that did the test for a copy of the result, or link it.",
    Category.VITALS: "Ask the clinic where it was measured for a copy, or add what you measured yourself.",
    Category.IMMUNIZATIONS: "Ask whoever gave it, or your state's or country's vaccination register.",
    Category.ALLERGIES: "Ask your doctor what is on file, and tell them what you know of.",
    Category.PROCEDURES: "Ask the hospital or clinic that did it for its report, or link it.",
    Category.VISITS: "Ask the clinic or hospital for the summary of the visit, or link it.",
    Category.NOTES: "Ask the clinic for its notes; you have a right to a copy.",
    Category.ACTIVITY: "Export it from the phone or watch that counted it, and add the file.",
    Category.SLEEP: "Export it from the phone or watch that recorded it, and add the file.",
    Category.INSURANCE: "Ask your insurer for it, or link your plan.",
    Category.ABOUT: "Ask the clinic that holds your chart for it, or link it.",
}


class LookedFor(msgspec.Struct, frozen=True):
    """What was looked for, for the patient's own screen."""

    words: tuple[str, ...]
    categories: tuple[Category, ...]
    """Everywhere where empty."""
    window: str
    missing: bool = False
    """The answer is that it is not in the records."""
    until: tuple[tuple[Category, str | None], ...] = ()
    """Where it is missing: the ISO date of the newest record in view of each category looked in; empty where
    no record has a date, None where there is no record."""


class SourceSeen(msgspec.Struct, frozen=True):
    """A source, as the patient's own screen knows it."""

    name: str
    until: str | None = None
    """ISO date on which records last came from it."""
    failed: bool = False
    """The last attempt to bring records from it failed."""


def looked_for(u: Understanding, made: Sequence[Fact], reader: Reader) -> LookedFor:
    """What a question looked for and, where its answer is that there is nothing, where and until when."""
    words = tuple(concept.name for concept in u.concepts) or u.content
    window = u.window.words if u.window else ""
    if made and (made[0].kind is not FactKind.NONE or is_doubtful(made[0])):
        return LookedFor(words, u.categories, window)
    until = tuple((category, _newest(category, u.today, reader)) for category in u.categories or Category)
    return LookedFor(words, u.categories, window, missing=True, until=until)


def with_where(made: Sequence[Fact], looked: LookedFor) -> tuple[Fact, ...]:
    """The facts, the first with where was looked and until when, if its answer is that there is nothing."""
    if not (looked.missing and made):
        return tuple(made)
    where = facts.looked_in(dict(looked.until), everywhere=not looked.categories)
    text = f"{made[0].text} {where}" if where else made[0].text
    return (msgspec.structs.replace(made[0], text=text), *made[1:])


def _newest(category: Category, today: str, reader: Reader) -> str | None:
    """The day of the newest record up to today, or the day that an undated one was written down; empty where
    there are only records without any day."""
    found = reader.find(RecordQuery(categories=(category,), until=today, limit=1))
    found = found or reader.find(RecordQuery(categories=(category,), limit=1))
    return next((_day(record) for record in found), None)


def _day(record: Record) -> str:
    text = record.when.end or record.when.start or record.recorded
    return iso_day(text) if text else ""


def how_to_get(looked: LookedFor, *, sources: Sequence[SourceSeen] = ()) -> tuple[str, ...]:
    """For the screen only, never for a message: plain sentences on how to get what is missing. First the
    sources that failed, then where was looked until when, then whom to ask."""
    if not looked.missing:
        return ()
    said = [f"The last try to bring records from {s.name} failed." for s in sources if s.failed]
    seen = [f"{s.name} (until {shown_date(s.until)})" if s.until else s.name for s in sources if not s.failed]
    said += [f"Looked in what came from {joined(seen)}."] if seen else []
    return (*said, *(_WHOM[category] for category in looked.categories[:2]))
