"""What a server or the road to it can do wrong, each with what has to come of it."""

import gzip
import zlib
from collections.abc import Callable
from typing import Literal

import msgspec

from tests.connectors.smart_fetch.server import JSON, Answer, Asked, FhirServer, Resource, http, json, outcome

Scope = Literal["first", "second", "clinician", "all"]
"""What it befalls: the first page of the lab results, any later one, one clinician, or everything."""
Expect = Literal["all", "part", "refused", "failed", "stopped", "missing", "whole"]
"""`all`, `part`, `refused`, `failed`: what is said of the lab results; the rest comes. `whole`: they came,
and nothing is said. `missing`: one clinician did not come, and that is said. `stopped`: the sync, to go on
later."""


class Fault(msgspec.Struct, frozen=True):
    """One row of the table."""

    name: str
    scope: Scope
    expect: Expect
    make: Callable[[FhirServer, Asked], Answer]
    once: bool = False
    """Whether it passes after the first time."""


def concerns(fault: Fault, asked: Asked) -> bool:
    """Whether it befalls this request."""
    labs = asked.query.get("category") == "laboratory"
    if fault.scope == "all":
        return True
    if fault.scope == "clinician":
        return asked.path == "Practitioner/p1"
    return labs and (asked.page > 1) == (fault.scope == "second")


def _status(status: int, **headers: str) -> Callable[[FhirServer, Asked], Answer]:
    return lambda server, asked: json(outcome("error"), status, **headers)


def _said(body: bytes, media: str | None = JSON, status: int = 200, **headers: str) -> Callable[..., Answer]:
    return lambda server, asked: http(body, status, media, **headers)


def _raw(*pieces: bytes, then: str = "close", pause: float = 0.0) -> Callable[..., Answer]:
    return lambda server, asked: Answer(pieces, then, pause)


def _body(server: FhirServer, asked: Asked) -> bytes:
    return server.answer(asked).pieces[0].partition(b"\r\n\r\n")[2]


def _bodied(change: Callable[[bytes], bytes], **headers: str) -> Callable[[FhirServer, Asked], Answer]:
    """The right body, changed."""
    return lambda server, asked: http(change(_body(server, asked)), 200, JSON, **headers)


def _bundled(
    change: Callable[[FhirServer, Asked, Resource], object],
) -> Callable[[FhirServer, Asked], Answer]:
    """The right bundle, changed in place or replaced."""

    def made(server: FhirServer, asked: Asked) -> Answer:
        bundle = server.bundle(asked.path, asked)
        return json(change(server, asked, bundle) or bundle)

    return made


def _cut_off(server: FhirServer, asked: Asked) -> Answer:
    whole = server.answer(asked).pieces[0]
    return Answer((whole[: len(whole) - 40],), "close")


def _next(address: Callable[[FhirServer, Asked], str]) -> Callable[[FhirServer, Asked], Answer]:
    def change(server: FhirServer, asked: Asked, bundle: Resource) -> None:
        bundle["link"] = [bundle["link"][0], {"relation": "next", "url": address(server, asked)}]

    return _bundled(change)


def _endless(server: FhirServer, asked: Asked) -> Answer:
    """The same page under ever new addresses."""
    bundle = server.bundle(asked.path, Asked(asked.path, asked.query | {"page": "1"}, {}))
    more = asked.query | {"page": str(asked.page + 1)}
    bundle["link"][1:] = [{"relation": "next", "url": server.link(asked.path, more)}]
    return json(bundle)


def _endless_empty(server: FhirServer, asked: Asked) -> Answer:
    bundle = msgspec.json.decode(_endless(server, asked).pieces[0].partition(b"\r\n\r\n")[2])
    return json(bundle | {"entry": []})


def _odd_entry(entry: object) -> Callable[[FhirServer, Asked], Answer]:
    return _bundled(lambda server, asked, bundle: bundle["entry"].insert(1, entry))


def _doubled(server: FhirServer, asked: Asked, bundle: Resource) -> None:
    bundle["entry"] += bundle["entry"]


def _without(name: str) -> Callable[[FhirServer, Asked], Answer]:
    return _bundled(lambda server, asked, bundle: {key: bundle[key] for key in bundle if key != name})


def _with(**more: object) -> Callable[[FhirServer, Asked], Answer]:
    return _bundled(lambda server, asked, bundle: bundle | more)


def _chunked(server: FhirServer, asked: Asked) -> Answer:
    head = f"HTTP/1.1 200 OK\r\ncontent-type: {JSON}\r\ntransfer-encoding: chunked\r\n\r\n".encode()
    return Answer((head, b"40\r\n" + _body(server, asked)[:64] + b"\r\n", b"zz\r\nnot a length\r\n"), "close")


def _bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(16)) + packer.flush()


