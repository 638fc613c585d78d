"""Requests of backends that are code in this process: the common document, no network."""

import re
from typing import Any

import msgspec

from assistant.llm.base import Passage, Request
from assistant.sharing.model import Destination, Message
from assistant.sharing.outgoing import document


def local_request(destination: Destination, message: Message) -> Request:
    """The message as a `LOCAL` request with the common document as its body."""
    return Request(
        destination=destination.id,
        method="LOCAL",
        url=f"{destination.id}:",
        headers=(("content-type", "application/json"),),
        body=document(message),
    )


async def passed(destination: Destination, message: Message, passage: Passage) -> Request:
    """The local request of a message, once it is past the gate."""
    request = local_request(destination, message)
    passage.judge(request)
    async with passage.leaving():
        return request


def opened(request: Request) -> dict[str, Any]:
    """The document of a local request."""
    decoded: dict[str, Any] = msgspec.json.decode(request.body)
    return decoded


def pieces(text: str) -> list[str]:
    """The text cut after each run of white space, as a stream would bring it."""
    return re.findall(r"\S*\s+|\S+", text)
