"""What a run of session files came to: the report document. Seconds stand in `timing` keys and nowhere
else."""

import msgspec

from assistant.chat.events import CheckedNumber
from assistant.links.report import Totals
from assistant.llm.base import Usage
from assistant.simulate.session_file import Expect


class Timing(msgspec.Struct, frozen=True):
    """Seconds from the question on."""

    first: float | None
    """To the first piece of the answer; None where there was none."""
    total: float


class Line(msgspec.Struct, frozen=True):
    """A record or fact as it was sent."""

    ref: str
    text: str


class Message(msgspec.Struct, frozen=True):
    """One message that left, or was read by `offline`."""

    sha256: str
    """Of its body."""
    bytes: int
    tokens: int
    """An estimate, made before it left."""
    records: tuple[Line, ...]
    facts: tuple[Line, ...]


class Cited(msgspec.Struct, frozen=True):
    """A record that an answer names."""

    ref: int
    record: str
    text: str


class Failure(msgspec.Struct, frozen=True):
    """Why a model did not answer."""

    title: str
    text: str
    next: str


class Run(msgspec.Struct, frozen=True):
    """One question asked once of one destination."""

    run: int
    state: str
    """`answered`, `not sent`, or `failed`."""
    passed: bool
    reasons: tuple[str, ...]
    """Why it did not pass."""
    answer: str | None
    """Whole, or what came of it."""
    citations: tuple[Cited, ...]
    numbers: tuple[CheckedNumber, ...]
    unsupported: tuple[str, ...]
    """Numbers of the answer that don't stand in what was sent."""
    warnings: tuple[str, ...]
    sent: tuple[Message, ...]
    usage: Usage
    failure: Failure | None
    why: str | None
    """Why nothing was sent."""
    timing: Timing


class Range(msgspec.Struct, frozen=True):
    """The spread of a figure over the runs that have it."""

    min: float
    median: float
    max: float


class SpreadTiming(msgspec.Struct, frozen=True):
    """The spread of the seconds."""

    first: Range | None
    total: Range | None


class Spread(msgspec.Struct, frozen=True):
    """How the runs of one question and destination differ."""

    answers: int
    """How many different answers there were."""
    input: Range | None
    """Tokens, as the destination counted them."""
    output: Range | None
    cost: float | None
    """Of all runs together, in US dollars."""
    timing: SpreadTiming


class Result(msgspec.Struct, frozen=True):
    """One question and one destination, over all runs."""

    to: str
    passed: int
    of: int
    spread: Spread
    runs: tuple[Run, ...]


class Question(msgspec.Struct, frozen=True):
    """One question with everyone whom it was asked."""

    n: int
    ask: str
    follows: bool
    expect: Expect
    results: tuple[Result, ...]


class Place(msgspec.Struct, frozen=True):
    """A destination, as far as a report names it. Never a key."""

    id: str
    adapter: str
    model: str
    host: str | None
    stays_here: bool
    shared: bool
    """Whether the file lets messages go to it."""


class Played(msgspec.Struct, frozen=True):
    """One session file."""

    name: str
    file: str
    sha256: str
    today: str | None
    records: Totals
    destinations: tuple[Place, ...]
    questions: tuple[Question, ...]
    passed: int
    of: int


class RunTiming(msgspec.Struct, frozen=True):
    """When it was run, and how long it took."""

    started: str
    total: float


class Report(msgspec.Struct, frozen=True):
    """Everything."""

    chartside: str
    """The version of the program."""
    times: int
    ok: bool
    passed: int
    of: int
    sessions: tuple[Played, ...]
    timing: RunTiming
