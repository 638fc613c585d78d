"""What every model adapter is: a message becomes one exact request; an approved request becomes text."""

import hashlib
from collections.abc import AsyncIterator
from typing import Protocol

import msgspec

from assistant.sharing.model import Destination, Message


class Request(msgspec.Struct, frozen=True):
    """The exact request, before it is sent. `headers` never hold a secret in clear."""

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


class Usage(msgspec.Struct, frozen=True):
    """What the destination says it used. `cost` is in US dollars."""

    input: int | None = None
    output: int | None = None
    cost: float | None = None


class Backend(Protocol):
    """One model behind one adapter."""

    @property
    def destination(self) -> Destination:
        """Where it sends."""

    def prepare(self, message: Message) -> Request:
        """The request for a message: the same bytes for the same message. Opens no connection."""

    def send(self, request: Request) -> AsyncIterator[Delta | Usage]:
        """Send exactly this request and yield the answer as it comes. Called by the gate only.

        Raises:
            ModelFailed: it did not answer, or stopped part-way.
        """
