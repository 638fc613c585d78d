"""Any provider that litellm speaks to and that is offered (see `providers`). litellm runs in a process of its
own that reaches nothing but a relay in this one; what leaves, leaves from here.
"""

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import aclosing
from importlib import import_module
from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec
from msgspec.structs import replace

from assistant.errors import ModelFailed
from assistant.llm import litellm_frames as frames
from assistant.llm.base import Passage, Piece
from assistant.llm.crossing import Crossing
from assistant.llm.failures import Why, by_status, failed
from assistant.llm.litellm_process import Helpers, Lost, shared_helpers
from assistant.llm.openai_message import arguments
from assistant.llm.openai_reply import Reply
from assistant.llm.providers import Provider, provider_of
from assistant.llm.surroundings import scrub
from assistant.llm.watch import Watch
from assistant.sharing.model import Destination, Message, ToolCall

if TYPE_CHECKING:
    from assistant.llm.relay import Relay

_UNKNOWN_STATUS = 500
"""What litellm gives an error in the middle of a reply, and a reply that it can't read."""


class LitellmBackend:
    """One model behind one provider."""

    def __init__(
        self, destination: Destination, key: str | None, watch: Watch, helpers: Helpers | None = None
    ) -> None:
        self.destination = destination
        self._key = key or None
        self._watch = watch
        self._helpers = helpers or shared_helpers()
        self.refused: tuple[tuple[str, str], ...] = ()
        """Event and address of what litellm wanted to connect to or look up besides, when last asked."""

    async def talk(self, message: Message, passage: Passage) -> AsyncGenerator[Piece, None]:
        """Ask, and yield what comes."""
        provider = provider_of(self.destination.model)
        self._require_key(provider)
        await asyncio.to_thread(_load)
        from assistant.llm.over_httpx import client
        from assistant.llm.relay import relaying

        base_url = self.destination.base_url or provider.base_url or ""
        secrets = [self._key, quote(self._key, safe="")] if self._key else []
        crossing = Crossing(self.destination, passage, self._watch, secrets)
        try:
            async with (
                self._helpers.one() as helper,
                client(crossing) as http,
                relaying(http, base_url, self._key, provider.ended) as relay,
                aclosing(helper.ask(self._job(message, provider, relay))) as said,
                aclosing(self._pieces(said, relay)) as pieces,
            ):
                async for piece in pieces:
                    yield piece
        except Lost:
            raise ModelFailed(
                "The program that speaks with this provider ended or could not be started.", "Ask again."
            ) from None

    async def aclose(self) -> None:
        """End the process that waits for the next question; it holds the last one in its memory."""
        await self._helpers.aclose()

    async def _pieces(
        self, said: AsyncGenerator[frames.Said, None], relay: "Relay"
    ) -> AsyncGenerator[Piece, None]:
        reply = Reply()
        fault: frames.Fault | None = None
        async for frame in said:
            match frame:
                case frames.Chunk():
                    for piece in reply.take(frame.data):
                        yield piece
                case frames.Fault():
                    fault = frame
                case frames.End():
                    self.refused = frame.refused
        await relay.outcome()
        if fault is not None:
            raise _told(fault, relay)
        if not relay.whole:
            raise failed(Why.CUT)
        for piece in reply.end():
            yield piece

    def _job(self, message: Message, provider: Provider, relay: "Relay") -> frames.Job:
        model = provider.asked_for(self.destination.model)
        address = {"api_base": relay.base_url, "api_key": relay.stand_in}
        called = arguments(with_plain_calls(message), model, narrow=self.destination.narrow)
        return frames.Job(relay.port, {**called, **address, **provider.extra, "stream": True})

    def _require_key(self, provider: Provider) -> None:
        if self._key is None and provider.needs_key:
            raise failed(Why.NO_KEY)
        if self._key is not None and not (self._key.isascii() and self._key.isprintable()):
            raise failed(Why.WRONG_KEY)


def with_plain_calls(message: Message) -> Message:
    """The same, with nothing for the arguments of a look-up that are no JSON object: litellm stops at
    others."""
    return replace(
        message, rounds=tuple(replace(r, calls=tuple(map(_call, r.calls))) for r in message.rounds)
    )


def _call(call: ToolCall) -> ToolCall:
    try:
        fit = isinstance(msgspec.json.decode(call.arguments), dict)
    except (msgspec.DecodeError, RecursionError):
        fit = False
    return call if fit else replace(call, arguments="{}")


def _told(fault: frames.Fault, relay: "Relay") -> ModelFailed:
    """What litellm's error means, where nothing failed on the way."""
    if not relay.asked:
        return ModelFailed(
            "This model can't be asked in this way. Nothing was sent.",
            "Look at its name; a model that takes no look-ups is added with --no-tools.",
        )
    unknown = fault.status in (None, _UNKNOWN_STATUS)
    if unknown and not relay.complained:
        return failed(Why.MALFORMED)
    return by_status(fault.status or _UNKNOWN_STATUS, relay.complaint)


def _load() -> None:
    scrub(os.environ)
    for name in ("httpx", "assistant.llm.over_httpx", "assistant.llm.relay"):
        import_module(name)
