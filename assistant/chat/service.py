"""One turn, start to end: save, look up, build, show, approve, send, check, save.

The screen, the line mode and `ask` all go through here. What is sent is decided by `sharing` and leaves
through the gate; this module only keeps the order, and the order is what makes it safe: the intent is in the
ledger before a byte leaves, and the grants are looked at once more while the first byte leaves. What a model
asks to have looked up goes back to it in a message of its own, by the same steps.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

import msgspec

from assistant.chat import log
from assistant.chat.beside import Sources
from assistant.chat.events import CardShown, Event, Finished, NotSent, OutgoingReady, QuestionSaved, Sending
from assistant.chat.log import Place
from assistant.chat.looking_up import LookUps
from assistant.chat.prepare import Asked, Draft, Prepared, draft, prepared
from assistant.chat.question import Approver, Question
from assistant.chat.sending import Sender, Sent
from assistant.chat.spending import over_cap
from assistant.clock import Clock
from assistant.errors import UsageError
from assistant.grounding.tools import tools
from assistant.llm.base import Backend
from assistant.llm.models import in_force
from assistant.llm.prices import Prices
from assistant.llm.voices import Voices
from assistant.records.model import Category
from assistant.safety.card import card
from assistant.safety.model import Card
from assistant.safety.recognise import recognise
from assistant.sharing.model import Destination
from assistant.sharing.outgoing import Words, with_skill
from assistant.sharing.rules import common, covers, reach_of, within
from assistant.sharing.service import to_grant
from assistant.vault.grants import GrantStore
from assistant.vault.query import Reach
from assistant.vault.records import RecordStore
from assistant.vault.vault import Session, Vault

Cap = Callable[[], float]
"""US dollars a month that may be spent unasked; 0 for no cap."""

Country = Callable[[], str]
"""The country that the patient set, as two capital letters; empty where none is."""

WordsFor = Callable[[Destination], Words]


class ChatService:
    """Asks questions of one vault."""

    def __init__(
        self,
        vault: Vault,
        clock: Clock,
        voices: Voices,
        words: WordsFor,
        prices: Prices,
        cap: Cap,
        country: Country,
    ) -> None:
        self._cap = cap
        self._country = country
        self._prices = prices
        self._vault = vault
        self._clock = clock
        self._voices = voices
        self._words = words

    async def ask(self, question: Question, approver: Approver) -> AsyncGenerator[Event, None]:
        """Run one turn. Closing the iterator stops it and keeps what has come so far.

        Raises:
            UsageError: no such destination or chat, or nothing was asked.
            ModelFailed: the model did not answer; the question and what came are saved.
            Refused: something of the message was taken back at the last moment; nothing was sent.
        """
        urgent = None if question.anyway else await asyncio.to_thread(recognise, question.text)
        if urgent is not None:
            async for event in self._answered_by_card(question, card(urgent, self._country())):
                yield event
            return
        backend = self._voices.get(question.to)
        if not question.text.strip():
            raise UsageError("There is no question.", "Type what you want to know.")
        place: Place | None = None
        if not question.dry_run:
            place = await asyncio.to_thread(self._save_question, question)
            yield QuestionSaved(place.chat, place.turn)
        drafted = await asyncio.to_thread(self._draft, question, place, backend)
        if place is None:
            yield OutgoingReady((await self._priced(drafted, backend)).outgoing)
            yield NotSent("dry run")
            return
        async with aclosing(self._rounds(question, place, backend, drafted, approver)) as events:
            async for event in events:
                yield event

    async def _answered_by_card(self, question: Question, shown: Card) -> AsyncGenerator[Event, None]:
        """The card at once; then it is kept in the chat. No model is asked and nothing is looked up."""
        yield CardShown(shown)
        if not question.dry_run:
            place = await asyncio.to_thread(self._save_question, question)
            await asyncio.to_thread(self._keep_card, place, shown)
            yield QuestionSaved(place.chat, place.turn)
        yield NotSent("urgent")

    def _keep_card(self, place: Place, shown: Card) -> None:
        with self._vault.write() as session:
            log.keep_card(session, place, shown, self._clock())

    async def _rounds(
        self, question: Question, place: Place, backend: Backend, drafted: Draft, approver: Approver
    ) -> AsyncGenerator[Event, None]:
        look_ups, sender, sent = self._look_ups(question, place), self._sender(question, place), Sent()
        while True:
            made = await self._priced(drafted, backend)
            await asyncio.to_thread(self._show, place, made)
            yield OutgoingReady(made.outgoing)
            refusal = await self._refusal(question, place, backend, made, approver, sent)
            if refusal:
                yield NotSent(refusal)
                break
            yield Sending(made.outgoing)
            async with aclosing(sender.send(backend, made, sent)) as events:
                async for event in events:
                    yield event
            if not sent.calls:
                break
            drafted = await asyncio.to_thread(look_ups.run, drafted, sent)
        if sent.outgoing is not None:
            yield Finished(sent.answer(), sent.usage)

    async def _priced(self, drafted: Draft, backend: Backend) -> Prepared:
        """The message with its request, and whether the month's cap lets it go unasked."""
        made = await prepared(drafted, backend, self._prices)
        over = await asyncio.to_thread(self._over_cap, made.outgoing.estimate)
        outgoing = msgspec.structs.replace(made.outgoing, over_cap=over)
        return msgspec.structs.replace(made, outgoing=outgoing)

    def _over_cap(self, estimate: float | None) -> str:
        cap = self._cap()
        if not cap:
            return ""
        with self._vault.read() as session:
            return over_cap(session, self._clock(), cap=cap, estimate=estimate)

    async def _refusal(
        self,
        question: Question,
        place: Place,
        backend: Backend,
        made: Prepared,
        approver: Approver,
        sent: Sent,
    ) -> str:
        """Why this message is not sent; empty where it is, and the intent is in the ledger."""
        if not (backend.destination.in_process or await approver(made.outgoing)):
            state = "refused" if sent.outgoing is None else "answered"
            await asyncio.to_thread(self._close, place, state, made)
            return "not approved"
        if not await asyncio.to_thread(self._intend, question, place, made, sent):
            return "no longer shared"
        return ""

    def _sender(self, question: Question, place: Place) -> Sender:
        return Sender(
            self._vault,
            self._clock,
            place,
            lambda session, reach: self._still(session, question, place, reach),
            self._prices,
        )

    def _still(self, session: Session, question: Question, place: Place, reach: Reach) -> bool:
        """Whether the one who is asked is where the message says, and may still see all that is in it."""
        asked = self._voices.known(question.to)
        if asked is None or not in_force(session, asked):
            return False
        return covers(self._reach(session, question, place.chat), reach)

    def _save_question(self, question: Question) -> Place:
        with self._vault.write() as session:
            return log.open_turn(session, question.text, question.to, question.chat, self._clock())

    def _draft(self, question: Question, place: Place | None, backend: Backend) -> Draft:
        with self._vault.read() as session:
            chat = place.chat if place is not None else question.chat
            past, previous = log.earlier(session, chat, before=place.turn if place is not None else None)
            if question.alongside:
                past, previous = (), None
            drafted = draft(
                Asked(
                    question.text,
                    past,
                    previous,
                    question.without,
                    _only(question),
                    Sources.of(session),
                ),
                destination=self._like(question, backend.destination),
                store=RecordStore(session),
                reach=self._reach(session, question, chat),
                words=self._worded(question, backend),
                today=self._clock().astimezone().date(),
            )
            here = backend.destination.in_process
            first = not here and not log.has_had(session, chat, question.to)
        return msgspec.structs.replace(
            drafted,
            first=first,
            message=msgspec.structs.replace(
                drafted.message, tools=tools() if self._may_look_up(question, backend) else ()
            ),
        )

    def _worded(self, question: Question, backend: Backend) -> Words:
        words, skill = self._words(backend.destination), question.skill
        return words if skill is None else with_skill(words, skill.name, skill.instructions, skill.prompt)

    def _may_look_up(self, question: Question, backend: Backend) -> bool:
        return backend.destination.tools and not question.alongside

    def _like(self, question: Question, own: Destination) -> Destination:
        """Whose measure the message is made to: with others alongside, the narrowest."""
        others = [self._voices.get(name).destination for name in question.alongside]
        return next((other for other in others if other.narrow), own)

    def _show(self, place: Place, made: Prepared) -> None:
        with self._vault.write() as session:
            log.show(session, place, made)

    def _intend(self, question: Question, place: Place, made: Prepared, sent: Sent) -> bool:
        """Look at the grants once more and write the intent, in one transaction."""
        with self._vault.write() as session:
            if not self._still(session, question, place, made.reach):
                state = "refused" if sent.outgoing is None else "stopped"
                log.close_turn(session, place, state, made, self._clock())
                return False
            log.intend(session, place, made, self._clock())
        return True

    def _close(self, place: Place, state: str, made: Prepared) -> None:
        with self._vault.write() as session:
            log.close_turn(session, place, state, made, self._clock())

    def _look_ups(self, question: Question, place: Place) -> LookUps:
        def reach(session: Session) -> Reach:
            return within(self._reach(session, question, place.chat), _only(question))

        return LookUps(self._vault, question.without, reach)

    def _reach(self, session: Session, question: Question, chat: str | None) -> Reach:
        grants = [to_grant(row) for row in GrantStore(session).all()]
        now = self._clock()
        asked = [self._voices.known(name) for name in dict.fromkeys((question.to, *question.alongside))]
        return common(
            [
                reach_of(d, grants, now=now, chat=chat, once=question.once)
                if d is not None and in_force(session, d)
                else ()
                for d in asked
            ]
        )


def _only(question: Question) -> tuple[Category, ...]:
    return question.skill.categories if question.skill is not None else ()
