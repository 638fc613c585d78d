"""What a visit sheet is: frozen values."""

from enum import StrEnum

import msgspec

MOST_QUESTIONS = 10
"""More than this is not asked in one visit."""


class Origin(StrEnum):
    """Who thought of a question."""

    RULES = "rules"
    ME = "me"
    MODEL = "model"


class Rule(StrEnum):
    """Why a rule asks, in the order in which questions are ranked."""

    CRITICAL = "critical"
    """A result of the last year that its source marks as critical."""
    FLAGGED = "flagged"
    """A result that its source marks in any other way, since the last visit."""
    CONFLICT = "conflict"
    """Records that can't all be right."""
    NEW_MEDICINE = "new medicine"
    """A medicine that is new or was changed since the last visit."""
    STOPPED_MEDICINE = "stopped medicine"
    WAITING = "waiting"
    """A result that is not final."""
    CHANGED = "changed"
    """A value that moved far, or again and again in one direction."""
    PLANNED = "planned"
    """Ordered, planned or put off, with no record that it was done."""
    UNMENTIONED = "unmentioned"
    """Flagged before the last visit, and no later note names it."""
    UNSETTLED = "unsettled"
    """Entered as not confirmed."""
    NO_REASON = "no reason"
    """A medicine whose reason no record gives."""
    OVERDUE = "overdue"
    """Not measured for more than twice its own usual interval."""


RANK = {rule: place for place, rule in enumerate(Rule)}


class Mention(msgspec.Struct, frozen=True):
    """A note that may hold the answer already."""

    record: str
    date: str
    """ISO, at the source's precision."""
    title: str


class Question(msgspec.Struct, frozen=True):
    """One question for the visit."""

    id: str
    """Unique within its sheet."""
    text: str
    why: str
    """One plain sentence; empty for the patient's own."""
    records: tuple[str, ...] = ()
    """Ids of the records behind it, those of every source that tells of them."""
    behind: tuple[str, ...] = ()
    """The same for paper: what they are and of when."""
    origin: Origin = Origin.RULES
    rule: Rule | None = None
    done: bool = False
    answer: str = ""
    """What the patient noted."""
    already_answered: Mention | None = None


class Change(msgspec.Struct, frozen=True):
    """One thing that is new since the last visit."""

    kind: str
    """`result`, `new medicine`, `changed medicine`, `stopped medicine`, `new condition`, `new allergy`."""
    text: str
    records: tuple[str, ...] = ()
    flagged: bool = False
    """Its source marks it as out of the ordinary."""


class Bring(msgspec.Struct, frozen=True):
    """One medicine or allergy for the clinician to see."""

    kind: str
    """`medicine` or `allergy`."""
    text: str
    records: tuple[str, ...] = ()
    confirmed: bool = True


class Visit(msgspec.Struct, frozen=True):
    """A visit to come or the last one: from a record, or typed."""

    title: str = ""
    date: str | None = None
    """ISO, at the precision known."""
    who: str | None = None
    record: str | None = None


class VisitSheet(msgspec.Struct, frozen=True):
    """One visit sheet, as it was made and edited. What it tells of records is as of `made_at`."""

    id: str
    made_at: str
    """UTC time."""
    updated_at: str
    visit: Visit = Visit()
    last_visit: Visit | None = None
    """Changes are counted since this one, its day included."""
    since: str = ""
    """The ISO day that changes are counted from."""
    questions: tuple[Question, ...] = ()
    changes: tuple[Change, ...] = ()
    bring: tuple[Bring, ...] = ()
    words: str = ""
    """The patient's own."""
    carried_from: str | None = None
    """The sheet whose open questions came along."""
