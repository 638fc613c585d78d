"""What came of a sync, per kind of record: partial success is normal, and said."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from connectors.smart.plan import Planned


class State(StrEnum):
    """How far one kind of record came."""

    ALL = "all"
    CHANGES = "changes"
    """Everything that changed; what was deleted there can't be seen this way."""
    PART = "part"
    REFUSED = "refused"
    FAILED = "failed"
    LEFT = "left"
    """It was not asked for; the plan says why."""
    WAITING = "waiting"
    """The sync stopped before it came to this."""


class Outcome(msgspec.Struct, frozen=True):
    """What came of one search."""

    state: State
    came: int = 0
    """Different resources that answered it."""
    promised: int | None = None
    """How many the server said there are, where it said."""
    text: str = ""
    """What is wrong, as a sentence; empty where nothing is."""


class Kind(msgspec.Struct, frozen=True):
    """One row of what came."""

    part: str
    name: str
    category: str
    outcome: Outcome


class Coverage(msgspec.Struct, frozen=True):
    """What came of a sync, whether it reached its end or not."""

    kinds: tuple[Kind, ...]
    began: datetime
    """When this sync began: what the next one asks for changes since."""
    since: datetime | None
    """Where only changes were asked for: since when."""
    ended: bool
    """Whether it reached its end."""
    followed: int = 0
    """Resources fetched because others refer to them."""
    foreign: int = 0
    """References to other servers, which were not fetched."""
    left: int = 0
    """Attachments left at the provider: too large, of a kind that isn't read, or refused."""

    @property
    def complete(self) -> bool:
        """Whether everything that was asked for came."""
        asked = [kind for kind in self.kinds if kind.outcome.state is not State.LEFT]
        return self.ended and all(kind.outcome.state in (State.ALL, State.CHANGES) for kind in asked)

    @property
    def sees_deletions(self) -> bool:
        """Whether what is missing here is gone from the server: after a full and complete sync only."""
        return self.complete and all(kind.outcome.state is not State.CHANGES for kind in self.kinds)

    @property
    def short(self) -> tuple[Kind, ...]:
        """What was asked for and did not come whole."""
        fine = (State.ALL, State.CHANGES, State.LEFT)
        return tuple(kind for kind in self.kinds if kind.outcome.state not in fine)

    @property
    def text(self) -> str:
        """All of it in one line: `Got 4 of 5 kinds: Lab results refused.`"""
        asked = [kind for kind in self.kinds if kind.outcome.state is not State.LEFT]
        got = len(asked) - len(self.short)
        line = f"Got {got} of {len(asked)} kinds"
        missing = ", ".join(f"{kind.name} {_WORDS[kind.outcome.state]}" for kind in self.short)
        return f"{line}: {missing}." if missing else f"{line}."


_WORDS: Mapping[State, str] = {
    State.PART: "incomplete",
    State.REFUSED: "refused",
    State.FAILED: "failed",
    State.WAITING: "not reached",
}


def kinds(rows: Sequence[Planned], outcomes: Mapping[str, Outcome]) -> tuple[Kind, ...]:
    """Each row with what came of it; `outcomes` by the id of the search."""
    return tuple(
        Kind(row.search.part, row.search.name, row.search.category, _outcome(row, outcomes)) for row in rows
    )


def _outcome(row: Planned, outcomes: Mapping[str, Outcome]) -> Outcome:
    if not row.comes:
        return Outcome(State.LEFT, text=row.text)
    return outcomes.get(row.search.id, Outcome(State.WAITING, text="This was not reached yet."))
