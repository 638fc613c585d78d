"""Whether a later note may hold the answer to a question: it names the subject in one of its sentences.

Only that a note does so is told, with its date and title. Nothing of what it says decides anything else.
"""

import re
from collections.abc import Sequence

import msgspec

from assistant.records.dates import iso_day
from assistant.records.facts.text import named
from assistant.records.model import Category
from assistant.records.words import fold
from assistant.visit.candidate import Candidate
from assistant.visit.chart import Chart, began
from assistant.visit.model import Mention

_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")


class Note(msgspec.Struct, frozen=True):
    """A note, and the words of each of its sentences."""

    mention: Mention
    day: str
    """The earliest ISO day that its date can mean."""
    sentences: tuple[frozenset[str], ...]


def notes_of(chart: Chart) -> list[Note]:
    """The notes that are facts and have a date and a text, newest first."""
    found = []
    for record in chart.facts(Category.NOTES):
        date = record.when.start or record.when.end or record.recorded
        texts = [element.text for element in record.elements if element.label == "text"]
        if date and texts and began(record) <= chart.today:
            sentences = [frozenset(fold(words)) for text in texts for words in _SENTENCE.split(text)]
            told = Mention(record.id, iso_day(date), named(record))
            found.append(Note(told, began(record), tuple(sentences)))
    return found


def mention(candidate: Candidate, notes: Sequence[Note]) -> Mention | None:
    """The newest note since the newest record behind a question that names its subject; None without one."""
    wanted = frozenset(candidate.words)
    if not wanted or not candidate.day:
        return None
    later = (note for note in notes if note.day >= candidate.day)
    return next((note.mention for note in later if any(wanted <= said for said in note.sentences)), None)
