"""The conversation of one sync: begun when it is needed, anew where the server lost it, never too long."""

import asyncio
from collections.abc import Awaitable, Mapping
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, TypeVar

from connectors.errors import SourceInterrupted
from connectors.mcp.reach import Reach
from connectors.mcp.tool import Tool
from connectors.net_errors import BadReply

if TYPE_CHECKING:
    from connectors.mcp.session import Session

MOST_CONVERSATIONS = 4
"""How often a server may lose the thread within one sync."""

_T = TypeVar("_T")


class Talk:
    """Talks to one server until a moment of the loop's clock."""

    def __init__(self, reach: Reach, deadline: float) -> None:
        self._reach = reach
        self._deadline = deadline
        self._stack = AsyncExitStack()
        self._session: Session | None = None
        self._begun = 0

    async def aclose(self) -> None:
        """End it."""
        self._session = None
        await self._stack.aclose()

    async def tools(self) -> tuple[Tool, ...]:
        """What the server offers."""
        return await self._in_time(self._tools())

    async def call(self, tool: str, arguments: Mapping[str, int | str]) -> str:
        """What a tool answers."""
        return await self._in_time(self._call(tool, arguments))

    async def _tools(self) -> tuple[Tool, ...]:
        return await (await self._open()).tools()

    async def _call(self, tool: str, arguments: Mapping[str, int | str]) -> str:
        session = await self._open()
        try:
            return await session.call(tool, arguments)
        except BadReply as error:
            if error.status != 404 and session.alive:
                raise
            await self.aclose()
            if error.status != 404 or self._begun >= MOST_CONVERSATIONS:
                raise
        return await (await self._open()).call(tool, arguments)

    async def _open(self) -> "Session":
        from connectors.mcp.session import Session

        if self._session is None:
            self._begun += 1
            self._session = await self._stack.enter_async_context(Session(self._reach))
        return self._session

    async def _in_time(self, work: Awaitable[_T]) -> _T:
        try:
            async with asyncio.timeout_at(self._deadline):
                return await work
        except TimeoutError:
            raise SourceInterrupted(
                "The sync takes long",
                "There is more to fetch than fits into one sync.",
                "Start the sync again: it goes on where this one stopped.",
            ) from None
