"""A model that says a little and then waits until it is told to go on."""

import asyncio
from collections.abc import AsyncGenerator

from assistant.llm.base import Delta, Passage, Piece, Request, Usage
from assistant.llm.local import passed
from assistant.sharing.model import Destination, Message

SLOW = Destination(id="slow", adapter="scripted", model="slow", stays_here=True)


class SlowBackend:
    """Says `first`, waits for `go`, says `rest`."""

    def __init__(self, first: str = "It fell ", rest: str = "to 96 mg/dL.") -> None:
        self.first = first
        self.rest = rest
        self.go = asyncio.Event()
        self.received: list[Request] = []

    @property
    def destination(self) -> Destination:
        return SLOW

    async def talk(self, message: Message, passage: Passage) -> AsyncGenerator[Piece, None]:
        self.received.append(await passed(SLOW, message, passage))
        yield Delta(self.first)
        await self.go.wait()
        yield Delta(self.rest)
        yield Usage()
