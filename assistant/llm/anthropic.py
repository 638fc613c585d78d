"""Claude, through the `anthropic` SDK, which is loaded when the first message is made, away from the loop."""

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import aclosing
from importlib import import_module
from typing import TYPE_CHECKING, Any

from assistant.llm.base import Passage, Piece
from assistant.llm.claude_message import arguments, source
from assistant.llm.claude_reply import Reply
from assistant.llm.crossing import Crossing
from assistant.llm.failures import Why, failed
from assistant.llm.sdk_failures import told
from assistant.llm.surroundings import scrub
from assistant.llm.watch import Watch
from assistant.sharing.model import Destination, Message

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic


class AnthropicBackend:
    """One model of Anthropic's, or of a server that speaks its protocol."""

    def __init__(self, destination: Destination, key: str | None, watch: Watch) -> None:
        self.destination = destination
        self._key = key
        self._watch = watch

    async def talk(self, message: Message, passage: Passage) -> AsyncGenerator[Piece, None]:
        """Ask, and yield what comes; citations become the numbers of the records they name."""
        if not self._key:
            raise failed(Why.NO_KEY)
        await asyncio.to_thread(_load)
        import anthropic
        import httpx2

        from assistant.llm.over_httpx2 import client

        reply = Reply({source(item.ref): item.ref for item in message.items})
        crossing = Crossing(self.destination, passage, self._watch, [self._key])
        with told(anthropic, httpx2):
            async with client(crossing) as http:
                sdk = self._sdk(http, passage.retries)
                async with aclosing(_events(sdk, message, self.destination.model)) as events:
                    async for event in events:
                        for piece in reply.take(event):
                            yield piece
        if not reply.complete:
            raise failed(Why.CUT)

    def _sdk(self, http: Any, retries: int) -> "AsyncAnthropic":
        import anthropic

        return anthropic.AsyncAnthropic(
            api_key=self._key,
            base_url=self.destination.base_url,
            http_client=http,
            max_retries=retries,
            open_telemetry={"traces": False, "propagation": False},
        )


async def _events(sdk: "AsyncAnthropic", message: Message, model: str) -> AsyncGenerator[object, None]:
    async with await sdk.messages.create(**arguments(message, model), stream=True) as stream:
        async for event in stream:
            yield event.to_dict(warnings=False) if hasattr(event, "to_dict") else event


def _load() -> None:
    """Load what takes long; the loop goes on meanwhile."""
    scrub(os.environ)
    for name in ("anthropic", "anthropic.resources.messages", "assistant.llm.over_httpx2"):
        import_module(name)
