"""The built-in backend: no model, only the facts that code worked out, with the records they rest on."""

from collections.abc import AsyncGenerator
from typing import Any

from assistant.llm.base import Delta, Passage, Piece, Usage
from assistant.llm.local import opened, passed, pieces
from assistant.sharing.model import OFFLINE, Destination, Message

MOST_CITED = 8
"""References printed behind one fact; the rest are counted in the fact itself."""


class OfflineBackend:
    """Answers with the facts of the message, in order, each with its citations."""

    @property
    def destination(self) -> Destination:
        """Offline: nothing leaves this process."""
        return OFFLINE

    async def talk(self, message: Message, passage: Passage) -> AsyncGenerator[Piece, None]:
        """Yield the answer worked out from the common document alone."""
        request = await passed(OFFLINE, message, passage)
        for piece in pieces(answer(opened(request))):
            yield Delta(piece)
        yield Usage(input=0, output=0, cost=0.0)


def answer(document: dict[str, Any]) -> str:
    """The facts of a document as text, each followed by its references."""
    return "\n\n".join(_cited(fact["text"], fact["records"]) for fact in document["facts"])


def _cited(text: str, refs: list[int]) -> str:
    if not refs:
        return text
    return text + " " + "".join(f"[{ref}]" for ref in refs[:MOST_CITED])
