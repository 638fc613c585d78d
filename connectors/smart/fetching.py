"""Asking one server many things: so many at once, the urgent first, and each failure judged.

One refused search must not end a sync, and a server that is gone must not be asked forty more times. So where
a failure may concern the whole server, something that is known to work is asked for: if that fails too, it
does.
"""

import asyncio
import heapq
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Protocol

import msgspec

from connectors.errors import SourceError, SourceInterrupted
from connectors.http import FHIR_JSON
from connectors.net_errors import BadReply, Busy, ForeignAddress, Unreachable
from connectors.origin import Origin
from connectors.reply import Reply
from connectors.smart.errors import SignInNeeded

AT_ONCE = 5
ALIVE_SECONDS = 2.0
"""A sign of life is believed for so long."""


class Fetching(Protocol):
    """A client that fetches from one origin only; `connectors.http.Pinned` is one."""

    @property
    def origin(self) -> Origin:
        """Where it fetches from."""

    async def get(
        self, reference: str, *, accept: str = FHIR_JSON, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Fetch an absolute address, or one relative to the base.

        Raises:
            SourceError: as `Pinned.get`.
        """


class AccessEnded(SourceInterrupted):
    """The sign-in no longer holds; what came up to the last cursor is good."""

    needs_sign_in = True

    def __init__(self, host: str) -> None:
        super().__init__(
            "You need to sign in again",
            f"{host}: Your access there has ended or was taken back.",
            "Sign in again; your records stay, and reading goes on where it stopped.",
        )


class Failed(msgspec.Struct, frozen=True):
    """One question that brought nothing, while the server as a whole works."""

    text: str
    """Why, as a sentence."""
    status: int | None = None
    """The server's status, where it answered at all."""

    @property
    def refused(self) -> bool:
        """Whether the server said no, and would again."""
        return self.status is not None and 400 <= self.status < 500 and self.status not in (408, 429)

    @property
    def maybe_form(self) -> bool:
        """Whether another form of the question may be answered."""
        return self.status in (400, 403, 404, 405, 412, 422, 500, 501)


class Asker:
    """Asks, at most so many things at once, lower ranks first."""

    def __init__(self, client: Fetching, *, at_once: int = AT_ONCE, sure: str | None = None) -> None:
        self._client = client
        self._gate = Turnstile(at_once)
        self._sure = sure
        """Something that should always be answered; else, what was answered first."""
        self._probing = asyncio.Lock()
        self._alive_until = 0.0

    @property
    def origin(self) -> Origin:
        """The server."""
        return self._client.origin

    async def ask(self, reference: str, rank: int, accept: str = FHIR_JSON) -> Reply | Failed:
        """Ask for one thing.

        Raises:
            AccessEnded: the sign-in no longer holds.
            SourceInterrupted: the server doesn't answer at all now, or asks for patience.
            SourceError: it can't be asked at all.
        """
        try:
            reply = await self._get(reference, rank, accept)
        except (ForeignAddress, BadReply) as error:
            return Failed(error.text)
        except (Busy, Unreachable) as error:
            if isinstance(error, Busy) and error.status == 429:
                raise
            await self._blame(error)
            return Failed(error.text, 503 if isinstance(error, Busy) else None)
        if reply.status == 401 or (reply.status < 400 and reply.is_web_page and accept == FHIR_JSON):
            await self._blame(AccessEnded(self.origin.host))
        judged = self._judged(reply, accept)
        if isinstance(judged, Failed) and reference == self._sure:
            self._sure = None
        return judged

    def _judged(self, reply: Reply, accept: str) -> Reply | Failed:
        if reply.status < 300 and reply.is_web_page and accept == FHIR_JSON:
            return Failed("The provider answered with a web page instead of records.")
        if reply.status in (200, 206):
            self._sure = self._sure or reply.url
            return reply
        return Failed(_words(reply.status), reply.status)

    async def _get(self, reference: str, rank: int, accept: str) -> Reply:
        async with self._gate.passing(rank):
            try:
                return await self._client.get(reference, accept=accept)
            except SignInNeeded:
                raise AccessEnded(self.origin.host) from None

    async def _blame(self, error: SourceInterrupted) -> None:
        """Raise the error where the server as a whole is at fault; else come back."""
        async with self._probing:
            loop = asyncio.get_running_loop()
            if loop.time() < self._alive_until:
                return
            if self._sure is None:
                raise error
            try:
                reply = await self._get(self._sure, -1, FHIR_JSON)
            except SourceError:
                raise error from None
            if reply.status != 200 or reply.is_web_page:
                raise error
            self._alive_until = loop.time() + ALIVE_SECONDS


class Turnstile:
    """Lets so many through at once; of those who wait, the lowest rank goes first, then who came first."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._came = 0
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []

    @asynccontextmanager
    async def passing(self, rank: int) -> AsyncGenerator[None, None]:
        """Hold a place while the block lasts."""
        await self._enter(rank)
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, rank: int) -> None:
        if self._free:
            self._free -= 1
            return
        self._came += 1
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (rank, self._came, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()
            raise

    def _leave(self) -> None:
        while self._waiting:
            *_, turn = heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


def _words(status: int) -> str:
    if status in (401, 403):
        return "The provider refused this."
    if status in (404, 405, 501):
        return "The provider's server does not keep this, or not for apps."
    if status == 410:
        return "The provider's server no longer keeps this."
    if status in (400, 412, 422):
        return "The provider's server did not accept the question."
    if status >= 500:
        return "The provider's server failed at this."
    return "The provider's server answered something else than records."
