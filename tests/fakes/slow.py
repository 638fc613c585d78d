"""A model that says a little and then waits until it is told to go on."""

import asyncio
from collections.abc import AsyncIterator

from assistant.llm.base import Delta, Request, Usage
from assistant.llm.local import local_request
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

    def prepare(self, message: Message) -> Request:
        return local_request(SLOW, message)

    async def send(self, request: Request) -> AsyncIterator[Delta | Usage]:
        self.received.append(request)
        yield Delta(self.first)
        await self.go.wait()
        yield Delta(self.rest)
        yield Usage()
