"""Conversations that were had: list, read, choose."""

from collections.abc import Sequence

import msgspec

from assistant.chat.events import Answer, Outgoing
from assistant.chat.log import shown_outgoing
from assistant.clock import Clock, stamp
from assistant.errors import UsageError
from assistant.vault.chats import ChatStore
from assistant.vault.vault import Vault


class ChatSummary(msgspec.Struct, frozen=True):
    """One conversation in a list."""

    id: str
    title: str
    updated: str


class PastTurn(msgspec.Struct, frozen=True):
    """One turn as it was."""

    at: str
    destination: str
    question: str
    state: str
    answer: Answer | None
    outgoing: Outgoing | None


class ChatBrowser:
    """The conversations of one vault."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock

    def all(self) -> Sequence[ChatSummary]:
        """Every conversation, the latest first."""
        with self._vault.read() as session:
            return [ChatSummary(chat.id, chat.title, chat.updated) for chat in ChatStore(session).all()]

    def turns(self, chat: str) -> Sequence[PastTurn]:
        """A conversation, oldest turn first.

        Raises:
            UsageError: there is no such chat.
        """
        with self._vault.read() as session:
            store = ChatStore(session)
            if store.get(chat) is None:
                raise UsageError(f"There is no chat “{chat}”.", "List them with `chartside chats`.")
            return [
                PastTurn(
                    at=turn.at,
                    destination=turn.destination,
                    question=turn.question,
                    state=turn.state,
                    answer=msgspec.msgpack.decode(turn.checks, type=Answer) if turn.checks else None,
                    outgoing=shown_outgoing(turn.outgoing),
                )
                for turn in store.turns(chat)
            ]

    def chosen(self, chat: str | None) -> str:
        """The chat of this id; without one the latest, or a new one where there is none.

        Raises:
            UsageError: there is no such chat.
        """
        if chat is not None:
            self.turns(chat)
            return chat
        latest = self.all()
        if latest:
            return latest[0].id
        with self._vault.write() as session:
            return ChatStore(session).create("New chat", at=stamp(self._clock())).id