_HEAD = f"HTTP/1.1 200 OK\r\ncontent-type: {JSON}\r\ncontent-length: 5000\r\n\r\n".encode()
_LOGIN = b"<!doctype html><html><form action='/login'><input name=password></form></html>"
_HUGE = {
    "resource": {"resourceType": "Observation", "id": "huge", "note": [{"text": "x" * (5 * 1024 * 1024)}]}
}
_DEEP = b'{"resource":' + b'{"a":' * 100 + b"1" + b"}" * 101
_SELF = "http://127.0.0.1:9/elsewhere"


def _injected(entry: bytes) -> Callable[[FhirServer, Asked], Answer]:
    """One more entry, byte for byte, before the others."""
    return _bodied(lambda body: body.replace(b'"entry":[', b'"entry":[' + entry + b",", 1))


FAULTS = (
    # What a status says.
    *(Fault(f"status {status}", "first", "refused", _status(status)) for status in (400, 403, 404, 405, 406)),
    *(Fault(f"status {status}", "first", "refused", _status(status)) for status in (410, 412, 422)),
    *(Fault(f"status {status}", "first", "failed", _status(status)) for status in (500, 501, 502, 503, 504)),
    *(
        Fault(f"later {status}", "second", "part", _status(status))
        for status in (400, 403, 404, 410, 412, 500)
    ),
    Fault("401 for one kind", "first", "refused", _status(401)),
    Fault("401 for one page", "second", "part", _status(401)),
    Fault("401 for everything", "all", "stopped", _status(401)),
    Fault("403 with nothing", "first", "refused", _said(b"", status=403)),
    Fault("403 as a web page", "first", "refused", _said(_LOGIN, "text/html", 403)),
    Fault("304 unasked", "first", "failed", _said(b"", status=304)),
    Fault("204", "first", "failed", _said(b"", status=204)),
    Fault("206", "first", "part", lambda s, a: http(_body(s, a), 206)),
    Fault("429 with seconds, passing", "second", "whole", _status(429, retry_after="1"), once=True),
    Fault("429 with seconds too many", "second", "stopped", _status(429, retry_after="600")),
    Fault(
        *("429 with a date", "second", "stopped"),
        _status(429, retry_after="Sun, 01 Mar 2026 13:00:00 GMT"),
    ),
    Fault("429 without end", "first", "stopped", _status(429)),
    Fault("503 with seconds, passing", "second", "whole", _status(503, retry_after="1"), once=True),
    Fault("503 with nonsense", "first", "failed", _status(503, retry_after="soon")),
    Fault("503 for everything", "all", "stopped", _status(503)),
    Fault("502 passing", "first", "whole", _status(502), once=True),
    # Where it leads.
    Fault(
        "redirect in circles", "first", "failed", lambda s, a: http(b"", 302, None, location=_target(s, a))
    ),
    Fault("redirect to another server", "first", "failed", _status(302, location="https://evil.example/x")),
    Fault("redirect without a place", "first", "failed", _status(302)),
    Fault("redirect to a file", "first", "failed", _status(301, location="file:///etc/passwd")),
    Fault("next to itself", "first", "part", _next(lambda s, a: s.link(a.path, a.query))),
    Fault("next back to the first", "second", "part", _next(lambda s, a: s.link(a.path, _first(a)))),
    Fault(
        "next on another server", "first", "part", _next(lambda s, a: "https://evil.example/fhir/x?page=2")
    ),
    Fault(
        "next with a name before it",
        "first",
        "part",
        _next(lambda s, a: f"http://u@127.0.0.1:{s.port}/fhir/x"),
    ),
    Fault("next above the base", "first", "part", _next(lambda s, a: f"{s.base}/../admin")),
    Fault("next as a script", "first", "part", _next(lambda s, a: "javascript:alert(1)")),
    Fault("next that is empty", "second", "part", _next(lambda s, a: "")),
    Fault("next that is no text", "first", "part", _with(link=[{"relation": "next", "url": 7}])),
    Fault("the same page without end", "second", "part", _endless),
    Fault("empty pages without end", "second", "part", _endless_empty),
    Fault("self link elsewhere", "first", "part", _with(link=[{"relation": "self", "url": _SELF}])),
    Fault("links that are no list", "first", "part", _with(link="next")),
    Fault("links of null", "first", "part", _with(link=None)),
    # What the body is.
    Fault("nothing at all", "first", "failed", _said(b"")),
    Fault("white space", "first", "failed", _said(b" \r\n")),
    Fault("a login page", "first", "failed", _said(_LOGIN, "text/html")),
    Fault("a login page that says it is JSON", "first", "failed", _said(_LOGIN)),
    Fault("a login page for everything", "all", "stopped", _said(_LOGIN, "text/html")),
    Fault("a PDF", "first", "failed", _said(b"%PDF-1.7", "application/pdf")),
    Fault("XML", "first", "failed", _said(b"<Bundle/>", "application/fhir+xml")),
    Fault("plain text", "first", "failed", _said(b"Service down", "text/plain")),
    Fault("JSON called text", "first", "whole", lambda s, a: http(_body(s, a), media="text/plain")),
    Fault(
        "JSON the old way", "first", "whole", lambda s, a: http(_body(s, a), media="application/json+fhir")
    ),
    Fault("no content type", "first", "whole", lambda s, a: http(_body(s, a), media=None)),
    Fault("a list", "first", "failed", _said(b"[]")),
    Fault("null", "first", "failed", _said(b"null")),
    Fault("an empty object", "first", "failed", _said(b"{}")),
    Fault("an outcome that says 200", "first", "failed", lambda s, a: json(outcome("error"))),
    Fault("one resource", "first", "failed", lambda s, a: json(s.chart[1])),
    Fault("a wrong type", "first", "failed", _with(resourceType="Parameters")),
    Fault("a byte order mark", "first", "whole", _bodied(lambda body: b"\xef\xbb\xbf" + body)),
    Fault("UTF-16", "first", "failed", _bodied(lambda body: body.decode().encode("utf-16"))),
    Fault("Latin-1", "first", "part", _bodied(lambda body: body.decode().encode("latin-1"))),
    Fault("cut short", "second", "part", _bodied(lambda body: body[: len(body) * 2 // 3])),
    Fault("cut short once", "second", "whole", _bodied(lambda body: body[:-30]), once=True),
    Fault(
        "garbage in the middle", "first", "part", _bodied(lambda body: body.replace(b'"o2"', b'"o2\x00', 1))
    ),
    # What the entries are.
    Fault("an entry of null", "first", "all", _odd_entry(None)),
    Fault("an entry that is a text", "first", "all", _odd_entry("x")),
    Fault("an entry without a resource", "first", "all", _odd_entry({"fullUrl": "urn:uuid:1"})),
    Fault("a resource of null", "first", "all", _odd_entry({"resource": None})),
    Fault("a resource that is a list", "first", "all", _odd_entry({"resource": []})),
    Fault("a resource without a type", "first", "all", _odd_entry({"resource": {"id": "x"}})),
    Fault(
        "a name twice",
        "first",
        "all",
        _injected(b'{"resource":{"resourceType":"Observation","id":"x","id":"y"}}'),
    ),
    Fault("a resource too deep", "first", "all", _injected(_DEEP)),
    Fault("entries that are no list", "first", "part", _with(entry={"resource": None})),
    Fault("no entries though some are promised", "first", "part", _without("entry")),
    Fault("every entry twice", "first", "whole", _bundled(_doubled)),
    Fault(
        "a page left out", "second", "part", lambda s, a: s.answer(Asked(a.path, a.query | {"page": "3"}, {}))
    ),
    Fault("a huge entry", "first", "failed", _odd_entry(_HUGE)),
    Fault("a total that is a text", "first", "whole", _with(total="ten")),
    # The road.
    Fault("broken off before the head", "second", "part", _raw(b"", then="reset")),
    Fault("broken off before the head, once", "second", "whole", _raw(b"", then="reset"), once=True),
    Fault("broken off in the head", "second", "part", _raw(b"HTTP/1.1 200 OK\r\ncontent-ty")),
    Fault("broken off in the body", "second", "part", _cut_off),
    Fault("broken chunks", "second", "part", _chunked),
    Fault("not HTTP", "second", "part", _raw(b"SSH-2.0-OpenSSH_9.6\r\n")),
    Fault("silence", "second", "part", _raw(b"", then="hang")),
    Fault("silence after the head", "second", "part", _raw(_HEAD, then="hang")),
    Fault("one byte at a time", "second", "part", _raw(_HEAD, *[b"{"] * 200, pause=0.1)),
    Fault("a head one byte at a time", "second", "part", _raw(*[b"H"] * 200, pause=0.1)),
    Fault("a gzip bomb", "first", "failed", _said(_bomb(), content_encoding="gzip")),
    Fault("gzip that is none", "first", "failed", _bodied(lambda body: body, content_encoding="gzip")),
    Fault(
        "gzip cut short",
        "first",
        "failed",
        _bodied(lambda b: gzip.compress(b)[:-20], content_encoding="gzip"),
    ),
    Fault("gzip", "first", "whole", _bodied(gzip.compress, content_encoding="gzip")),
    Fault("a packing not asked for", "first", "failed", _said(b"abc", content_encoding="br")),
    Fault("broken off for everything", "all", "stopped", _raw(b"", then="reset")),
    # What others refer to.
    *(
        Fault(f"clinician {status}", "clinician", "missing", _status(status))
        for status in (401, 403, 404, 410, 500)
    ),
    Fault("clinician as a web page", "clinician", "missing", _said(_LOGIN, "text/html")),
    Fault("clinician that is another type", "clinician", "missing", lambda s, a: json(s.chart[0])),
    Fault("clinician that is no JSON", "clinician", "missing", _said(b"{")),
    Fault("clinician elsewhere", "clinician", "missing", _status(302, location="https://evil.example/p1")),
    Fault("clinician broken off", "clinician", "missing", _raw(b"", then="reset")),
)


def _target(server: FhirServer, asked: Asked) -> str:
    return server.link(asked.path, asked.query)


def _first(asked: Asked) -> dict[str, str]:
    return {name: value for name, value in asked.query.items() if name != "page"}
