"""One turn, start to end: save, look up, build, show, approve, send, check, save.

The screen, the line mode and `ask` all go through here. What is sent is decided by `sharing` and leaves
through the gate; this module only keeps the order, and the order is what makes it safe: the intent is in the
ledger before a byte leaves, and the grants are looked at once more at the last moment.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing

from assistant.chat import log
from assistant.chat.checking import check
from assistant.chat.events import (
    Answer,
    AnswerDelta,
    Event,
    Finished,
    NotSent,
    OutgoingReady,
    QuestionSaved,
    Sending,
)
from assistant.chat.log import Place
from assistant.chat.prepare import Asked, Prepared, prepare
from assistant.chat.question import Approver, Question
from assistant.clock import Clock
from assistant.errors import ChartsideError, UsageError
from assistant.llm.base import Backend, Usage
from assistant.llm.gate import approve, release
from assistant.sharing.outgoing import Words
from assistant.sharing.rules import covers, reach_of
from assistant.sharing.service import to_grant
from assistant.vault.grants import GrantStore
from assistant.vault.query import Reach
from assistant.vault.records import RecordStore
from assistant.vault.vault import Session, Vault


class ChatService:
    """Asks questions of one vault."""

    def __init__(self, vault: Vault, clock: Clock, backends: Sequence[Backend], words: Words) -> None:
        self._vault = vault
        self._clock = clock
        self._backends: Mapping[str, Backend] = {b.destination.id: b for b in backends}
        self._words = words

    async def ask(self, question: Question, approver: Approver) -> AsyncGenerator[Event, None]:
        """Run one turn. Closing the iterator stops it and keeps what has come so far.

        Raises:
            UsageError: no such destination or chat, or nothing was asked.
            ModelFailed: the model did not answer; the question and what came are saved.
        """
        backend = self._backend(question.to)
        if not question.text.strip():
            raise UsageError("There is no question.", "Type what you want to know.")
        place: Place | None = None
        if not question.dry_run:
            place = await asyncio.to_thread(self._save_question, question)
            yield QuestionSaved(place.chat, place.turn)
        prepared = await asyncio.to_thread(self._prepare, question, place, backend)
        yield OutgoingReady(prepared.outgoing)
        if place is None:
            yield NotSent("dry run")
            return
        if not (backend.destination.in_process or await approver(prepared.outgoing)):
            await asyncio.to_thread(self._close, place, "refused", prepared)
            yield NotSent("not approved")
            return
        if not await asyncio.to_thread(self._intend, question, place, prepared):
            yield NotSent("no longer shared")
            return
        yield Sending(prepared.outgoing)
        async with aclosing(self._answer(backend, place, prepared)) as events:
            async for event in events:
                yield event

    async def _answer(
        self, backend: Backend, place: Place, prepared: Prepared
    ) -> AsyncGenerator[Event, None]:
        request = prepared.outgoing.request
        text, usage, outcome = "", Usage(), "stopped"
        try:
            async for piece in release(backend, request, approve(request)):
                if isinstance(piece, Usage):
                    usage = piece
                else:
                    text += piece.text
                    yield AnswerDelta(piece.text)
            outcome = "answered"
        except ChartsideError:
            outcome = "failed"
            raise
        finally:
            answer = check(text, prepared.outgoing.message)
            self._finish(place, outcome, prepared, answer)
        yield Finished(answer, usage)

    def _save_question(self, question: Question) -> Place:
        with self._vault.write() as session:
            return log.open_turn(session, question.text, question.to, question.chat, self._clock())

    def _prepare(self, question: Question, place: Place | None, backend: Backend) -> Prepared:
        with self._vault.read() as session:
            chat = place.chat if place is not None else question.chat
            past, previous = log.earlier(session, chat, before=place.turn if place is not None else None)
            prepared = prepare(
                Asked(question.text, past, previous, question.without),
                backend=backend,
                store=RecordStore(session),
                reach=self._reach(session, question, chat),
                words=self._words,
                today=self._clock().astimezone().date(),
            )
        if place is not None:
            with self._vault.write() as session:
                log.show(session, place, prepared)
        return prepared

    def _intend(self, question: Question, place: Place, prepared: Prepared) -> bool:
        """Look at the grants once more and write the intent, in one transaction."""
        with self._vault.write() as session:
            if not covers(self._reach(session, question, place.chat), prepared.reach):
                log.close_turn(session, place, "refused", prepared, self._clock())
                return False
            log.intend(session, place, prepared, self._clock())
        return True

    def _close(self, place: Place, state: str, prepared: Prepared) -> None:
        with self._vault.write() as session:
            log.close_turn(session, place, state, prepared, self._clock())

    def _finish(self, place: Place, outcome: str, prepared: Prepared, answer: Answer) -> None:
        with self._vault.write() as session:
            log.finish(session, place, outcome, prepared, answer, self._clock())

    def _reach(self, session: Session, question: Question, chat: str | None) -> Reach:
        backend = self._backend(question.to)
        return reach_of(
            backend.destination,
            [to_grant(row) for row in GrantStore(session).all()],
            now=self._clock(),
            chat=chat,
            once=question.once,
        )

    def _backend(self, name: str) -> Backend:
        try:
            return self._backends[name]
        except KeyError:
            known = ", ".join(self._backends)
            raise UsageError(f"There is no destination called “{name}”.", f"Known are: {known}.") from None
