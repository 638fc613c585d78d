"""Nothing found: what was looked for, in what, and until when.

It is said from the question's words and from what is in view only, so that it tells nothing about what isn't
shared.
"""

from collections.abc import Mapping

from assistant.records.dates import shown_date
from assistant.records.facts.model import Fact, FactKind, Frame
from assistant.records.facts.phrases import joined, sentence
from assistant.records.model import CATEGORY_NAMES, Category


def none(frame: Frame) -> Fact:
    """That none of the records shared here show what was asked about."""
    return Fact(FactKind.NONE, f"None of the records shared here show {frame.subject}{frame.when}.")


def looked_in(until: Mapping[Category, str | None], *, everywhere: bool = False) -> str:
    """Where was looked and until when, as a sentence: `until` gives the ISO date of the newest record in view
    of each category, empty where none has a date, None where there is none. With `everywhere`, the categories
    aren't named one by one."""
    if everywhere:
        newest = max((day for day in until.values() if day), default=None)
        return (
            f"Looked in everything that is shared here (the newest: {shown_date(newest)})." if newest else ""
        )
    held = [
        f"{_name(category)} ({f'the newest: {shown_date(day)}' if day else 'without dates'})"
        for category, day in until.items()
        if day is not None
    ]
    empty = [_name(category) for category, day in until.items() if day is None]
    lacking = f"nothing is shared here of {joined(empty, last='or')}" if empty else ""
    if held:
        return sentence(f"looked in {joined(held)}{f'; {lacking}' if empty else ''}")
    return sentence(lacking) if empty else ""


def _name(category: Category) -> str:
    return CATEGORY_NAMES[category].lower()
