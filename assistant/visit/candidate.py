"""A question that a rule would ask, before ranking."""

from collections.abc import Sequence

import msgspec

from assistant.records.facts.phrases import shown_day, some
from assistant.records.facts.things import by_title
from assistant.records.model import Record
from assistant.visit.chart import began
from assistant.visit.model import Rule

MOST_DATES = 4
MOST_TITLES = 4


class Candidate(msgspec.Struct, frozen=True):
    """A question that could stand on the sheet."""

    rule: Rule
    text: str
    why: str
    records: tuple[Record, ...]
    """What it rests on, the newest first."""
    words: tuple[str, ...] = ()
    """Folded words by which a note would name its subject; none where no note could answer it."""

    @property
    def day(self) -> str:
        """The ISO day of the newest record behind it."""
        return began(self.records[0])


def behind(records: Sequence[Record]) -> tuple[str, ...]:
    """Records for paper, one line for each title: `Hemoglobin A1c, 11 Aug 2026 and 10 Feb 2026`."""
    groups = list(by_title(records).items())
    lines = [
        f"{title}, {some([shown_day(record) for record in group], MOST_DATES)}"
        for title, group in groups[:MOST_TITLES]
    ]
    return (*lines, f"{len(groups) - MOST_TITLES} more") if len(groups) > MOST_TITLES else tuple(lines)
