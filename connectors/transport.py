"""The road to a server: a name is looked up once, and only a number that was judged is connected to.

A name that answers with a public number at the first look and a private one at the second can't pass: there
is only one look.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from functools import cache

import certifi
import httpcore
import httpx

from connectors.net_errors import BlockedAddress

Allowing = Callable[[str, int], AbstractAsyncContextManager[None]]
"""Holds, while it lasts, that a host may be looked up and connected to at a port."""

LOCATION = "chartside.location"
"""Under this name a response's extensions hold where it redirects to."""

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_Number = ipaddress.IPv4Address | ipaddress.IPv6Address


@cache
def public_trust() -> ssl.SSLContext:
    """TLS 1.2 or later, verified against certifi's list, whatever the environment says."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(certifi.where())
    return context


def is_public(number: str) -> bool:
    """Whether a numeric address is one of the public internet, also where a v4 number hides in a v6 one."""
    try:
        address: _Number = ipaddress.ip_address(number)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.is_site_local:
        return False
    return all(one.is_global and not one.is_multicast for one in (address, *_inside(address)))


def _inside(address: _Number) -> list[ipaddress.IPv4Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64 or int(address) < 1 << 32:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in found if one is not None]


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """Connects to numbers that were judged. With `private`, the patient typed this host and it may be any."""

    def __init__(self, private: bool, allowing: Allowing) -> None:
        self._private = private
        self._allowing = allowing
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first judged number that takes one.

        Raises:
            BlockedAddress: the name stands for a private network.
            httpcore.ConnectError, httpcore.ConnectTimeout: no number could be reached.
        """
        async with self._allowing(host, port):
            failure: Exception | None = None
            for number in await self._numbers(host, port, timeout):
                try:
                    return await self._inner.connect_tcp(number, port, timeout, local_address, socket_options)
                except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                    failure = error
        raise failure or httpcore.ConnectError("no address")

    async def _numbers(self, host: str, port: int, patience: float | None) -> list[str]:
        try:
            async with asyncio.timeout(patience):
                found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            if isinstance(error, TimeoutError):
                raise httpcore.ConnectTimeout from error
            raise httpcore.ConnectError("the name is not known") from error
        numbers = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if not self._private and not all(map(is_public, numbers)):
            raise BlockedAddress(host)
        return numbers

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._inner.sleep(seconds)


class CheckedTransport(httpx.AsyncBaseTransport):
    """httpx's way to httpcore, over a `CheckedBackend`; takes one host and no other."""

    def __init__(
        self, host: str, *, private: bool, trust: ssl.SSLContext, allowing: Allowing, connections: int
    ) -> None:
        self._host = host
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=trust,
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=20.0,
            network_backend=CheckedBackend(private, allowing),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        url = request.url
        assert isinstance(request.stream, httpx.AsyncByteStream)
        assert url.raw_host.decode("ascii").strip("[]") == self._host
        answer = await self._pool.handle_async_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        assert not isinstance(answer.stream, bytes)
        # httpx takes a `Location` apart even where it must not follow it, and fails over some of them.
        location = next((value for name, value in answer.headers if name.lower() == b"location"), b"")
        return httpx.Response(
            answer.status,
            headers=[(name, value) for name, value in answer.headers if name.lower() != b"location"],
            stream=_Stream(answer),
            extensions={**answer.extensions, LOCATION: location.decode("latin-1")},
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.aclose()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._answer.aiter_stream():
            yield chunk

    async def aclose(self) -> None:
        """Close the answer."""
        await self._answer.aclose()
