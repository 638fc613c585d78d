"""Any server of the OpenAI protocol, through the `openai` SDK: on this computer (Ollama, llama.cpp), or at an
address that the patient gave. The SDK is loaded when the first message is made, away from the loop.
"""

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import aclosing
from importlib import import_module
from typing import TYPE_CHECKING, Any

from assistant.llm.base import Passage, Piece
from assistant.llm.crossing import Crossing
from assistant.llm.openai_message import arguments
from assistant.llm.openai_reply import Reply
from assistant.llm.sdk_failures import told
from assistant.llm.surroundings import scrub
from assistant.llm.watch import Watch
from assistant.sharing.model import Destination, Message

if TYPE_CHECKING:
    from openai import AsyncOpenAI

NO_KEY = "none"
"""What the SDK is given where a server asks for no key: it wants one, and sends it."""


class OpenAIBackend:
    """One model behind one server of the OpenAI protocol."""

    def __init__(self, destination: Destination, key: str | None, watch: Watch) -> None:
        self.destination = destination
        self._key = key
        self._watch = watch

    async def talk(self, message: Message, passage: Passage) -> AsyncGenerator[Piece, None]:
        """Ask, and yield what comes."""
        await asyncio.to_thread(_load)
        import httpx
        import openai

        from assistant.llm.over_httpx import client

        reply = Reply()
        crossing = Crossing(self.destination, passage, self._watch, [self._key] if self._key else [])
        with told(openai, httpx):
            async with client(crossing) as http:
                called = arguments(message, self.destination.model, narrow=self.destination.narrow)
                async with aclosing(_chunks(self._sdk(http, passage.retries), called)) as chunks:
                    async for chunk in chunks:
                        for piece in reply.take(chunk):
                            yield piece
        for piece in reply.end():
            yield piece

    def _sdk(self, http: Any, retries: int) -> "AsyncOpenAI":
        import openai

        return openai.AsyncOpenAI(
            api_key=self._key or NO_KEY,
            base_url=self.destination.base_url,
            http_client=http,
            max_retries=retries,
        )


async def _chunks(sdk: "AsyncOpenAI", called: dict[str, Any]) -> AsyncGenerator[object, None]:
    async with await sdk.chat.completions.create(**called, stream=True) as stream:
        async for chunk in stream:
            yield chunk.to_dict(warnings=False) if hasattr(chunk, "to_dict") else chunk


def _load() -> None:
    """Load what takes long; the loop goes on meanwhile."""
    scrub(os.environ)
    # The SDK itself would load its chat module when it is first used: on the loop, for half a second.
    for name in ("openai", "openai.resources.chat", "assistant.llm.over_httpx"):
        import_module(name)
