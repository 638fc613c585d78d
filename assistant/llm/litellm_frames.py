"""What is said between the app and the process that runs litellm: MessagePack, the length before each."""

import struct
from typing import Any

import msgspec

LENGTH = struct.Struct("!I")
MOST_BYTES = 64 * 1024 * 1024
"""Of one frame; a message of a million tokens takes about 4 MiB."""


class Job(msgspec.Struct, frozen=True, tag="job"):
    """One question."""

    port: int
    """Of 127.0.0.1: the only address that may be connected to."""
    call: dict[str, Any]
    """What `litellm.acompletion` is called with."""


class Chunk(msgspec.Struct, frozen=True, tag="chunk"):
    """A piece of the answer, in the form of the OpenAI protocol's chunks."""

    data: dict[str, Any]


class Fault(msgspec.Struct, frozen=True, tag="fault"):
    """Why there is no more. No text of an error is here: it may repeat the question."""

    kind: str
    """The name of its class."""
    status: int | None = None
    """The HTTP status that litellm gives it."""


class End(msgspec.Struct, frozen=True, tag="end"):
    """The job is over."""

    refused: tuple[tuple[str, str], ...] = ()
    """Event and address of what it tried to connect to or look up besides the relay, in vain."""


Said = Chunk | Fault | End


class Nonsense(ValueError):
    """It is not a frame."""


def pack(frame: Job | Said) -> bytes:
    """A frame as bytes."""
    payload = msgspec.msgpack.encode(frame)
    return LENGTH.pack(len(payload)) + payload


def length(head: bytes) -> int:
    """Bytes of the frame that follows.

    Raises:
        Nonsense: it is too long.
    """
    size = int(LENGTH.unpack(head)[0])
    if size > MOST_BYTES:
        raise Nonsense
    return size


def job(payload: bytes) -> Job:
    """What the app asks.

    Raises:
        msgspec.MsgspecError: it isn't a job.
    """
    return msgspec.msgpack.decode(payload, type=Job)


def said(payload: bytes) -> Said:
    """What the process says.

    Raises:
        Nonsense: it isn't one of these.
    """
    try:
        read: Said = msgspec.msgpack.decode(payload, type=Said)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Nonsense from None
    return read
