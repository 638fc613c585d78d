"""The Anthropic Messages API as it looks on the wire, and what it refuses.

https://platform.claude.com/docs/en/api/messages and .../api/errors
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from assistant.llm.claude_reply import STOPPED
from assistant.llm.failures import Why
from tests.fakes.model_server import Received, Reply

PATH = "/v1/messages"
SERVER_TEXT = "the server wrote these words"
"""In every error: nothing of it may reach a person."""

Event = dict[str, Any]

STREAM: tuple[tuple[str, str], ...] = (
    ("content-type", "text/event-stream; charset=utf-8"),
    ("request-id", "req_011"),
)
_JSON = (("content-type", "application/json"), ("request-id", "req_011"))


def sse(event: Event) -> bytes:
    """One event, as it is streamed."""
    return f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()


def stream(events: Iterable[Event], *, cut: bool = False, hang: bool = False) -> Reply:
    """A reply of these events."""
    return Reply(200, STREAM, [sse(event) for event in events], cut=cut, hang=hang)


def begin(tokens: int = 10) -> Event:
    """What every answer starts with."""
    usage = {
        "input_tokens": tokens,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "output_tokens": 1,
    }
    message: Event = {
        "id": "msg_01",
        "type": "message",
        "role": "assistant",
        "model": "m-1",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": usage,
    }
    return {"type": "message_start", "message": message}


def text_block(index: int, *texts: str, cites: Iterable[int] = ()) -> Iterator[Event]:
    """Text in pieces, and the records that it is cited from."""
    block = {"type": "text", "text": "", "citations": []}
    yield {"type": "content_block_start", "index": index, "content_block": block}
    for text in texts:
        yield {
            "type": "content_block_delta",
            "index": index,
            "delta": {"type": "text_delta", "text": text},
        }
    for ref in cites:
        citation = {
            "type": "search_result_location",
            "cited_text": "LDL 96 mg/dL",
            "source": f"record-{ref}",
            "title": "Lab results",
            "search_result_index": ref - 1,
            "start_block_index": 0,
            "end_block_index": 1,
        }
        delta = {"type": "citations_delta", "citation": citation}
        yield {"type": "content_block_delta", "index": index, "delta": delta}
    yield {"type": "content_block_stop", "index": index}


def tool_block(index: int, call: str, name: str, *pieces: str) -> Iterator[Event]:
    """A look-up that is asked for, its arguments in pieces."""
    block: Event = {"type": "tool_use", "id": call, "name": name, "input": {}}
    yield {"type": "content_block_start", "index": index, "content_block": block}
    for piece in pieces:
        delta = {"type": "input_json_delta", "partial_json": piece}
        yield {"type": "content_block_delta", "index": index, "delta": delta}
    yield {"type": "content_block_stop", "index": index}


def end(reason: str = "end_turn", tokens: int = 9) -> Iterator[Event]:
    """What every answer ends with."""
    delta = {"stop_reason": reason, "stop_sequence": None}
    yield {"type": "message_delta", "delta": delta, "usage": {"output_tokens": tokens}}
    yield {"type": "message_stop"}


def events(*texts: str, cites: Iterable[int] = ()) -> list[Event]:
    """A whole answer."""
    return [begin(), {"type": "ping"}, *text_block(0, *texts, cites=cites), *end()]


def answer(*texts: str) -> Reply:
    """An answer in pieces."""
    return stream(events(*texts))


def cited(text: str, *refs: int) -> Reply:
    """An answer that cites records."""
    return stream(events(text, cites=refs))


def calling_events(*calls: tuple[str, str, str]) -> list[Event]:
    """An answer that asks for look-ups: id, name and arguments of each."""
    blocks = [
        event
        for index, (call, name, arguments) in enumerate(calls, 1)
        for event in tool_block(index, call, name, "", arguments[:7], arguments[7:])
    ]
    return [begin(), *text_block(0, "I look it up."), *blocks, *end("tool_use")]


def calling(*calls: tuple[str, str, str]) -> Reply:
    """The same as a reply."""
    return stream(calling_events(*calls))


def beginning(*texts: str, cut: bool = False, hang: bool = False) -> Reply:
    """An answer that goes no further than these pieces."""
    return stream([begin(), *list(text_block(0, *texts))[:-1]], cut=cut, hang=hang)


def breaking(*texts: str) -> tuple[Reply, Why]:
    """An answer that becomes an error."""
    error = {"type": "error", "error": {"type": "overloaded_error", "message": SERVER_TEXT}}
    return stream([begin(), *list(text_block(0, *texts))[:-1], error]), Why.OVERLOADED


def stopping() -> list[tuple[Reply, str]]:
    """Answers that end before they are done, and what is said about each."""
    return [
        (stream([begin(), *text_block(0, "Your LDL"), *end(reason)]), notice)
        for reason, notice in STOPPED.items()
    ]


def error(status: int, kind: str, *headers: tuple[str, str]) -> Reply:
    """An error as the API reports it."""
    body = {"type": "error", "error": {"type": kind, "message": SERVER_TEXT}, "request_id": "req_011"}
    return Reply(status, (*_JSON, *headers), [json.dumps(body).encode()])


def failures() -> Mapping[str, tuple[Reply, Why]]:
    """Every error of the API's table, and what it is taken for."""
    return {
        "400": (error(400, "invalid_request_error"), Why.REJECTED),
        "401": (error(401, "authentication_error"), Why.WRONG_KEY),
        "402": (error(402, "billing_error"), Why.NO_CREDIT),
        "403": (error(403, "permission_error"), Why.WRONG_KEY),
        "404": (error(404, "not_found_error"), Why.NO_MODEL),
        "408": (error(408, "timeout_error"), Why.TIMEOUT),
        "413": (error(413, "request_too_large"), Why.TOO_LONG),
        "429": (error(429, "rate_limit_error", ("retry-after", "7")), Why.RATE_LIMIT),
        "500": (error(500, "api_error"), Why.BROKEN),
        "504": (error(504, "timeout_error"), Why.TIMEOUT),
        "529": (error(529, "overloaded_error"), Why.OVERLOADED),
        "unpaid-under-another-status": (error(400, "billing_error"), Why.NO_CREDIT),
    }


