"""One conversation as every face holds it: whom it asks, where it is kept, what it holds back."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Protocol

from assistant.chat.approvals import StandingApprovals
from assistant.chat.events import Event, Outgoing, OutgoingReady, QuestionSaved
from assistant.chat.question import Approver, Question, Using

ANYWAY = "/anyway "
"""Before a question that a card answered: ask it all the same."""


class Asks(Protocol):
    """What a conversation needs of the chat service."""

    def ask(self, question: Question, approver: Approver) -> AsyncGenerator[Event, None]:
        """Run one turn."""


class Means(Protocol):
    """What a conversation needs of the skills."""

    def meant(self, typed: str) -> tuple[str, Using | None]:
        """The question that is meant, and the skill where one was called."""


class Conversation:
    """The state of a conversation under way. Its turns run one at a time."""

    def __init__(
        self, service: Asks, approver: Approver, *, to: str = "offline", skills: Means | None = None
    ) -> None:
        self._service = service
        self._skills = skills
        self._approver = approver
        self.standing = StandingApprovals()
        self.to = to
        self.chat: str | None = None
        """None before its first question."""
        self.withheld: tuple[str, ...] = ()
        """Records held back from the messages of this conversation."""
        self.last: Outgoing | None = None
        """The message of the last question."""
        self.before: Outgoing | None = None
        """The message before that."""

    async def ask(self, text: str) -> AsyncGenerator[Event, None]:
        """Run one turn; its events, as `ChatService.ask` gives them.

        Raises:
            UsageError: a skill is called that isn't there, or not like this; or as `ChatService.ask`.
        """
        question = await self._question(text)
        async with aclosing(self._service.ask(question, self._approve)) as events:
            async for event in events:
                match event:
                    case QuestionSaved(chat=chat):
                        self.chat = chat
                    case OutgoingReady(outgoing=outgoing):
                        self.before, self.last = self.last, outgoing
                    case _:
                        pass
                yield event

    async def preview(self, text: str) -> Outgoing | None:
        """The message that a question would send now; nothing is saved or sent."""
        question = await self._question(text, dry_run=True)
        async with aclosing(self._service.ask(question, self._approve)) as events:
            async for event in events:
                if isinstance(event, OutgoingReady):
                    return event.outgoing
        return None

    async def wording(self, text: str) -> str:
        """The question that is asked where this is typed: a skill's own, or the text as it is.

        Raises:
            UsageError: a skill is called that isn't there, or not like this.
        """
        return (await self._question(text)).text

    async def _question(self, text: str, *, dry_run: bool = False) -> Question:
        skill: Using | None = None
        if text.startswith(ANYWAY):
            return Question(
                text.removeprefix(ANYWAY),
                self.to,
                self.chat,
                without=self.withheld,
                anyway=True,
                dry_run=dry_run,
            )
        if self._skills is not None and text.startswith("/"):
            text, skill = await asyncio.to_thread(self._skills.meant, text)
        return Question(text, self.to, self.chat, without=self.withheld, skill=skill, dry_run=dry_run)

    def begin(self, chat: str | None = None) -> None:
        """Go on in a chat that is there, or begin a new one with the next question."""
        self.chat, self.last, self.before, self.withheld = chat, None, None, ()

    def withhold(self, record: str) -> None:
        """Hold a record back from the next messages of this conversation."""
        self.withheld = tuple(dict.fromkeys((*self.withheld, record)))

    def give_back(self, record: str) -> None:
        """Let a record go again, where it is shared."""
        self.withheld = tuple(held for held in self.withheld if held != record)

    async def _approve(self, outgoing: Outgoing) -> bool:
        standing = not outgoing.over_cap and self.standing.allows(outgoing, self.chat)
        return standing or await self._approver(outgoing)
