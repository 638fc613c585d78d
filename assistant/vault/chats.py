"""Conversations, kept turn by turn: the question before anything is sent, the answer as far as it came."""

import secrets
from collections.abc import Sequence
from typing import TypedDict, Unpack

from sqlmodel import col, delete, select

from assistant.errors import UsageError
from assistant.vault.session import Session
from assistant.vault.tables import Chat, Turn


class TurnChange(TypedDict, total=False):
    """What may change about a turn; see `tables.Turn`."""

    state: str
    plan: bytes
    reach: bytes
    outgoing: bytes
    answer: str
    checks: bytes
    usage: bytes


class ChatStore:
    """The chats of one vault, within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def create(self, title: str, *, at: str, id: str | None = None) -> Chat:  # noqa: A002 - the column's name
        """Begin a chat, under a new id unless one is given."""
        chat = Chat(id=id or f"c{secrets.token_hex(4)}", title=title, created=at, updated=at)
        self._session.add(chat)
        self._session.flush()
        return chat

    def all(self) -> Sequence[Chat]:
        """Every chat, the one last added to first."""
        order = (col(Chat.updated).desc(), col(Chat.created).desc(), col(Chat.title), col(Chat.id))
        return self._session.exec(select(Chat).order_by(*order)).all()

    def get(self, chat: str) -> Chat | None:
        """The chat of this id."""
        return self._session.get(Chat, chat)

    def rename(self, chat: str, title: str) -> None:
        """Give a chat another title.

        Raises:
            UsageError: there is no such chat.
        """
        self._known(chat).title = title
        self._session.flush()

    def delete(self, chat: str) -> None:
        """Drop a chat with all its turns, if it is there."""
        self._session.exec(delete(Turn).where(col(Turn.chat) == chat))
        self._session.exec(delete(Chat).where(col(Chat.id) == chat))

    def add_turn(self, chat: str, *, question: str, destination: str, at: str) -> int:
        """Add a question at the end of a chat; the turn's number.

        Raises:
            UsageError: there is no such chat.
        """
        self._known(chat).updated = at
        turn = Turn(chat=chat, at=at, destination=destination, question=question, state="asked")
        self._session.add(turn)
        self._session.flush()
        assert turn.n is not None
        return turn.n

    def update_turn(self, turn: int, **change: Unpack[TurnChange]) -> None:
        """Keep what has become of a turn.

        Raises:
            UsageError: there is no such turn.
        """
        row = self._session.get(Turn, turn)
        if row is None:
            raise UsageError("There is no such question in this chat any more.", "Look at the chat again.")
        for name, value in change.items():
            setattr(row, name, value)
        self._session.flush()

    def turns(self, chat: str) -> Sequence[Turn]:
        """The turns of a chat, oldest first."""
        return self._session.exec(select(Turn).where(Turn.chat == chat).order_by(col(Turn.n))).all()

    def _known(self, chat: str) -> Chat:
        row = self._session.get(Chat, chat)
        if row is None:
            raise UsageError("There is no such chat.", "List them with `chartside chats`.")
        return row
