"""A message as the Anthropic Messages API takes it.

https://platform.claude.com/docs/en/api/messages: the instructions (and tools) come first and never change
within
a chat, so that they can be cached; each record is a `search_result` block, so that a citation names it.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from assistant.llm.text import facts_lines
from assistant.records.model import CATEGORY_NAMES
from assistant.sharing.model import Message, Round

MOST_ANSWER_TOKENS = 2048

Block = dict[str, Any]


def arguments(message: Message, model: str) -> dict[str, Any]:
    """What `messages.create` is called with."""
    called: dict[str, Any] = {
        "model": model,
        "max_tokens": MOST_ANSWER_TOKENS,
        "system": [
            {"type": "text", "text": message.instructions, "cache_control": {"type": "ephemeral"}},
        ],
        "messages": [*_history(message), {"role": "user", "content": _asked(message)}, *_rounds(message)],
    }
    if message.tools:
        called["tools"] = [
            {"name": tool.name, "description": tool.description, "input_schema": tool.schema}
            for tool in message.tools
        ]
    return called


def source(ref: int) -> str:
    """What a record is called in a block and in the citations that come back."""
    return f"record-{ref}"


def _history(message: Message) -> list[dict[str, Any]]:
    return [
        {"role": role, "content": text or "…"}
        for turn in message.history
        for role, text in (("user", turn.question), ("assistant", turn.answer))
    ]


def _asked(message: Message) -> list[Block]:
    first = [f"Today is {message.today}."]
    if message.facts:
        first += ["FACTS", *facts_lines(message)]
    if message.items:
        first += ["RECORDS follow, each with its number."]
    records = [
        {
            "type": "search_result",
            "source": source(item.ref),
            "title": CATEGORY_NAMES[item.category],
            "content": [{"type": "text", "text": f"[{item.ref}] {item.text}"}],
            "citations": {"enabled": True},
        }
        for item in message.items
        if not _looked_up(item.ref, message)
    ]
    return [_text("\n".join(first)), *records, _text(f"QUESTION\n{message.question}")]


def _looked_up(ref: int, message: Message) -> bool:
    """Whether a record came with a look-up, and stands in its result."""
    return message.rounds != () and ref > message.at_first


def _rounds(message: Message) -> list[dict[str, Any]]:
    return [turn for done in message.rounds for turn in _round(done)]


def _round(done: Round) -> Sequence[dict[str, Any]]:
    said = [_text(done.text)] if done.text.strip() else []
    calls = [
        {"type": "tool_use", "id": call.id, "name": call.name, "input": _input(call.arguments)}
        for call in done.calls
    ]
    results = [
        {"type": "tool_result", "tool_use_id": call.id, "content": text}
        for call, text in zip(done.calls, done.results, strict=True)
    ]
    return ({"role": "assistant", "content": [*said, *calls]}, {"role": "user", "content": results})


def _input(arguments: str) -> dict[str, Any]:
    try:
        decoded = msgspec.json.decode(arguments)
    except msgspec.DecodeError:
        return {}
    return decoded if isinstance(decoded, dict) else {}


def _text(text: str) -> Block:
    return {"type": "text", "text": text}
