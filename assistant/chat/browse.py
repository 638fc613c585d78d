"""Conversations that were had: list, read, choose."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from assistant.chat.events import Answer, Outgoing
from assistant.chat.log import shown_outgoing
from assistant.clock import Clock, stamp
from assistant.errors import UsageError
from assistant.llm.base import Usage
from assistant.vault.chats import ChatStore
from assistant.vault.ledger import Ledger
from assistant.vault.meta import MetaStore
from assistant.vault.tables import Turn
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
    usage: Usage = Usage()


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
                    usage=msgspec.msgpack.decode(turn.usage, type=Usage) if turn.usage else Usage(),
                )
                for turn in store.turns(chat)
            ]

    def search(self, words: str) -> Sequence[ChatSummary]:
        """The conversations whose title, questions or answers hold these words, the latest first."""
        wanted = words.casefold().split()
        with self._vault.read() as session:
            store = ChatStore(session)
            return [
                ChatSummary(chat.id, chat.title, chat.updated)
                for chat in store.all()
                if _holds([chat.title, *_said(store.turns(chat.id))], wanted)
            ]

    def rename(self, chat: str, title: str) -> None:
        """Give a conversation another title.

        Raises:
            UsageError: there is no such chat, or the title is empty.
        """
        if not title.strip():
            raise UsageError("A title needs at least one word.", "Type one.")
        with self._vault.write() as session:
            ChatStore(session).rename(chat, " ".join(title.split()))

    def delete(self, chat: str) -> None:
        """Drop a conversation with all its turns. The ledger keeps what was sent, without content."""
        with self._vault.write() as session:
            store = ChatStore(session)
            turns = len(store.turns(chat))
            store.delete(chat)
            MetaStore(session).remove(_draft(chat))
            Ledger(session).append("delete", at=stamp(self._clock()), items=turns, detail={"what": "chat"})

    def export(self, chat: str) -> str:
        """A conversation as Markdown, for a file that the patient asked for.

        Raises:
            UsageError: there is no such chat.
        """
        turns = self.turns(chat)
        self._vault.note("export", detail={"what": "chat", "items": len(turns)})
        return "\n".join(line for turn in turns for line in _markdown(turn))

    def draft(self, chat: str | None) -> str:
        """What was being typed in this conversation (None: in a new one)."""
        with self._vault.read() as session:
            return (MetaStore(session).get(_draft(chat)) or b"").decode("utf-8")

    def keep_draft(self, chat: str | None, text: str) -> None:
        """Keep what is being typed, inside the vault; nothing to keep removes it."""
        with self._vault.write() as session:
            meta = MetaStore(session)
            if text:
                meta.set(_draft(chat), text.encode("utf-8", "replace"))
            else:
                meta.remove(_draft(chat))

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


def _draft(chat: str | None) -> str:
    return f"draft {chat or 'new'}"


def _said(turns: Iterable[Turn]) -> Iterator[str]:
    for turn in turns:
        yield turn.question
        yield turn.answer


def _holds(texts: Iterable[str], words: Sequence[str]) -> bool:
    text = "\n".join(texts).casefold()
    return all(word in text for word in words)


def _markdown(turn: PastTurn) -> Iterator[str]:
    yield f"## {turn.at}, to {turn.destination}"
    yield ""
    yield from (f"> {line}" for line in turn.question.splitlines())
    yield ""
    yield turn.answer.text if turn.answer is not None and turn.answer.text else f"({turn.state})"
    yield ""
    if turn.outgoing is not None and turn.state == "answered":
        request, message = turn.outgoing.request, turn.outgoing.message
        yield from (f"- [{item.ref}] {item.text}" for item in message.items)
        yield f"- {len(message.items)} records were sent, sha256 {request.sha256}"
        yield ""