def asked_again() -> list[Reply]:
    """Errors after which the SDK tries again: here without waiting."""
    soon = ("retry-after-ms", "1")
    return [
        error(429, "rate_limit_error", soon),
        error(500, "api_error", soon),
        error(529, "overloaded_error", soon),
    ]


class _Invalid(ValueError):
    pass


def refusal(request: Received) -> Reply | None:
    """How the API refuses a request; None where it takes it."""
    key = request.header("x-api-key") or (request.header("authorization") or "").removeprefix("Bearer ")
    if not key:
        return error(401, "authentication_error")
    try:
        _require(bool(request.header("anthropic-version")), "anthropic-version")
        _require((request.header("content-type") or "").startswith("application/json"), "content-type")
        _check(json.loads(request.body))
    except (_Invalid, ValueError, KeyError, TypeError) as wrong:
        body = {"type": "error", "error": {"type": "invalid_request_error", "message": repr(wrong)}}
        return Reply(400, _JSON, [json.dumps(body).encode()])
    return None


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise _Invalid(what)


def _check(body: dict[str, Any]) -> None:
    known = {"model", "max_tokens", "messages", "system", "tools", "stream", "temperature", "metadata"}
    _require(set(body) <= known, "unknown field")
    _require(isinstance(body["model"], str) and body["model"] != "", "model")
    _require(type(body["max_tokens"]) is int and body["max_tokens"] > 0, "max_tokens")
    for block in body.get("system", ()):
        _require(block["type"] == "text" and block["text"] != "", "system")
    for tool in body.get("tools", ()):
        _require(bool(tool["name"]) and tool["input_schema"]["type"] == "object", "tools")
    turns = body["messages"]
    _require(isinstance(turns, list) and turns != [], "messages")
    for at, turn in enumerate(turns):
        _require(turn["role"] == ("user", "assistant")[at % 2], "roles alternate, the user's first")
        _content(turn["content"], turns[at - 1] if at else None)
    _require(turns[-1]["role"] == "user", "the last turn is the user's")


def _content(content: object, before: dict[str, Any] | None) -> None:
    asked = _ids(before, "tool_use", "id")
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
    _require(isinstance(blocks, list) and blocks != [], "empty content")
    assert isinstance(blocks, list)
    for block in blocks:
        _block(block)
    told = _ids({"content": blocks}, "tool_result", "tool_use_id")
    _require(sorted(told) == sorted(asked), "each tool_use is answered by the next turn, and only those")


def _ids(turn: dict[str, Any] | None, kind: str, name: str) -> list[str]:
    if turn is None or isinstance(turn["content"], str):
        return []
    return [block[name] for block in turn["content"] if block["type"] == kind]


def _block(block: dict[str, Any]) -> None:
    match block["type"]:
        case "text":
            _require(isinstance(block["text"], str) and block["text"].strip() != "", "text is empty")
        case "search_result":
            _require(bool(block["source"]) and bool(block["title"]), "search_result: source, title")
            _require(isinstance(block["content"], list) and block["content"] != [], "search_result: content")
            for inner in block["content"]:
                _require(inner["type"] == "text", "search_result: text only")
                _block(inner)
            _require(
                block.get("citations", {"enabled": True}) == {"enabled": True}, "search_result: citations"
            )
        case "tool_use":
            _require(isinstance(block["input"], dict) and bool(block["name"]), "tool_use")
        case "tool_result":
            _require(isinstance(block["content"], (str, list)), "tool_result")
        case _:
            raise _Invalid("unknown block")
