"""Look for model servers on this computer: only when asked, only on loopback, sending nothing but a question
for the list of models."""

import asyncio
import os
from collections.abc import Sequence
from importlib import import_module

import msgspec

from assistant.llm.crossing import Crossing
from assistant.llm.gate import Blocked, Fetching
from assistant.llm.surroundings import scrub
from assistant.llm.watch import Watch
from assistant.sharing.model import Destination

_PROGRAMS = {11434: "Ollama", 8080: "llama.cpp", 1234: "LM Studio", 8000: "vLLM", 1337: "Jan"}
USUAL_PORTS = tuple(_PROGRAMS)
SECONDS = 5.0
MOST_MODELS = 50


class FoundServer(msgspec.Struct, frozen=True):
    """A server of the OpenAI protocol on this computer, and what it says it has."""

    base_url: str
    program: str
    models: tuple[str, ...]


class _Model(msgspec.Struct):
    id: str


class _List(msgspec.Struct):
    data: list[_Model]


async def find_local(ports: Sequence[int], watch: Watch) -> list[FoundServer]:
    """What answers on these ports of 127.0.0.1."""
    found = await asyncio.gather(*(_at(port, watch) for port in ports))
    return [server for server in found if server is not None]


async def names_at(destination: Destination, key: str | None, watch: Watch) -> tuple[str, ...] | None:
    """The models that a destination's server says it has, or None where it doesn't say."""
    await asyncio.to_thread(_load)
    import httpx

    from assistant.llm.over_httpx import client

    own = "/v1/models" if destination.adapter == "anthropic" else "/models"
    url = f"{destination.base_url}{own}"
    crossing = Crossing(destination, Fetching(url), watch, [key] if key else [])
    try:
        async with asyncio.timeout(SECONDS), client(crossing) as http:
            reply = await http.get(url, headers=_headers(destination, key))
            listed = msgspec.json.decode(reply.content, type=_List)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, RecursionError, Blocked):
        return None
    return tuple(model.id for model in listed.data[:MOST_MODELS])


def _headers(destination: Destination, key: str | None) -> dict[str, str]:
    if not key:
        return {}
    if destination.adapter == "anthropic":
        return {"x-api-key": key, "anthropic-version": "2023-06-01"}
    return {"authorization": f"Bearer {key}"}


async def _at(port: int, watch: Watch) -> FoundServer | None:
    base = f"http://127.0.0.1:{port}/v1"
    asked = Destination("local", "openai", "", host=f"127.0.0.1:{port}", stays_here=True, base_url=base)
    names = await names_at(asked, None, watch)
    return None if names is None else FoundServer(base, _PROGRAMS.get(port, "a model server"), names)


def _load() -> None:
    scrub(os.environ)
    for name in ("httpx", "assistant.llm.over_httpx"):
        import_module(name)
