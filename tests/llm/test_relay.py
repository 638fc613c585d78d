"""The relay lets one request through, for the one who knows its path, and takes nothing else for one."""

import asyncio
from urllib.parse import urlsplit

import httpx

from assistant.llm.providers import OFFERED
from assistant.llm.relay import relaying
from tests.fakes import openai_wire
from tests.fakes.model_server import ModelServer

ENDED = OFFERED["openai"].ended


async def test_the_relay_takes_one_request_and_only_on_its_secret_path() -> None:
    replies = (openai_wire.answer("Yes"), openai_wire.answer("No"))
    async with (
        ModelServer({openai_wire.PATH: lambda _: None}, *replies) as server,
        httpx.AsyncClient() as http,
        relaying(http, f"{server.url}/v1", "k", ENDED) as relay,
    ):
        path = f"{urlsplit(relay.base_url).path}/chat/completions"
        for stranger in ("/", "/v1/chat/completions", f"/x{path}", f"/{relay.stand_in}/chat/completions"):
            assert await _status(relay.port, stranger) == 599
        assert not relay.asked
        assert await _status(relay.port, path) == 200
        assert await _status(relay.port, path) == 599
    assert len(server.received) == 1
    assert relay.whole


async def test_a_relay_does_not_mind_what_is_no_request(server: ModelServer) -> None:
    async with httpx.AsyncClient() as http, relaying(http, server.url, None, ENDED) as relay:
        for nonsense in (
            b"\0\1\2\r\n\r\n",
            b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{}",
            b"",
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", relay.port)
            writer.write(nonsense)
            writer.write_eof()
            await reader.read()
            writer.close()
            await writer.wait_closed()
        assert not relay.asked
    assert await server.connections() == 0


async def _status(port: int, target: str) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST %b HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}" % target.encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return int(answer.split(b" ")[1])
