"""Wherever a server points, nothing is asked outside the address that was granted."""

import asyncio

import pytest

from connectors.errors import SourceError
from connectors.http import Network
from connectors.mcp.reach import Reach
from connectors.mcp.session import Session
from tests.connectors.mcp.flows import signed_in
from tests.connectors.smart.address_tricks import FOREIGN
from tests.connectors.smart_fetch.server import Answer, http
from tests.fakes.healthex.front import Asked
from tests.fakes.healthex.server import HealthExServer

TRICKS = [one for one in FOREIGN if one.isascii() and one.isprintable()]
"""Those that fit into a header as they are."""


async def test_no_redirect_leads_out() -> None:
    heard: set[tuple[str, int]] = set()

    class Allowing:
        def __init__(self, host: str, port: int) -> None:
            heard.add((host, port))

        async def __aenter__(self) -> None:
            return None

        async def __aexit__(self, *_: object) -> None:
            return None

    assert len(TRICKS) >= 120
    tricks = iter(TRICKS)

    def point(asked: Asked) -> Answer | None:
        if asked.tool is None:
            return None
        return http(b"{}", 307, "application/json", location=next(tricks))

    async with HealthExServer({}) as server, signed_in(server, Network(allowing=Allowing)) as (reach, _):
        server.front.faults.append(point)
        before = len(server.front.asked)
        async with Session(reach) as session:
            for _trick in TRICKS:
                with pytest.raises(SourceError):
                    await session.call("get_health_summary", {})
        asked = server.front.asked[before:]
        assert heard == {("127.0.0.1", server.front.port)}
    assert {one.path for one in asked} == {"/mcp"}
    assert sum(one.tool is not None for one in asked) == len(TRICKS)


async def test_a_conversation_may_be_given_up_at_any_moment() -> None:
    """Cancelled while the server is silent: at once, and without a task left behind."""
    async with HealthExServer({}) as server, signed_in(server) as (reach, _):
        server.front.faults.append(lambda asked: Answer((), "hang") if asked.tool else None)
        before = asyncio.all_tasks()

        async def ask() -> None:
            async with Session(reach) as session:
                await session.call("get_health_summary", {})

        task = asyncio.create_task(ask())
        while not any(one.tool for one in server.front.asked):
            await asyncio.sleep(0)
        task.cancel()
        async with asyncio.timeout(2):
            await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()
        server.front.faults.clear()
        async with Session(Reach(reach.network, reach.address, True, reach.bearer)) as session:
            assert "asthma" in await session.call("get_health_summary", {})
        left = {one.get_coro().__qualname__ for one in asyncio.all_tasks() - before}  # type: ignore[union-attr]
        assert not [name for name in left if name.startswith(("Session", "StreamableHTTP"))]
