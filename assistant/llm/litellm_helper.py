"""The process in which litellm runs. It has no key, no surroundings, and one address to go to: the relay.

Started by `assistant.llm.litellm_process`. Jobs come on standard input, and what becomes of them goes to
standard output; both are put out of litellm's reach before it is loaded.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any, BinaryIO

from assistant.llm import litellm_frames as frames
from assistant.llm.crossing import IDLE_SECONDS_HERE
from assistant.llm.watch import Watch

RELAY_HOST = "127.0.0.1"

_ONCE = {
    "num_retries": 0,
    "max_retries": 0,
    "caching": False,
    "timeout": IDLE_SECONDS_HERE,
    "_skip_mcp_handler": True,
}
"""One request for one question. Tools are the app's own: litellm's handler for others would load a server."""

Say = Callable[[frames.Said], None]


def main() -> None:
    """Do jobs until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    jobs, out = _private_ends()

    def say(frame: frames.Said) -> None:
        out.write(frames.pack(frame))
        out.flush()

    with suppress(BrokenPipeError):
        asyncio.run(_work(jobs, say))
    # Threads of litellm's own may still wait for work.
    os._exit(0)


async def _work(jobs: BinaryIO, say: Say) -> None:
    watch = Watch()
    watch.install()
    litellm = _load()
    while (job := await asyncio.to_thread(_next, jobs)) is not None:
        watch.refused.clear()
        async with watch.allowing(RELAY_HOST, job.port):
            await _answer(litellm, job, say)
        say(frames.End(tuple(watch.refused)))
        litellm.in_memory_llm_clients_cache.flush_cache()


async def _answer(litellm: Any, job: frames.Job, say: Say) -> None:
    asking = asyncio.create_task(_ask(litellm, job, say))
    await asyncio.wait((asking,))
    error = asking.exception()
    if error is not None:
        say(_fault(error))


async def _ask(litellm: Any, job: frames.Job, say: Say) -> None:
    async for chunk in await litellm.acompletion(**job.call, **_ONCE):
        say(frames.Chunk(_plain(chunk)))


def _fault(error: BaseException) -> frames.Fault:
    status = getattr(error, "status_code", None)
    return frames.Fault(type(error).__name__, status if isinstance(status, int) else None)


def _plain(chunk: Any) -> dict[str, Any]:
    """A chunk with what is looked at, as plain values."""
    plain: dict[str, Any] = {"choices": [_choice(choice) for choice in chunk.choices]}
    usage = getattr(chunk, "usage", None)
    if usage is not None:
        plain["usage"] = {
            "prompt_tokens": usage.prompt_tokens,
            "completion_tokens": usage.completion_tokens,
        }
    return plain


def _choice(choice: Any) -> dict[str, Any]:
    calls = getattr(choice.delta, "tool_calls", None)
    delta = {
        "content": choice.delta.content,
        "refusal": getattr(choice.delta, "refusal", None),
        "tool_calls": None if calls is None else [_call(call) for call in calls],
    }
    return {"delta": delta, "finish_reason": choice.finish_reason}


def _call(call: Any) -> dict[str, Any]:
    function = {"name": call.function.name, "arguments": call.function.arguments}
    return {"index": call.index, "id": call.id, "function": function}


def _load() -> Any:
    """litellm without anything that tells, keeps, repeats or fetches."""
    litellm: Any = import_module("litellm")
    litellm.suppress_debug_info = True
    litellm.turn_off_message_logging = True
    litellm.redact_messages_in_exceptions = True
    litellm.telemetry = False
    litellm.disable_streaming_logging = True
    litellm.drop_params = False
    litellm.cache = None
    litellm.num_retries = 0
    litellm.disable_hf_tokenizer_download = True
    litellm.REPEATED_STREAMING_CHUNK_LIMIT = sys.maxsize
    # httpx: the other library reads a `.netrc` and packs replies in ways of its own.
    litellm.disable_aiohttp_transport = True
    for name in ("callbacks", "input_callback", "success_callback", "failure_callback"):
        setattr(litellm, name, [])
    return litellm


def _private_ends() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output for the jobs alone; whoever reads or prints from now on meets nothing."""
    jobs, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.close(nothing)
    return jobs, out


def _next(jobs: BinaryIO) -> frames.Job | None:
    head = jobs.read(frames.LENGTH.size)
    return frames.job(jobs.read(frames.length(head))) if len(head) == frames.LENGTH.size else None


if __name__ == "__main__":
    main()
