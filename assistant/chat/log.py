"""What of a turn is written down: in the chat for the patient, in the ledger without content."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from assistant.chat.events import Answer, Outgoing
from assistant.chat.prepare import Prepared
from assistant.clock import stamp
from assistant.grounding.understanding import Understanding
from assistant.llm.base import Usage
from assistant.safety.model import Card
from assistant.sharing.history import Past
from assistant.sharing.model import Exchange
from assistant.vault.chats import ChatStore
from assistant.vault.ledger import Ledger
from assistant.vault.query import Reach
from assistant.vault.tables import Turn
from assistant.vault.vault import Session

TITLE_LENGTH = 60


class Used(msgspec.Struct, frozen=True):
    """What one message took."""

    usage: Usage = Usage()
    attempts: int = 0
    """Times that the same bytes left."""
    total: Usage = Usage()
    """Of the whole turn so far."""
    blocked: str | None = None
    """SHA-256 of a request that the gate refused, where it refused one."""


class Place(msgspec.Struct, frozen=True):
    """Where a turn is kept."""

    chat: str
    turn: int


def open_turn(session: Session, question: str, destination: str, chat: str | None, now: dt.datetime) -> Place:
    """Save the question, in a new chat if none is named.

    Raises:
        UsageError: there is no such chat.
    """
    chats = ChatStore(session)
    if chat is None:
        chat = chats.create(_title(question), at=stamp(now)).id
    turn = chats.add_turn(chat, question=question, destination=destination, at=stamp(now))
    return Place(chat, turn)


def earlier(
    session: Session, chat: str | None, *, before: int | None
) -> tuple[Sequence[Past], Understanding | None]:
    """The turns of a chat that were answered, wholly or in part, oldest first; what the latest question was
    understood as."""
    if chat is None:
        return (), None
    turns = [turn for turn in ChatStore(session).turns(chat) if before is None or (turn.n or 0) < before]
    past = [_past(turn) for turn in turns if turn.reach and (turn.state == "answered" or _partial(turn))]
    plans = [turn.plan for turn in turns if turn.plan]
    previous = msgspec.msgpack.decode(plans[-1], type=Understanding) if plans else None
    return past, previous


def _partial(turn: Turn) -> bool:
    """An answer that broke off goes along as far as it came, so that it can be gone on with."""
    return turn.state in ("stopped", "failed") and bool(turn.answer.strip())


def _past(turn: Turn) -> Past:
    outgoing = shown_outgoing(turn.outgoing)
    records: set[str] = set()
    if outgoing is not None:
        records |= {item.record for item in outgoing.message.items}
        records |= {record for fact in outgoing.message.facts for record in fact.records}
    return Past(
        Exchange(turn.question, turn.answer),
        msgspec.msgpack.decode(turn.reach, type=Reach),
        frozenset(records),
        frozenset(outgoing.categories if outgoing is not None else ()),
    )


_LEFT = frozenset(("answered", "stopped", "failed", "sending"))


def has_had(session: Session, chat: str | None, destination: str) -> bool:
    """Whether something of this chat went to a destination before."""
    turns = ChatStore(session).turns(chat) if chat is not None else ()
    return any(turn.destination == destination and turn.state in _LEFT for turn in turns)


def show(session: Session, place: Place, prepared: Prepared) -> None:
    """Keep the message as it is shown, before anyone approves it."""
    ChatStore(session).update_turn(
        place.turn,
        state="shown",
        plan=msgspec.msgpack.encode(prepared.understanding),
        reach=msgspec.msgpack.encode(prepared.reach),
        outgoing=msgspec.msgpack.encode(prepared.outgoing),
    )


def intend(session: Session, place: Place, prepared: Prepared, now: dt.datetime) -> None:
    """Write the intent; committed before a byte leaves."""
    ChatStore(session).update_turn(place.turn, state="sending")
    _enter(session, "intent", prepared.outgoing, now, outcome=None)


def keep_card(session: Session, place: Place, card: Card, now: dt.datetime) -> None:
    """A card answered; the ledger says that one did, not which question."""
    ChatStore(session).update_turn(place.turn, state="card", answer=card.text)
    Ledger(session).append("safety card", at=stamp(now), items=0, outcome=card.kind.value)


def close_turn(session: Session, place: Place, state: str, prepared: Prepared, now: dt.datetime) -> None:
    """Nothing was sent."""
    ChatStore(session).update_turn(place.turn, state=state)
    _enter(session, "not sent", prepared.outgoing, now, outcome=state)


def finish(
    session: Session,
    place: Place,
    outcome: str,
    prepared: Prepared,
    answer: Answer,
    used: Used,
    now: dt.datetime,
) -> None:
    """Keep what came, whole or partial, and the outcome with what it cost."""
    ChatStore(session).update_turn(
        place.turn,
        state=outcome,
        answer=answer.text,
        checks=msgspec.msgpack.encode(answer),
        usage=msgspec.msgpack.encode(used.total),
    )
    told = {"attempts": used.attempts, "blocked": used.blocked, **msgspec.to_builtins(used.usage)}
    _enter(session, "outcome", prepared.outgoing, now, outcome=outcome, **told)


def shown_outgoing(outgoing: bytes) -> Outgoing | None:
    """The message that a turn kept, None where it has none."""
    return msgspec.msgpack.decode(outgoing, type=Outgoing) if outgoing else None


def _enter(
    session: Session,
    kind: str,
    outgoing: Outgoing,
    now: dt.datetime,
    *,
    outcome: str | None,
    **more: int | float | str | None,
) -> None:
    message = outgoing.message
    categories = Counter(item.category.value for item in message.items)
    told: dict[str, Any] = {name: value for name, value in more.items() if value is not None}
    told |= {
        part: msgspec.to_builtins(prompt)
        for part, prompt in zip(("prompt", "skill"), message.prompts, strict=False)
    }
    Ledger(session).append(
        kind,
        at=stamp(now),
        destination=outgoing.destination.id,
        sha256=outgoing.request.sha256,
        items=len(message.items),
        outcome=outcome,
        detail={"categories": dict(sorted(categories.items())), **told},
    )


def _title(question: str) -> str:
    line = " ".join(question.split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1] + "…"
