"""The gate for libraries that are built on httpx2."""

from collections.abc import AsyncIterator

import httpx2

from assistant.llm.crossing import CONNECT_SECONDS, Cap, Crossing
from assistant.llm.tls import tls_context


def client(crossing: Crossing) -> httpx2.AsyncClient:
    """A client that sends past `crossing` only: no redirects, nothing from the environment, no cookies
    kept."""
    return httpx2.AsyncClient(
        transport=_Transport(crossing),
        follow_redirects=False,
        trust_env=False,
        timeout=httpx2.Timeout(crossing.patience, connect=CONNECT_SECONDS),
        headers={"accept-encoding": "identity"},
    )


class _Transport(httpx2.AsyncBaseTransport):
    def __init__(self, crossing: Crossing) -> None:
        self._crossing = crossing
        self._inner: httpx2.AsyncHTTPTransport | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send what is let through; nothing else gets to the network."""
        url = str(request.url)
        self._crossing.judge(request.method, url, request.headers.multi_items(), await request.aread())
        if self._inner is None:
            self._inner = httpx2.AsyncHTTPTransport(verify=tls_context(), trust_env=False)
        request.extensions = {**request.extensions, "trace": self._crossing.trace}
        async with self._crossing.allowing(url):
            response = await self._inner.handle_async_request(request)
        cap = self._crossing.accept(response.headers)
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = _Capped(response.stream, cap)
        return response

    async def aclose(self) -> None:
        """Close the connection."""
        if self._inner is not None:
            await self._inner.aclose()


class _Capped(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream, cap: Cap) -> None:
        self._stream = stream
        self._cap = cap

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._stream:
            yield self._cap.count(chunk)

    async def aclose(self) -> None:
        """Close the reply."""
        await self._stream.aclose()
