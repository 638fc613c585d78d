"""The Chat Completions protocol as it looks on the wire, and what its servers refuse.

https://platform.openai.com/docs/api-reference/chat-streaming, and llama.cpp's and Ollama's servers
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from assistant.llm.failures import Why
from assistant.llm.openai_reply import STOPPED
from tests.fakes.model_server import Received, Reply

PATH = "/v1/chat/completions"
SERVER_TEXT = "the server wrote these words"
"""In every error: nothing of it may reach a person."""

Event = dict[str, Any]

STREAM: tuple[tuple[str, str], ...] = (
    ("content-type", "text/event-stream; charset=utf-8"),
    ("x-request-id", "req_011"),
)
DONE = b"data: [DONE]\n\n"
_JSON = (("content-type", "application/json"), ("x-request-id", "req_011"))


def sse(event: Event) -> bytes:
    """One chunk, as it is streamed."""
    return f"data: {json.dumps(event)}\n\n".encode()


def stream(events: Iterable[Event], *, cut: bool = False, hang: bool = False) -> Reply:
    """A reply of these chunks; a whole one says at last that it is done."""
    done = [] if cut or hang else [DONE]
    return Reply(200, STREAM, [*(sse(event) for event in events), *done], cut=cut, hang=hang)


def chunk(delta: Event, finish: str | None = None) -> Event:
    """One piece of an answer."""
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return {**_head(), "choices": [choice], "usage": None}


def usage(read: int = 10, written: int = 9) -> Event:
    """The chunk that counts tokens; it has no choices."""
    counted = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
    return {**_head(), "choices": [], "usage": counted}


def _head() -> Event:
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1767225600, "model": "m-1"}


def _said(texts: Iterable[str]) -> list[Event]:
    return [chunk({"role": "assistant", "content": ""}), *(chunk({"content": text}) for text in texts)]


def events(*texts: str, cites: Iterable[int] = ()) -> list[Event]:
    """A whole answer; it cites as it was told to, in the text."""
    marks = "".join(f"[{ref}]" for ref in cites)
    said = _said([*texts, f" {marks}"] if marks else texts)
    return [*said, chunk({}, "stop"), usage()]


def answer(*texts: str) -> Reply:
    """An answer in pieces."""
    return stream(events(*texts))


def cited(text: str, *refs: int) -> Reply:
    """An answer that cites records."""
    return stream(events(text, cites=refs))


def calling_events(*calls: tuple[str, str, str]) -> list[Event]:
    """An answer that asks for look-ups: id, name and arguments of each, the arguments in pieces."""
    pieces: list[Event] = []
    for index, (call, name, arguments) in enumerate(calls):
        first = {"index": index, "id": call, "type": "function", "function": {"name": name, "arguments": ""}}
        pieces.append(chunk({"tool_calls": [first]}))
        pieces += [
            chunk({"tool_calls": [{"index": index, "function": {"arguments": part}}]})
            for part in (arguments[:7], arguments[7:])
        ]
    return [*_said(["I look it up."]), *pieces, chunk({}, "tool_calls"), usage()]


def calling(*calls: tuple[str, str, str]) -> Reply:
    """The same as a reply."""
    return stream(calling_events(*calls))


def beginning(*texts: str, cut: bool = False, hang: bool = False) -> Reply:
    """An answer that goes no further than these pieces."""
    return stream(_said(texts), cut=cut, hang=hang)


def breaking(*texts: str) -> tuple[Reply, Why]:
    """An answer that becomes an error."""
    fault: Event = {"error": {"code": "rate_limit_exceeded", "type": "tokens", "message": SERVER_TEXT}}
    return stream([*_said(texts), fault]), Why.RATE_LIMIT


def stopping() -> list[tuple[Reply, str]]:
    """Answers that end before they are done, and what is said about each."""
    return [
        (stream([*_said(["Your LDL"]), chunk({}, reason), usage()]), notice)
        for reason, notice in STOPPED.items()
    ]


def error(status: int, code: str | int | None, kind: str, *headers: tuple[str, str]) -> Reply:
    """An error as these servers report it."""
    body = {"error": {"message": SERVER_TEXT, "type": kind, "param": None, "code": code}}
    return Reply(status, (*_JSON, *headers), [json.dumps(body).encode()])


def failures() -> Mapping[str, tuple[Reply, Why]]:
    """The errors of the API, of llama.cpp and of Ollama, and what each is taken for."""
    wrong = "invalid_request_error"
    wait = ("retry-after", "7")
    return {
        "400": (error(400, None, wrong), Why.REJECTED),
        "401-invalid_api_key": (error(401, "invalid_api_key", wrong), Why.WRONG_KEY),
        "402": (error(402, None, "billing_error"), Why.NO_CREDIT),
        "403": (error(403, "unsupported_country_region_territory", "request_forbidden"), Why.WRONG_KEY),
        "404-model_not_found": (error(404, "model_not_found", wrong), Why.NO_MODEL),
        "408": (error(408, None, "timeout"), Why.TIMEOUT),
        "413": (error(413, None, wrong), Why.TOO_LONG),
        "422": (error(422, None, wrong), Why.REJECTED),
        "429-rate_limit_exceeded": (error(429, "rate_limit_exceeded", "requests", wait), Why.RATE_LIMIT),
        "429-insufficient_quota": (error(429, "insufficient_quota", "insufficient_quota"), Why.NO_CREDIT),
        "400-context_length_exceeded": (error(400, "context_length_exceeded", wrong), Why.TOO_LONG),
        "500": (error(500, None, "server_error"), Why.BROKEN),
        "503": (error(503, None, "server_error"), Why.OVERLOADED),
        "504": (error(504, None, "server_error"), Why.TIMEOUT),
        "llama.cpp-exceed_context_size": (error(400, 400, "exceed_context_size_error"), Why.TOO_LONG),
        "llama.cpp-loading": (error(503, 503, "unavailable_error"), Why.OVERLOADED),
        "llama.cpp-wrong-key": (error(401, 401, "authentication_error"), Why.WRONG_KEY),
        "ollama-no-model": (error(404, None, "api_error"), Why.NO_MODEL),
    }


def asked_again() -> list[Reply]:
    """Errors after which the SDK tries again: here without waiting."""
    soon = ("retry-after-ms", "1")
    return [
        error(429, "rate_limit_exceeded", "requests", soon),
        error(500, None, "server_error", soon),
        error(503, None, "server_error", soon),
    ]


class _Invalid(ValueError):
    pass


def refusal(request: Received) -> Reply | None:
    """How these servers refuse a request; None where they take it."""
    if not (request.header("authorization") or "").removeprefix("Bearer "):
        return error(401, None, "invalid_request_error")
    try:
        _require((request.header("content-type") or "").startswith("application/json"), "content-type")
        _check(json.loads(request.body))
    except (_Invalid, ValueError, KeyError, TypeError) as wrong:
        body = {"error": {"message": repr(wrong), "type": "invalid_request_error", "code": None}}
        return Reply(400, _JSON, [json.dumps(body).encode()])
    return None


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise _Invalid(what)


def _check(body: dict[str, Any]) -> None:
    known = {"model", "messages", "stream", "stream_options", "max_tokens", "temperature", "tools"}
    _require(set(body) <= known, "unknown field")
    _require(isinstance(body["model"], str) and body["model"] != "", "model")
    _require("stream_options" not in body or body.get("stream") is True, "stream_options without stream")
    for tool in body.get("tools", ()):
        _require(tool["type"] == "function" and bool(tool["function"]["name"]), "tools")
        _require(tool["function"]["parameters"]["type"] == "object", "tools")
    turns = body["messages"]
    _require(isinstance(turns, list) and turns != [], "messages")
    waiting: list[str] = []
    for turn in turns:
        _require(turn["role"] in ("system", "developer", "user", "assistant", "tool"), "role")
        if turn["role"] == "tool":
            _require(turn["tool_call_id"] in waiting, "tool answers no tool_call before it")
            waiting.remove(turn["tool_call_id"])
            _require(isinstance(turn["content"], str), "tool: content")
            continue
        _require(not waiting, "a tool_call is not answered")
        waiting = [_call(call) for call in turn.get("tool_calls", ())]
        _require(isinstance(turn.get("content"), str) or bool(waiting), "content")
    _require(not waiting, "a tool_call is not answered")


def _call(call: dict[str, Any]) -> str:
    _require(call["type"] == "function" and bool(call["function"]["name"]), "tool_calls")
    _require(isinstance(call["function"]["arguments"], str), "tool_calls: arguments")
    return str(call["id"])
