"""The one place where a request leaves for a model.

A request is caught first (made, not sent), shown, and released only under an approval of that very method,
address, headers and body. Anything else fails closed and is kept for the ledger.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, aclosing, nullcontext

import msgspec

from assistant.errors import ChartsideError, ModelFailed, Refused
from assistant.llm.base import Backend, Piece, Request
from assistant.sharing.model import Message

RETRIES = 2
"""How often an SDK may send the same bytes again."""

MAY_DIFFER = frozenset(("x-stainless-retry-count",))
"""Headers in which a retry may differ from the request that was approved."""

Leaving = Callable[[], AbstractAsyncContextManager[None]]


class Held(Exception):
    """The request was made and is held back; no byte of it left."""


class Blocked(Exception):
    """The request isn't the one that was approved; no byte of it left."""


class Approval(msgspec.Struct, frozen=True):
    """What was approved, by value."""

    destination: str
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    sha256: str


def approve(request: Request) -> Approval:
    """The approval of this very request."""
    headers = tuple((name, value) for name, value in request.headers if name not in MAY_DIFFER)
    return Approval(request.destination, request.method, request.url, headers, request.sha256)


class Catching:
    """A passage that holds the first request back."""

    retries = 0

    def __init__(self) -> None:
        self.caught: Request | None = None

    def judge(self, request: Request) -> None:
        """Keep it, and stop the one who wanted to send it.

        Raises:
            Held: always.
        """
        self.caught = self.caught or request
        raise Held

    def leaving(self) -> AbstractAsyncContextManager[None]:
        """Nothing leaves."""
        return nullcontext()


class Releasing:
    """A passage for what was approved and for nothing else."""

    def __init__(self, approval: Approval, leaving: Leaving, retries: int = RETRIES) -> None:
        self.retries = retries
        self.attempts = 0
        """Times that bytes of it began to leave."""
        self.blocked: list[Request] = []
        """Requests that were not the approved one."""
        self.refusal: Refused | None = None
        """Why nothing more may leave, once that is so."""
        self._approval = approval
        self._leaving = leaving

    def judge(self, request: Request) -> None:
        """Let the approved request through.

        Raises:
            Blocked: it is another, or something of it is no longer shared.
        """
        if approve(request) != self._approval:
            self.blocked.append(request)
            self.refusal = Refused(
                "The message changed after it was approved, so it was not sent.",
                "Ask again and look at the message that would be sent.",
            )
        if self.refusal is not None:
            raise Blocked

    def leaving(self) -> AbstractAsyncContextManager[None]:
        """Hold what is granted, as long as the bytes are on their way out."""
        return _Guarded(self)

    async def enter(self) -> AbstractAsyncContextManager[None]:
        """Begin to hold.

        Raises:
            Blocked: something of the message is no longer shared.
        """
        held = self._leaving()
        try:
            await held.__aenter__()
        except ChartsideError as error:
            self.refusal = Refused(error.text, error.next_step)
            raise Blocked from None
        self.attempts += 1
        return held


class Fetching:
    """A passage for a list that a server offers: one address, read with GET; the key goes along, no more."""

    retries = 0

    def __init__(self, url: str) -> None:
        self._url = url

    def judge(self, request: Request) -> None:
        """Let the one request through.

        Raises:
            Blocked: it is another, or it carries something.
        """
        if (request.method, request.url, request.body) != ("GET", self._url, b""):
            raise Blocked

    def leaving(self) -> AbstractAsyncContextManager[None]:
        """Nothing of the patient's leaves."""
        return nullcontext()


class _Guarded(AbstractAsyncContextManager[None]):
    def __init__(self, passage: Releasing) -> None:
        self._passage = passage
        self._held: AbstractAsyncContextManager[None] | None = None

    async def __aenter__(self) -> None:
        self._held = await self._passage.enter()

    async def __aexit__(self, *_: object) -> None:
        if self._held is not None:
            await self._held.__aexit__(None, None, None)


async def catch(backend: Backend, message: Message) -> Request:
    """The request that a message would make; nothing is sent.

    Raises:
        ModelFailed: the request can't be made: no key, say.
    """
    passage = Catching()
    try:
        async with aclosing(backend.talk(message, passage)) as pieces:
            async for _ in pieces:
                break
    except (Held, ChartsideError):
        if passage.caught is None:
            raise
    if passage.caught is None:
        raise ModelFailed("The message was not put together.", "Ask again, or ask someone else.")
    return passage.caught


async def release(backend: Backend, message: Message, passage: Releasing) -> AsyncGenerator[Piece, None]:
    """Send an approved message unchanged and yield what comes back.

    Raises:
        Refused: the request isn't the one that was approved, or something of it is no longer shared.
        ModelFailed: it was sent and not answered, or only partly.
    """
    try:
        async with aclosing(backend.talk(message, passage)) as pieces:
            async for piece in pieces:
                if not passage.attempts:
                    raise Refused("The model answered without being asked.", "Ask someone else.")
                yield piece
    except (Blocked, ModelFailed):
        if passage.refusal is not None:
            raise passage.refusal from None
        raise
