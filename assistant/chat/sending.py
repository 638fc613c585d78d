"""One approved message on its way: the intent is written; here it leaves, and what comes back is kept."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import TypeVar

import msgspec

from assistant.chat import log
from assistant.chat.checking import check
from assistant.chat.events import Answer, AnswerDelta, Outgoing
from assistant.chat.holding import held
from assistant.chat.log import Place, Used
from assistant.chat.prepare import Prepared
from assistant.clock import Clock
from assistant.errors import ModelFailed, Refused
from assistant.llm.base import Backend, Delta, Notice, Usage
from assistant.llm.failures import Told, Why
from assistant.llm.gate import Releasing, approve, release
from assistant.llm.prices import Prices
from assistant.sharing.model import ToolCall
from assistant.vault.query import Reach
from assistant.vault.vault import Session, Vault

MOST_ROUNDS = 4
"""Times that a model may ask for look-ups within one turn."""

MOST_CALLS = 8
"""Look-ups within one turn."""

TOO_MANY = "The model asked for more look-ups than one question allows."
NOT_OFFERED = "The model asked for look-ups, which it was not offered here."

_MOST_NAMED = 3

_Number = TypeVar("_Number", int, float)

Still = Callable[[Session, Reach], bool]
"""Whether everything that a message could draw on is still shared."""


class Sent:
    """What a turn has come to so far, over all its messages."""

    def __init__(self) -> None:
        self.outgoing: Outgoing | None = None
        """The last message that left."""
        self.text = ""
        self.said = ""
        """Since the last message."""
        self.usage = Usage()
        self.calls: list[ToolCall] = []
        """Look-ups that the last reply asks for; once it has ended, those that are done."""
        self.notices: list[str] = []

    def begin(self, outgoing: Outgoing) -> None:
        """A message leaves."""
        self.outgoing, self.calls, self.said = outgoing, [], ""

    def end(self, outgoing: Outgoing) -> None:
        """A reply has ended: look-ups that it may not ask for are not done, and the answer says so."""
        asked_before = [call for turn in outgoing.message.rounds for call in turn.calls]
        if not self.calls:
            return
        if not outgoing.message.tools:
            refusal = NOT_OFFERED
        elif len(outgoing.message.rounds) >= MOST_ROUNDS or len(asked_before) + len(self.calls) > MOST_CALLS:
            refusal = TOO_MANY
        else:
            return
        self.calls = []
        self.notices.append(refusal)

    def answer(self) -> Answer:
        """The answer, checked against all that was sent."""
        assert self.outgoing is not None
        answer = check(self.text, self.outgoing.message)
        return msgspec.structs.replace(answer, warnings=(*self.notices, *answer.warnings))

    def add(self, usage: Usage) -> None:
        """Count what a message used."""
        have = self.usage
        self.usage = Usage(
            input=_sum(have.input, usage.input),
            output=_sum(have.output, usage.output),
            cost=_sum(have.cost, usage.cost),
        )


class Sender:
    """Sends approved messages of one turn."""

    def __init__(self, vault: Vault, clock: Clock, place: Place, still: Still, prices: Prices) -> None:
        self._vault = vault
        self._clock = clock
        self._place = place
        self._still = still
        self._prices = prices

    async def send(
        self, backend: Backend, prepared: Prepared, sent: Sent
    ) -> AsyncGenerator[AnswerDelta, None]:
        """Release one message; the pieces of its answer as they come.

        Raises:
            ModelFailed: it was not answered, or partly; what came is saved.
            Refused: something of it is no longer shared; nothing was sent.
        """
        outgoing = prepared.outgoing
        sent.begin(outgoing)
        passage = Releasing(
            approve(outgoing.request),
            lambda: held(self._vault, lambda session: self._still(session, prepared.reach)),
        )
        outcome = "stopped"
        used = Usage()
        try:
            async with aclosing(release(backend, outgoing.message, passage)) as pieces:
                async for piece in pieces:
                    match piece:
                        case Delta(text=text):
                            text = _apart(sent, text)
                            sent.text += text
                            sent.said += text
                            yield AnswerDelta(text)
                        case Notice(text=text):
                            sent.notices.append(text)
                        case ToolCall():
                            sent.calls.append(piece)
                        case Usage():
                            used = self._prices.priced(backend.destination, piece)
                            sent.add(used)
            sent.end(outgoing)
            outcome = "answered"
        except ModelFailed as error:
            outcome, error.sent = "failed", passage.attempts > 0
            if isinstance(error, Told) and error.why is Why.TOO_LONG:
                error.next_step = _drop_first(outgoing)
            raise
        except Refused:
            outcome = "blocked" if passage.blocked else "refused"
            raise
        finally:
            blocked = passage.blocked[0].sha256 if passage.blocked else None
            self._finish(outcome, prepared, sent, Used(used, passage.attempts, sent.usage, blocked))

    def _finish(self, outcome: str, prepared: Prepared, sent: Sent, took: Used) -> None:
        with self._vault.write() as session:
            log.finish(session, self._place, outcome, prepared, sent.answer(), took, self._clock())


def _drop_first(outgoing: Outgoing) -> str:
    """What to keep out of a message that is too long: its largest records."""
    largest = sorted(outgoing.message.items, key=lambda item: -item.tokens)[:_MOST_NAMED]
    if not largest:
        return "Begin a new chat, so that nothing earlier goes along, and ask again."
    named = ", ".join(f"[{item.ref}] with {item.tokens:,} tokens" for item in largest)
    return f"Keep its largest records out of the message ({named}), or begin a new chat, and ask again."


def _apart(sent: Sent, text: str) -> str:
    """What is said after a look-up begins a paragraph of its own."""
    return f"\n\n{text}" if sent.text and not sent.said else text


def _sum(one: _Number | None, other: _Number | None) -> _Number | None:
    return other if one is None else one if other is None else one + other
