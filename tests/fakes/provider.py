"""The providers that litellm is asked for, as they look on the wire: where each is asked, how it answers."""

import asyncio
import json
import os
import struct
import sys
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec

from assistant.llm.litellm import with_plain_calls
from assistant.llm.openai_message import arguments
from assistant.llm.providers import provider_of
from assistant.sharing.model import Message
from tests.fakes import claude_wire, openai_wire
from tests.fakes.model_server import Reply

SSE = (("content-type", "text/event-stream"),)


class Family(msgspec.Struct, frozen=True):
    """How some providers stream."""

    answer: Callable[..., Reply]
    """A whole answer of these texts."""
    broken_off: Callable[..., Reply]
    """One whose connection ends properly after these texts, but not the answer."""


class Asked(msgspec.Struct, frozen=True):
    """A model, and the one request that litellm makes for it."""

    model: str
    path: str
    family: Family
    secret: tuple[str, str] = ("authorization", "Bearer {}")
    """The header in which the key arrives, and all of its value."""
    base: str | None = None
    """Where requests begin, where everyone has another address."""

    @property
    def real_base(self) -> str:
        """Where the provider's requests begin."""
        base = provider_of(self.model).base_url or self.base
        assert base is not None
        return base

    @property
    def under(self) -> str:
        """What the path begins with."""
        return urlsplit(self.real_base).path

    @property
    def provider(self) -> str:
        """Its provider's name."""
        return self.model.partition("/")[0]


def _openai_broken_off(*texts: str) -> Reply:
    return Reply(200, openai_wire.STREAM, openai_wire.beginning(*texts, hang=True).chunks)


def _claude_broken_off(*texts: str) -> Reply:
    return Reply(200, claude_wire.STREAM, claude_wire.beginning(*texts).chunks)


def _data(*events: dict[str, Any]) -> list[bytes]:
    return [f"data: {json.dumps(event)}\n\n".encode() for event in events]


def _gemini_part(text: str, **more: Any) -> dict[str, Any]:
    counted = {"promptTokenCount": 10, "candidatesTokenCount": 9, "totalTokenCount": 19}
    candidate = {"content": {"role": "model", "parts": [{"text": text}]}, "index": 0, **more}
    return {"candidates": [candidate], "usageMetadata": counted, "modelVersion": "gemini-2.5-pro"}


def _gemini_broken_off(*texts: str) -> Reply:
    return Reply(200, SSE, _data(*map(_gemini_part, texts)))


def _gemini(*texts: str) -> Reply:
    *first, last = texts
    return Reply(200, SSE, _data(*map(_gemini_part, first), _gemini_part(last, finishReason="STOP")))


def _ollama_line(text: str, **more: Any) -> bytes:
    line = {
        "model": "llama3",
        "created_at": "2026-01-01T00:00:00Z",
        "message": {"role": "assistant", "content": text},
        "done": False,
    }
    return json.dumps(line | more).encode() + b"\n"


def _ollama_lines(lines: Iterable[bytes]) -> Reply:
    return Reply(200, (("content-type", "application/x-ndjson"),), list(lines))


def _ollama(*texts: str) -> Reply:
    done = _ollama_line("", done=True, done_reason="stop", prompt_eval_count=10, eval_count=9)
    return _ollama_lines([*map(_ollama_line, texts), done])


def _ollama_broken_off(*texts: str) -> Reply:
    return _ollama_lines(map(_ollama_line, texts))


