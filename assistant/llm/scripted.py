"""A backend for testing what is sent and shown: it answers from a list, or by naming what it was given."""

from collections.abc import AsyncGenerator, Sequence

from assistant.llm.base import Delta, Passage, Piece, Request, Usage
from assistant.llm.local import opened, passed, pieces
from assistant.sharing.model import SCRIPTED, Destination, Message


class ScriptedBackend:
    """Gives the next of its replies; without any, a reply made from the message alone."""

    def __init__(self, replies: Sequence[str] = (), destination: Destination = SCRIPTED) -> None:
        self.destination = destination
        """On this computer, but with grants like any model."""
        self._replies = list(replies)
        self.received: list[Request] = []
        """Every request that was sent to it, for tests."""

    async def talk(self, message: Message, passage: Passage) -> AsyncGenerator[Piece, None]:
        """Yield the reply for this message."""
        request = await passed(self.destination, message, passage)
        self.received.append(request)
        for piece in pieces(self._replies.pop(0) if self._replies else _echo(request)):
            yield Delta(piece)
        yield Usage()


def _echo(request: Request) -> str:
    document = opened(request)
    records, facts = document["records"], document["facts"]
    if facts and facts[0]["records"]:
        refs = "".join(f"[{ref}]" for ref in facts[0]["records"][:3])
        return f"{facts[0]['text']} {refs}"
    if records:
        return f"I was given {len(records)} records, the first of them this one [1]."
    return "I was given no records."
