"""A conversation with one server of tools: what it offers, and its answers as text.

The library's tasks begin and end within one task of ours, so that a conversation may be used, and given up,
from any other. The older protocol is tried first: some servers of that kind never recover from being asked in
the newer one. The server can ask nothing back: no sampling, no questions to the patient, no roots.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

import anyio
import httpx2
import msgspec
from mcp import Client, MCPError
from mcp.client.session import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.types import (
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    UNSUPPORTED_PROTOCOL_VERSION,
    Implementation,
    PaginatedRequestParams,
    TextContent,
)

from connectors.errors import SourceError
from connectors.mcp.client import NAME
from connectors.mcp.errors import ToolFailed
from connectors.mcp.quiet import hush
from connectors.mcp.reach import Reach
from connectors.mcp.tool import Tool
from connectors.mcp.wire import Wire
from connectors.net_errors import BadReply, Unreachable
from connectors.origin import parse

MOST_TOOLS = 500
LONGEST_TOOL = 256 * 1024
"""Characters of one tool's definition; a patient has to be able to read it."""
_CLOSING = 5.0
_NEWER_ONLY = frozenset((UNSUPPORTED_PROTOCOL_VERSION, METHOD_NOT_FOUND, INVALID_REQUEST))
_BROKEN = (
    MCPError,
    RuntimeError,
    ValueError,
    TypeError,
    KeyError,
    OSError,
    httpx2.HTTPError,
    anyio.ClosedResourceError,
    anyio.BrokenResourceError,
    anyio.EndOfStream,
)

_T = TypeVar("_T")
_Job = tuple[Callable[[ClientSession], Awaitable[Any]], "asyncio.Future[Any]"]


