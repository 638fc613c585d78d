"""The proof that nothing goes around the gate: every connection and look-up of the process is heard.

Python tells an audit hook of each `connect` and each name look-up, whichever library makes it (PEP 578). What
no release has allowed is refused. Sockets of the operating system's own services (not of a network family)
are not connections in this sense.
"""

import sys
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

_CONNECTS = frozenset(("socket.connect", "socket.sendto", "socket.sendmsg"))
_LOOKS_UP = frozenset(("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"))


class NotAllowed(OSError):
    """Something wanted to connect or look up a name without a release under way."""


class Watch:
    """What may be connected to at this moment. `install` makes it hold for the whole process, for good."""

    def __init__(self) -> None:
        self._allowed: Counter[tuple[str, int]] = Counter()
        self._installed = False
        self.refused: list[tuple[str, str]] = []
        """Event and address of what was not allowed."""

    def install(self) -> None:
        """Refuse what isn't allowed from now on."""
        if not self._installed:
            self._installed = True
            sys.addaudithook(self._heed)

    @asynccontextmanager
    async def allowing(self, host: str, port: int) -> AsyncGenerator[None, None]:
        """While this lasts, `host` may be looked up and connected to at `port`."""
        self._allowed[host, port] += 1
        try:
            yield
        finally:
            self._allowed[host, port] -= 1
            self._allowed += Counter()

    def allows(self, host: str, port: int | None) -> bool:
        """Whether this address is what a release is on its way to."""
        if any(host == name and port in (None, at) for name, at in self._allowed):
            return True
        return any(port == at and _may_stand_for(host, name) for name, at in self._allowed)

    def _heed(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in _CONNECTS:
            address = arguments[1]
            if isinstance(address, tuple) and not _own_pipe(address):
                self._require(event, str(address[0]), int(address[1]))
        elif event in _LOOKS_UP:
            host = arguments[0]
            if host is not None:
                name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
                self._require(event, name, None)

    def _require(self, event: str, host: str, port: int | None) -> None:
        if not self.allows(host, port):
            self.refused.append((event, host))
            raise NotAllowed(f"{event} is not allowed here")


def _own_pipe(address: tuple[Any, ...]) -> bool:
    """On Windows a pair of sockets, which every event loop has, is made by connecting over loopback."""
    return sys.platform == "win32" and address[0] in ("127.0.0.1", "::1")


@cache
def process_watch() -> Watch:
    """The one watch of this process: an audit hook holds for all of it, and can't be taken away."""
    return Watch()


def _may_stand_for(host: str, name: str) -> bool:
    """Whether a number may be what the resolver made of a name: any, but `localhost` is this computer."""
    import ipaddress  # 10 ms: not at every start

    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return False
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name != "localhost" or number.is_loopback
    return False  # a number stands for itself only
