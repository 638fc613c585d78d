"""What parent and child say to each other: messages in MessagePack, each behind its length.

The parent doesn't trust the child: a length or a message that doesn't fit is `Nonsense`.
"""

import struct
from typing import Annotated

import msgspec

from connectors.files import limits
from connectors.model import Batch

LENGTH = struct.Struct(">I")
"""How a message's length is written before it."""


class Nonsense(Exception):
    """Bytes that are no message."""


class Request(msgspec.Struct, frozen=True):
    """Parent to child: read this; without a path, only say what protections hold."""

    path: bytes | None


class Protection(msgspec.Struct, frozen=True):
    """One thing that a file being read can't do to this computer, and whether that holds here."""

    name: str
    holds: bool


class Locked(msgspec.Struct, frozen=True, tag="locked"):
    """First message of the child: it has locked itself in."""

    protections: tuple[Protection, ...]
    size: Annotated[int, msgspec.Meta(ge=0)] = 0
    """Bytes it is about to read."""


class Delivered(msgspec.Struct, frozen=True, tag="delivered"):
    """One batch."""

    batch: Batch


class Finished(msgspec.Struct, frozen=True, tag="finished"):
    """Everything was read. Without it, whatever came before is not the whole source."""


Message = Locked | Delivered | Finished

_encoder = msgspec.msgpack.Encoder()
_messages: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(Message)
_requests = msgspec.msgpack.Decoder(Request)


def pack(message: Message | Request) -> bytes:
    """A message as it goes over the pipe, its length first."""
    body = _encoder.encode(message)
    return LENGTH.pack(len(body)) + body


def length(head: bytes) -> int:
    """The length that stands before a message.

    Raises:
        Nonsense: no message is that long.
    """
    (size,) = LENGTH.unpack(head)
    if not 0 < size <= limits.FRAME_BYTES:
        raise Nonsense
    return int(size)


def message(body: bytes) -> Message:
    """A message of the child.

    Raises:
        Nonsense: it is none.
    """
    try:
        return _messages.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise Nonsense from None


def request(data: bytes) -> Request:
    """The request that the child finds on its standard input."""
    return _requests.decode(data[LENGTH.size :])
