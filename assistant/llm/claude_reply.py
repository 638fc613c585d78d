"""What the Anthropic Messages API streams back, read strictly: an event of another form ends the answer."""

from collections.abc import Iterator

import msgspec

from assistant.llm.base import Delta, Notice, Piece, Usage
from assistant.llm.failures import Why, failed
from assistant.sharing.model import ToolCall

STOPPED: dict[str, str] = {
    "max_tokens": "The answer stopped at the greatest length allowed. Ask it to go on.",
    "model_context_window_exceeded": "The answer stopped: the conversation is as long as the model can read.",
    "refusal": "The model declined to answer this. Ask in other words, or ask someone else.",
    "pause_turn": "The model paused. Ask it to go on.",
}


class _Used(msgspec.Struct):
    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    cache_creation_input_tokens: int | None = None


class _Message(msgspec.Struct):
    usage: _Used = msgspec.field(default_factory=_Used)


class _MessageStart(msgspec.Struct, tag="message_start"):
    message: _Message


class _Block(msgspec.Struct):
    type: str
    id: str = ""
    name: str = ""
    text: str | None = None


class _BlockStart(msgspec.Struct, tag="content_block_start"):
    content_block: _Block


class _Citation(msgspec.Struct):
    source: str | None = None


class _Change(msgspec.Struct):
    type: str
    text: str = ""
    partial_json: str = ""
    citation: _Citation | None = None


class _BlockDelta(msgspec.Struct, tag="content_block_delta"):
    delta: _Change


class _BlockStop(msgspec.Struct, tag="content_block_stop"):
    pass


class _End(msgspec.Struct):
    stop_reason: str | None = None


class _MessageDelta(msgspec.Struct, tag="message_delta"):
    delta: _End
    usage: _Used = msgspec.field(default_factory=_Used)


class _MessageStop(msgspec.Struct, tag="message_stop"):
    pass


_Event = _MessageStart | _BlockStart | _BlockDelta | _BlockStop | _MessageDelta | _MessageStop


class Reply:
    """One reply, event by event."""

    def __init__(self, sources: dict[str, int]) -> None:
        self._sources = sources
        self._used = _Used()
        self._block = _Block("")
        self._said = ""
        self._json = ""
        self._cited: list[int] = []
        self.complete = False
        """Whether the server said that this was all."""

    def take(self, event: object) -> Iterator[Piece]:
        """The pieces that an event brings.

        Raises:
            ModelFailed: the event isn't one of this protocol.
        """
        try:
            read = msgspec.convert(event, _Event)
        except msgspec.ValidationError:
            raise failed(Why.MALFORMED) from None
        match read:
            case _MessageStart(message=message):
                self._count(message.usage)
            case _BlockStart(content_block=block):
                self._block, self._said, self._json, self._cited = block, block.text or "", "", []
                if block.text:
                    yield Delta(block.text)
            case _BlockDelta(delta=change):
                yield from self._change(change)
            case _BlockStop():
                yield from self._end_block()
            case _MessageDelta(delta=end, usage=used):
                self._count(used)
                if end.stop_reason in STOPPED:
                    yield Notice(STOPPED[end.stop_reason])
            case _:
                self.complete = True
                yield self._usage()

    def _change(self, change: _Change) -> Iterator[Piece]:
        if change.type == "text_delta" and change.text:
            self._said += change.text
            yield Delta(change.text)
        elif change.type == "input_json_delta":
            self._json += change.partial_json
        elif change.type == "citations_delta" and change.citation is not None:
            ref = self._sources.get(change.citation.source or "")
            if ref is not None and ref not in self._cited:
                self._cited.append(ref)

    def _end_block(self) -> Iterator[Piece]:
        if self._block.type == "tool_use":
            yield ToolCall(self._block.id, self._block.name, self._json or "{}")
        missing = [ref for ref in self._cited if f"[{ref}]" not in self._said]
        if missing:
            yield Delta(" " + "".join(f"[{ref}]" for ref in missing))

    def _count(self, used: _Used) -> None:
        for name in used.__struct_fields__:
            told = getattr(used, name)
            if told is not None:
                setattr(self._used, name, told)

    def _usage(self) -> Usage:
        used = self._used
        if used.input_tokens is None:
            return Usage(output=used.output_tokens)
        cached = (used.cache_read_input_tokens or 0) + (used.cache_creation_input_tokens or 0)
        return Usage(input=used.input_tokens + cached, output=used.output_tokens)
