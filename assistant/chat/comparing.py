"""One question to several destinations, on the same records: what all of them may see, and nothing more.

They are asked one after the other, so that a model on this computer doesn't slow its neighbour down while
it is timed. All turns are kept in one chat.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from time import perf_counter
from typing import Protocol

import msgspec

from assistant.chat.events import (
    Answer,
    AnswerDelta,
    Event,
    Finished,
    NotSent,
    Outgoing,
    OutgoingReady,
    QuestionSaved,
)
from assistant.chat.question import Approver, Question
from assistant.errors import ModelFailed, Refused, UsageError
from assistant.llm.base import Usage
from assistant.records.model import Category


class Asks(Protocol):
    """What a comparison needs of the chat service."""

    def ask(self, question: Question, approver: Approver) -> AsyncGenerator[Event, None]:
        """Run one turn."""


class Compared(msgspec.Struct):
    """What one destination made of the question."""

    destination: str
    chat: str | None = None
    outgoing: Outgoing | None = None
    text: str = ""
    """As far as it came."""
    answer: Answer | None = None
    usage: Usage = Usage()
    first: float | None = None
    """Seconds from the approval to the first piece of the answer."""
    total: float | None = None
    """Seconds from the approval to the end."""
    not_sent: str | None = None
    failed: ModelFailed | Refused | None = None


async def compare(
    service: Asks,
    text: str,
    to: Sequence[str],
    approver: Approver,
    *,
    once: tuple[Category, ...] = (),
    dry_run: bool = False,
) -> AsyncGenerator[Compared, None]:
    """Ask all of them; each result whenever something of it is new, the last time when it is done.

    Raises:
        UsageError: fewer than two destinations, or one twice.
    """
    if len(to) < 2 or len(set(to)) < len(to):
        raise UsageError("Comparing takes two or more who are asked.", "Name each once: --to A --to B.")
    chat: str | None = None
    for name in to:
        others = tuple(other for other in to if other != name)
        result = Compared(name, chat)
        question = Question(text, name, chat, once, alongside=others, dry_run=dry_run)
        async with aclosing(_one(service, question, approver, result)) as steps:
            async for _ in steps:
                yield result
        chat = result.chat


async def _one(
    service: Asks, question: Question, approver: Approver, result: Compared
) -> AsyncGenerator[None, None]:
    clock = _Stopwatch()

    async def approve(outgoing: Outgoing) -> bool:
        said = await approver(outgoing)
        if not result.text:
            clock.begin()
        return said

    try:
        async with aclosing(service.ask(question, approve)) as events:
            async for event in events:
                _take(event, result, clock)
                yield
    except (ModelFailed, Refused) as error:
        result.failed = error
        result.total = clock.seconds()
        yield


def _take(event: Event, result: Compared, clock: "_Stopwatch") -> None:
    match event:
        case QuestionSaved(chat=chat):
            result.chat = chat
        case OutgoingReady(outgoing=outgoing):
            if result.outgoing is None:
                clock.begin()
            result.outgoing = result.outgoing or outgoing
        case NotSent(why=why):
            result.not_sent = why
        case AnswerDelta(text=piece):
            result.text += piece
            if result.first is None:
                result.first = clock.seconds()
        case Finished(answer=answer, usage=usage):
            result.answer, result.usage, result.total = answer, usage, clock.seconds()
        case _:
            pass


class _Stopwatch:
    """From the approval on; where none is asked for, from when the message was ready."""

    def __init__(self) -> None:
        self._began = perf_counter()

    def begin(self) -> None:
        """Count from now."""
        self._began = perf_counter()

    def seconds(self) -> float:
        """Since it began."""
        return perf_counter() - self._began
