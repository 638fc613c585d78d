"""The one place where a request leaves for a model.

A request is caught first (made, not sent), shown, and released only under an approval of that very method,
address and body. Anything else fails closed.
"""

from collections.abc import AsyncIterator

import msgspec

from assistant.errors import Refused
from assistant.llm.base import Backend, Delta, Request, Usage
from assistant.sharing.model import Message


class Approval(msgspec.Struct, frozen=True):
    """What was approved, by value."""

    destination: str
    method: str
    url: str
    sha256: str


def approve(request: Request) -> Approval:
    """The approval of this very request."""
    return Approval(request.destination, request.method, request.url, request.sha256)


def catch(backend: Backend, message: Message) -> Request:
    """Make the request for a message without sending anything."""
    return backend.prepare(message)


def release(backend: Backend, request: Request, approval: Approval) -> AsyncIterator[Delta | Usage]:
    """Send an approved request unchanged.

    Raises:
        Refused: the request isn't the one that was approved, or isn't this backend's.
    """
    if approve(request) != approval or backend.destination.id != approval.destination:
        raise Refused(
            "The message changed after it was approved, so it was not sent.",
            "Ask again and look at the message that would be sent.",
        )
    return backend.send(request)