def _aws_event(kind: str, payload: dict[str, Any]) -> bytes:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html says how."""
    named = {":event-type": kind, ":content-type": "application/json", ":message-type": "event"}
    headers = b"".join(
        struct.pack("!B", len(name)) + name.encode() + struct.pack("!BH", 7, len(value)) + value.encode()
        for name, value in named.items()
    )
    body = json.dumps(payload).encode()
    prelude = struct.pack("!II", 16 + len(headers) + len(body), len(headers))
    message = prelude + struct.pack("!I", zlib.crc32(prelude)) + headers + body
    return message + struct.pack("!I", zlib.crc32(message))


def _bedrock_events(texts: Iterable[str]) -> list[bytes]:
    said = [
        _aws_event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": text}}) for text in texts
    ]
    return [_aws_event("messageStart", {"role": "assistant"}), *said]


def _bedrock(*texts: str) -> Reply:
    tokens = {"inputTokens": 10, "outputTokens": 9, "totalTokens": 19}
    end = [
        _aws_event("contentBlockStop", {"contentBlockIndex": 0}),
        _aws_event("messageStop", {"stopReason": "end_turn"}),
        _aws_event("metadata", {"usage": tokens, "metrics": {"latencyMs": 1}}),
    ]
    return Reply(200, _AWS, [*_bedrock_events(texts), *end])


def _bedrock_broken_off(*texts: str) -> Reply:
    return Reply(200, _AWS, _bedrock_events(texts))


_AWS = (("content-type", "application/vnd.amazon.eventstream"),)

OPENAI = Family(openai_wire.answer, _openai_broken_off)
CLAUDE = Family(claude_wire.answer, _claude_broken_off)
GEMINI = Family(_gemini, _gemini_broken_off)
OLLAMA = Family(_ollama, _ollama_broken_off)
BEDROCK = Family(_bedrock, _bedrock_broken_off)

_GOOGLE_KEY = ("x-goog-api-key", "{}")
_AMAZON = "https://bedrock-runtime.us-east-1.amazonaws.com"

PROBED_FOR = "ollama_chat/qwen3:8b"
"""litellm does not know this model, and would ask for it at the usual port, wherever the server is."""

ASKED = (
    Asked("openai/gpt-4o", "/v1/chat/completions", OPENAI),
    Asked("openai/gpt-5", "/v1/chat/completions", OPENAI),
    Asked("anthropic/claude-sonnet-4-5", "/v1/messages", CLAUDE, ("x-api-key", "{}")),
    Asked(
        "gemini/gemini-2.5-pro",
        "/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse",
        GEMINI,
        _GOOGLE_KEY,
    ),
    Asked(
        "gemini/gemini-3-pro-preview",
        "/v1alpha/models/gemini-3-pro-preview:streamGenerateContent?alt=sse",
        GEMINI,
        _GOOGLE_KEY,
    ),
    Asked(
        "azure/my-gpt",
        "/openai/deployments/my-gpt/chat/completions?api-version=2025-02-01-preview",
        OPENAI,
        ("api-key", "{}"),
        "https://my-resource.openai.azure.com",
    ),
    Asked("openrouter/openai/gpt-4o", "/api/v1/chat/completions", OPENAI),
    Asked("ollama_chat/llama3", "/api/chat", OLLAMA),
    Asked(PROBED_FOR, "/api/chat", OLLAMA),
    Asked("mistral/mistral-large-latest", "/v1/chat/completions", OPENAI),
    Asked("groq/llama-3.3-70b-versatile", "/openai/v1/chat/completions", OPENAI),
    Asked("deepseek/deepseek-chat", "/beta/chat/completions", OPENAI),
    Asked("together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo", "/v1/chat/completions", OPENAI),
    Asked("xai/grok-4", "/v1/chat/completions", OPENAI),
    Asked(
        "bedrock/anthropic.claude-sonnet-4-20250514-v1:0",
        "/model/anthropic.claude-sonnet-4-20250514-v1%3A0/converse-stream",
        BEDROCK,
        base=_AMAZON,
    ),
)


def say_what_litellm_does_by_itself(message: str) -> None:
    """In a process of its own: address and body of the one request for each model when litellm knows no
    address but the provider's. Nothing is sent."""
    os.environ |= {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_MODE": "PRODUCTION", "NO_PROXY": "*"}
    seen: list[httpx.Request] = []

    async def instead(_: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(400, request=request)

    def nobody(_: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody is there", request=request)

    httpx.AsyncHTTPTransport.handle_async_request = instead  # type: ignore[method-assign, assignment]
    httpx.HTTPTransport.handle_request = nobody  # type: ignore[method-assign, assignment]
    litellm: Any = import_module("litellm")
    litellm.suppress_debug_info = True
    litellm.disable_aiohttp_transport = True
    asked = asyncio.run(_ask_each(litellm, msgspec.json.decode(message, type=Message), seen))
    json.dump(asked, sys.stdout)


async def _ask_each(litellm: Any, message: Message, seen: list[httpx.Request]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for asked in ASKED:
        seen.clear()
        called = arguments(with_plain_calls(message), asked.model, narrow=False) | dict(
            provider_of(asked.model).extra
        )
        if provider_of(asked.model).base_url is None and asked.provider != "bedrock":
            called["api_base"] = asked.base
        call = {**called, "api_key": "k", "stream": True, "max_retries": 0, "_skip_mcp_handler": True}
        with suppress(Exception):  # there is never an answer
            async for _ in await litellm.acompletion(**call):
                pass
        (request,) = seen
        found[asked.model] = [str(request.url), request.content.decode()]
    return found
