"""A message as the OpenAI Chat Completions protocol takes it: the one that most servers speak.

https://platform.openai.com/docs/api-reference/chat/create
"""

from typing import Any

from assistant.llm.text import user_text
from assistant.sharing.model import Message, Round

MOST_ANSWER_TOKENS = 400
"""For a model on this computer: a small one that repeats itself has to end some time."""


def arguments(message: Message, model: str, *, narrow: bool) -> dict[str, Any]:
    """What `chat.completions.create` is called with, besides `stream`."""
    called: dict[str, Any] = {
        "model": model,
        "messages": messages(message),
        "stream_options": {"include_usage": True},
    }
    if narrow:
        called |= {"max_tokens": MOST_ANSWER_TOKENS, "temperature": 0}
    if message.tools:
        called["tools"] = tools(message)
    return called


def messages(message: Message) -> list[dict[str, Any]]:
    """Instructions, earlier exchanges, the question with its records, the look-ups so far."""
    turns: list[dict[str, Any]] = [{"role": "system", "content": message.instructions}]
    for turn in message.history:
        turns += [
            {"role": "user", "content": turn.question},
            {"role": "assistant", "content": turn.answer or "…"},
        ]
    turns.append({"role": "user", "content": user_text(message)})
    for done in message.rounds:
        turns += _round(done)
    return turns


def tools(message: Message) -> list[dict[str, Any]]:
    """The look-ups that the model may ask for."""
    return [
        {
            "type": "function",
            "function": {"name": t.name, "description": t.description, "parameters": t.schema},
        }
        for t in message.tools
    ]


def _round(done: Round) -> list[dict[str, Any]]:
    calls = [
        {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
        for call in done.calls
    ]
    asked: dict[str, Any] = {"role": "assistant", "content": done.text or None, "tool_calls": calls}
    told = [
        {"role": "tool", "tool_call_id": call.id, "content": text}
        for call, text in zip(done.calls, done.results, strict=True)
    ]
    return [asked, *told]
