"""What the server is told to do wrong."""

from collections import deque
from functools import cache

import msgspec

from tests.fakes.smart_server.wire import Response, as_html

_OAUTH_ERRORS = ("invalid_grant", "invalid_client", "invalid_request", "temporarily_unavailable")


class Faults:
    """Failures in turn for each path, and lies that hold until they are taken back.

    `next("/auth/token", "429")` breaks the next request there: `429`, `503`, `503-bare`, `500`, `404`, `403`,
    `slow`, `trickle`, `html`, `drop`, `lost` (does it, then drops the answer), `redirect`,
    `foreign-redirect`, `bomb`, `brotli`, `bad-gzip`, `not-json`, `text`, or an OAuth error code.

    `lies` holds any of: `no-s256`, `plain-only`, `no-pkce-key`, `no-well-known`, `html-well-known`,
    `insecure-token`, `no-issuer`, `wrong-issuer`, `wrong-published-issuer`, `wrong-iss`, `no-iss`,
    `wrong-state`, `two-states`, `code-swap`, `no-patient`, `other-patient`, `wider-scope`, `no-scope`,
    `no-refresh`, `wrong-nonce`, `wrong-audience`, `two-audiences`, `wrong-token-issuer`,
    `expired-identity`, `bad-signature`,
    `unsigned`, `strange-token`, `mac-token`.
    """

    def __init__(self) -> None:
        self.lies: set[str] = set()
        self.retry_after: str = "7"
        self.pause = 5.0
        self.elsewhere = "https://elsewhere.example/"
        self._next: dict[str, deque[str]] = {}

    def next(self, path: str, *faults: str) -> None:
        """Order faults for the next requests to a path, one each."""
        self._next.setdefault(path, deque()).extend(faults)

    def clear(self) -> None:
        """Take back what was ordered and has not happened."""
        self._next.clear()

    def take(self, path: str) -> str | None:
        """The fault for this request, if one is ordered."""
        queue = self._next.get(path)
        return queue.popleft() if queue else None

    def response(self, fault: str, path: str) -> Response | None:
        """What to answer; None where the request is served first (`lost`, `slow`, `trickle`)."""
        json = ("content-type", "application/json")
        if fault in _OAUTH_ERRORS:
            status = 401 if fault == "invalid_client" else 400
            said = {"error": fault, "error_description": "said by the server"}
            return Response(status, (json,), msgspec.json.encode(said))
        if fault == "bomb":
            return Response(200, (json, ("content-encoding", "gzip")), _bomb())
        made = {
            "429": Response(429, (("retry-after", self.retry_after),)),
            "503": Response(503, (("retry-after", self.retry_after),)),
            "503-bare": Response(503),
            "html": as_html("<!doctype html><title>Sign in</title><form></form>"),
            "drop": Response(drop=True),
            "redirect": Response(307, (("location", path),)),
            "foreign-redirect": Response(302, (("location", self.elsewhere),)),
            "not-json": Response(200, (json,), b'{"resourceType": "Bund'),
            "text": Response(200, (("content-type", "text/plain"),), b"hello"),
            "brotli": Response(200, (json, ("content-encoding", "br")), b"abc"),
            "bad-gzip": Response(200, (json, ("content-encoding", "gzip")), b"not packed"),
        }
        if fault in made:
            return made[fault]
        return Response(int(fault)) if fault.isdecimal() else None


@cache
def _bomb() -> bytes:
    """A few hundred kilobytes that unpack to a few hundred megabytes."""
    import zlib

    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    zeros = bytes(1 << 20)
    return b"".join(packer.compress(zeros) for _ in range(256)) + packer.flush()
