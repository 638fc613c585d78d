"""A fact: something code worked out from records, said in finished sentences."""

from enum import StrEnum

import msgspec


class FactKind(StrEnum):
    """What was worked out."""

    LATEST = "latest"
    EARLIEST = "earliest"
    PREVIOUS = "previous"
    AT_TIME = "at_time"
    CHANGE = "change"
    COUNT = "count"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    AVERAGE = "average"
    CURRENT = "current"
    EVER = "ever"
    LAST_TIME = "last_time"
    FIRST_TIME = "first_time"
    LIST = "list"
    DETAIL = "detail"
    OVERVIEW = "overview"
    BY_TIME = "by_time"
    """Averages of each week, month or year."""
    BEFORE_AFTER = "before_after"
    """Values before and after a medicine began."""
    RUN = "run"
    """Results in a row that the source calls high, low or out of range."""
    TOGETHER = "together"
    """Two series on the days that have both."""
    GAPS = "gaps"
    """Times between one and the next."""
    DISAGREE = "disagree"
    """Records that say different things about one matter."""
    NONE = "none"


class Fact(msgspec.Struct, frozen=True):
    """One finished statement about a patient's records, with the records it rests on."""

    kind: FactKind
    text: str
    """Sentences for a patient, with shown (rounded) values. For a single value, its first number is the value
    asked for; for a count the count; for a change the difference; for a date asked for, that date."""
    value: str | None = None
    """The source's own digits, or exact digits worked out; text for a value in words; `120/80` for a pair."""
    unit: str | None = None
    date: str | None = None
    """ISO, at the source's precision."""
    records: tuple[str, ...] = ()
    """Ids of the records that it rests on, in the order cited."""


class Frame(msgspec.Struct, frozen=True):
    """What a question fixed beforehand, for the sentences; never anything found in records."""

    subject: str
    """What was asked about, fit to stand after `show`: `a result for LDL cholesterol`."""
    today: str
    """ISO day."""
    window: str = ""
    """The stretch of time asked about: `in 2019`, `since Mar 2019`; empty for all time."""
    noun: str = ""
    """What one record of the subject is called in a count: `visit`, `dose of flu vaccine`."""
    general: bool = False
    """The subject is everything of a kind (`my last visit`), so that titles are news to the asker."""

    @property
    def when(self) -> str:
        """The window with a space before it, or nothing."""
        return f" {self.window}" if self.window else ""
