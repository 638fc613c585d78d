"""What every model adapter is: a message becomes one exact request, and what comes back becomes pieces.

An adapter has one method. The gate calls it twice with the same message: once with a passage that holds the
request back, to see its bytes; once with a passage that lets exactly those bytes through.
"""

import hashlib
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import msgspec

from assistant.sharing.model import Destination, Message, ToolCall


class Request(msgspec.Struct, frozen=True):
    """The exact request, before it is sent. `url` and `headers` never hold a secret in clear."""

    destination: str
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def sha256(self) -> str:
        """SHA-256 of the body, in hex."""
        return hashlib.sha256(self.body).hexdigest()


class Delta(msgspec.Struct, frozen=True):
    """A piece of the answer's text."""

    text: str


class Notice(msgspec.Struct, frozen=True):
    """Something to tell the patient about the answer, in the app's words: why it stopped, what it lacks."""

    text: str


class Usage(msgspec.Struct, frozen=True):
    """What the destination says it used, in tokens. `cost` is in US dollars, None where no price is known."""

    input: int | None = None
    output: int | None = None
    cost: float | None = None


Piece = Delta | Notice | Usage | ToolCall


class Passage(Protocol):
    """What stands between an adapter and the wire, for one message."""

    @property
    def retries(self) -> int:
        """How often a request may be sent again, where the server asks for it."""

    def judge(self, request: Request) -> None:
        """Called with every request before its first byte leaves; raises where it must not leave."""

    def leaving(self) -> AbstractAsyncContextManager[None]:
        """Held while the request's bytes are handed to the network: what is granted can't change
        meanwhile."""


class Backend(Protocol):
    """One model behind one adapter."""

    @property
    def destination(self) -> Destination:
        """Where it sends."""

    def talk(self, message: Message, passage: Passage) -> AsyncGenerator[Piece, None]:
        """Make the request of a message (the same bytes for the same message), take it past `passage`, and
        yield what comes back. Called by the gate only.

        Raises:
            ModelFailed: it did not answer, or stopped part-way.
        """
