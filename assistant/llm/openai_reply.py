"""What a server of the OpenAI protocol streams back, read strictly: a chunk of another form ends the
answer."""

from collections.abc import Iterator

import msgspec

from assistant.llm.base import Delta, Notice, Piece, Usage
from assistant.llm.failures import Why, failed
from assistant.sharing.model import ToolCall

STOPPED: dict[str, str] = {
    "length": "The answer stopped at the greatest length allowed. Ask it to go on.",
    "content_filter": "The provider's filter ended the answer. Ask in other words, or ask someone else.",
}

MOST_CALLS = 16
"""Look-ups in one reply that are kept; the bound of a turn is lower."""


class _Function(msgspec.Struct):
    name: str | None = None
    arguments: str | None = None


class _Call(msgspec.Struct):
    index: int = 0
    id: str | None = None
    function: _Function = msgspec.field(default_factory=_Function)


class _Change(msgspec.Struct):
    content: str | None = None
    refusal: str | None = None
    tool_calls: list[_Call] | None = None


class _Choice(msgspec.Struct):
    delta: _Change = msgspec.field(default_factory=_Change)
    finish_reason: str | None = None


class _Used(msgspec.Struct):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Chunk(msgspec.Struct):
    choices: list[_Choice] = []
    usage: _Used | None = None


class Reply:
    """One reply, chunk by chunk."""

    def __init__(self) -> None:
        self._calls: dict[int, ToolCall] = {}
        self._usage = Usage()
        self.complete = False
        """Whether the server said that this was all."""

    def take(self, chunk: object) -> Iterator[Piece]:
        """The pieces that a chunk brings.

        Raises:
            ModelFailed: the chunk isn't one of this protocol.
        """
        try:
            read = msgspec.convert(chunk, _Chunk)
        except msgspec.ValidationError:
            raise failed(Why.MALFORMED) from None
        if read.usage is not None:
            self._usage = Usage(input=read.usage.prompt_tokens, output=read.usage.completion_tokens)
        for choice in read.choices[:1]:
            text = (choice.delta.content or "") + (choice.delta.refusal or "")
            if text:
                yield Delta(text)
            for call in choice.delta.tool_calls or ():
                self._grow(call)
            if choice.finish_reason is not None:
                self.complete = True
                if choice.finish_reason in STOPPED:
                    yield Notice(STOPPED[choice.finish_reason])

    def end(self) -> Iterator[Piece]:
        """What is known once the stream has ended.

        Raises:
            ModelFailed: it ended before the server said that this was all.
        """
        if not self.complete:
            raise failed(Why.CUT)
        yield from self._calls.values()
        yield self._usage

    def _grow(self, call: _Call) -> None:
        known = self._calls.get(call.index, ToolCall("", "", ""))
        if call.index not in self._calls and len(self._calls) >= MOST_CALLS:
            return
        self._calls[call.index] = ToolCall(
            known.id or call.id or f"call-{call.index}",
            known.name + (call.function.name or ""),
            known.arguments + (call.function.arguments or ""),
        )
