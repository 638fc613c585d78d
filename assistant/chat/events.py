"""What happens during one turn, as frozen events in the order they happen."""

import msgspec

from assistant.llm.base import Request, Usage
from assistant.records.model import Category
from assistant.safety.model import Card
from assistant.sharing.model import Destination, Message


class LeftOut(msgspec.Struct, frozen=True):
    """A record that bears on the question but was not put in the message, and why."""

    record: str
    why: str


class Origin(msgspec.Struct, frozen=True):
    """A source that records of a message come from."""

    name: str
    newest: str
    """ISO day of the newest of them; empty where none has a date."""
    failed: bool
    """The last try to bring records from it failed: there may be newer ones."""


class Local(msgspec.Struct, frozen=True):
    """What the patient is told beside a message and no model ever is."""

    left_out: tuple[LeftOut, ...]
    off: tuple[Category, ...]
    """Categories that the question looks in and that are not shared with this destination."""
    coverage: tuple[str, ...]
    sources: tuple[Origin, ...] = ()


class Outgoing(msgspec.Struct, frozen=True):
    """One request, exactly as it would be sent, with what it was made of."""

    destination: Destination
    request: Request
    message: Message
    local: Local
    categories: tuple[Category, ...] = ()
    """Everything that the message tells of, earlier exchanges included, in the order on screen."""
    first: bool = False
    """This destination has had nothing of this chat before: all of it is new there, the history too."""
    over_cap: str = ""
    """Why it has to be asked about although it was allowed beforehand; empty where it hasn't."""
    estimate: float | None = None
    """What it would cost, in US dollars, with an answer of the usual length; None where no price is known."""


class Citation(msgspec.Struct, frozen=True):
    """A reference in an answer that stands for a record which was sent."""

    ref: int
    record: str


class CheckedNumber(msgspec.Struct, frozen=True):
    """A number or a date in an answer; `ref` is the record (`3`) or fact (`F1`) that holds it, if `ok`."""

    text: str
    ok: bool
    ref: str | None
    unit: str = ""
    """As in `assistant.records.units`; empty where the answer gives none."""
    date: str = ""
    """The date that the answer says it is of; for a date, itself."""
    at: int = 0
    """Its place in the answer, in characters."""
    why: str = ""
    """What doesn't fit, where something doesn't: `not on this date`."""


class Answer(msgspec.Struct, frozen=True):
    """An answer and what checking it found."""

    text: str
    citations: tuple[Citation, ...]
    numbers: tuple[CheckedNumber, ...]
    warnings: tuple[str, ...]


class QuestionSaved(msgspec.Struct, frozen=True):
    """The question is on disk; it survives whatever follows."""

    chat: str
    turn: int


class OutgoingReady(msgspec.Struct, frozen=True):
    """The message is built and shown; nothing has been sent."""

    outgoing: Outgoing


class NotSent(msgspec.Struct, frozen=True):
    """It was not approved, or was a dry run, or a grant changed: nothing left."""

    why: str
    """`dry run`, `not approved`, `no longer shared`, `urgent`."""


class Sending(msgspec.Struct, frozen=True):
    """The message is approved and in the ledger; from here on bytes of it may have left."""

    outgoing: Outgoing


class CardShown(msgspec.Struct, frozen=True):
    """Something urgent may have been said: fixed words answer it, before anything else and instead of it."""

    card: Card


class AnswerDelta(msgspec.Struct, frozen=True):
    """A piece of the answer."""

    text: str


class Finished(msgspec.Struct, frozen=True):
    """The turn is over and saved."""

    answer: Answer
    usage: Usage


Event = CardShown | QuestionSaved | OutgoingReady | NotSent | Sending | AnswerDelta | Finished