class Session:
    """One open conversation. `async with Session(reach) as session:` begins and ends it."""

    def __init__(self, reach: Reach) -> None:
        hush()
        self._network = reach.network
        self._origin = reach.origin
        self._address = parse(reach.address).text
        self._wire = Wire(reach.network, self._origin, typed=reach.typed, bearer=reach.bearer)
        self._jobs: asyncio.Queue[_Job | None] = asyncio.Queue()
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._answer: asyncio.Future[Any] | None = None
        self._ended: SourceError | None = None
        self._task: asyncio.Task[None] | None = None
        self._may_be_newer = False

    async def __aenter__(self) -> Self:
        """Begin.

        Raises:
            SourceError: the server can't be talked to.
        """
        self._task = asyncio.create_task(self._hold())
        try:
            async with asyncio.timeout(self._network.limits.total):
                await asyncio.shield(self._ready)
        except TimeoutError:
            await self._stop()
            raise self._late() from None
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and self._task is not None and self._answer is None:
            self._jobs.put_nowait(None)
            await asyncio.wait((self._task,), timeout=_CLOSING)
        await self._stop()

    @property
    def alive(self) -> bool:
        """Whether the conversation still goes on."""
        return self._task is not None and not self._task.done()

    async def tools(self) -> tuple[Tool, ...]:
        """Everything that the server offers, as it describes it.

        Raises:
            SourceError: it can't be asked, or the list does not end.
        """
        return await self._ask(self._list)

    async def call(self, tool: str, arguments: Mapping[str, Any], *, writes: bool = False) -> str:
        """What a tool answers, as text. With `writes` it is sent once only.

        Raises:
            ToolFailed: it says that it failed.
            SourceError: it can't be asked, or did not answer in time.
        """

        async def ask(session: ClientSession) -> str:
            result = await session.call_tool(tool, dict(arguments))
            if result.is_error:
                raise ToolFailed(self._origin.host)
            said = [block.text for block in result.content if isinstance(block, TextContent)]
            if not said and result.structured_content is not None:
                return msgspec.json.encode(result.structured_content, order="sorted").decode()
            return "\n".join(said)

        self._wire.repeatable = not writes
        try:
            return await self._ask(ask)
        finally:
            self._wire.repeatable = True

    async def _list(self, session: ClientSession) -> tuple[Tool, ...]:
        found: list[Tool] = []
        cursors: set[str] = set()
        cursor: str | None = None
        while True:
            result = await session.list_tools(params=PaginatedRequestParams(cursor=cursor))
            found += [
                Tool.of(one.model_dump(mode="json", by_alias=True, exclude_none=True)) for one in result.tools
            ]
            if any(len(tool.definition) > LONGEST_TOOL for tool in found):
                raise BadReply(self._origin.host, "describes a tool at more length than can be read")
            cursor = result.next_cursor
            if cursor is None:
                return tuple(found)
            if cursor in cursors or len(found) > MOST_TOOLS or len(cursors) > MOST_TOOLS:
                raise BadReply(self._origin.host, "lists its tools without end")
            cursors.add(cursor)

    async def _ask(self, work: Callable[[ClientSession], Awaitable[_T]]) -> _T:
        if self._ended is not None or self._task is None or self._task.done():
            raise self._over() if self._ended is None else self._ended
        answer: asyncio.Future[_T] = asyncio.get_running_loop().create_future()
        self._jobs.put_nowait((work, answer))
        return await answer

    async def _hold(self) -> None:
        error: SourceError | None = None
        try:
            async with httpx2.AsyncClient(
                transport=self._wire, trust_env=False, follow_redirects=False, timeout=None
            ) as http:
                modes: Sequence[Literal["legacy", "auto"]] = ("legacy", "auto")
                for mode in modes:
                    error = await self._converse(http, mode)
                    if not self._may_be_newer:
                        break
        finally:
            self._ended = self._over() if error is None else error
            for waiting in (self._ready, self._answer, *self._left()):
                if waiting is not None and not waiting.done():
                    waiting.set_exception(self._ended)
                    waiting.exception()  # whoever waited may be gone

    async def _converse(
        self, http: httpx2.AsyncClient, mode: Literal["legacy", "auto"]
    ) -> SourceError | None:
        """Begin in one generation of the protocol and answer jobs until there are no more; what broke it."""
        self._may_be_newer = False
        self._wire.begin()
        road = streamable_http_client(
            self._address, http_client=http, max_sse_event_size=self._network.limits.body
        )
        client = Client(
            road,
            mode=mode,
            cache=None,
            client_info=Implementation(name=NAME, version="1"),
            read_timeout_seconds=self._network.limits.total,
        )
        try:
            async with client:
                if not self._ready.done():
                    self._ready.set_result(None)
                await self._serve(client.session)
        except _BROKEN as broken:
            return self._told(broken)
        except BaseExceptionGroup as group:
            leaves = _leaves(group)
            if any(not isinstance(leaf, (*_BROKEN, asyncio.CancelledError)) for leaf in leaves):
                raise
            return self._told(next((leaf for leaf in leaves if isinstance(leaf, MCPError)), leaves[0]))
        return None

    async def _serve(self, session: ClientSession) -> None:
        while (job := await self._jobs.get()) is not None:
            work, self._answer = job
            answer = self._answer
            self._wire.begin()
            try:
                async with asyncio.timeout(self._network.limits.total):
                    result = await work(session)
            except TimeoutError:
                _fail(answer, self._wire.failure or self._late())
            except SourceError as error:
                _fail(answer, error)
            except _BROKEN as broken:
                _fail(answer, self._told(broken))
            else:
                if not answer.done():
                    answer.set_result(result)
            self._answer = None

    def _told(self, broken: BaseException) -> SourceError:
        """What went wrong, in this program's words: never the server's."""
        host = self._origin.host
        if self._wire.failure is not None:
            return self._wire.failure
        if isinstance(broken, MCPError):
            self._may_be_newer = broken.code in _NEWER_ONLY and not self._ready.done()
            if broken.code == METHOD_NOT_FOUND:
                return BadReply(host, "does not know this question")
        return BadReply(host, "answered with something that can't be used")

    def _late(self) -> SourceError:
        return Unreachable(self._origin.host, "did not finish its answer in time")

    def _over(self) -> SourceError:
        return Unreachable(self._origin.host, "ended the conversation")

    def _left(self) -> list["asyncio.Future[Any]"]:
        left: list[asyncio.Future[Any]] = []
        while not self._jobs.empty():
            if (job := self._jobs.get_nowait()) is not None:
                left.append(job[1])
        return left

    async def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._ready.done() and not self._ready.cancelled():
            self._ready.exception()


def _fail(answer: "asyncio.Future[Any]", error: SourceError) -> None:
    if not answer.done():
        answer.set_exception(error)


def _leaves(group: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    found: list[BaseException] = []
    for one in group.exceptions:
        found += _leaves(one) if isinstance(one, BaseExceptionGroup) else [one]
    return found
