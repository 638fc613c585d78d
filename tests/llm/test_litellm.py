"""litellm is asked through the gate like every other library: it sees no key, reaches no one, and what the
provider gets is what was shown."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest
import pytest_asyncio

from assistant.errors import ModelFailed, UsageError
from assistant.llm import gate, litellm_process
from assistant.llm import litellm_frames as frames
from assistant.llm.base import Delta, Usage
from assistant.llm.failures import Told, Why
from assistant.llm.litellm import LitellmBackend
from assistant.llm.litellm_process import Helpers, Lost
from assistant.llm.providers import NOT_OFFERED, OFFERED, provider_of
from assistant.llm.watch import Watch
from assistant.sharing.model import Destination, ToolCall
from tests.fakes import claude_wire, openai_wire
from tests.fakes.model_server import ModelServer, Reply
from tests.fakes.provider import ASKED, PROBED_FOR, Asked
from tests.llm.conftest import MESSAGE, as_shown, released, text_of, unguarded

KEY = "sk-real-0123456789/+="
ROOT = Path(__file__).resolve().parents[2]
FAMILIES = tuple({id(asked.family): asked for asked in reversed(ASKED)}.values())[::-1]
OPENAI, CLAUDE = ASKED[0], ASKED[2]

in_one_loop = pytest.mark.asyncio(loop_scope="module")
"""The helper belongs to the loop that started it."""

each_model = pytest.mark.parametrize("asked", ASKED, ids=[asked.model for asked in ASKED])
each_family = pytest.mark.parametrize("asked", FAMILIES, ids=[asked.provider for asked in FAMILIES])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def helpers() -> AsyncGenerator[Helpers, None]:
    """One warm helper for all tests: to load litellm takes seconds."""
    kept = Helpers()
    yield kept
    await kept.aclose()


@pytest_asyncio.fixture(loop_scope="module")
async def server() -> AsyncGenerator[ModelServer, None]:
    """The provider. It takes every request that goes to a path of the table."""
    async with ModelServer({asked.path: lambda _: None for asked in ASKED}) as running:
        yield running


def backend_for(
    asked: Asked, url: str, helpers: Helpers | None = None, *, key: str | None = KEY
) -> LitellmBackend:
    """A model at this server instead of at its provider."""
    destination = Destination(
        id="m", adapter="litellm", model=asked.model, base_url=url + asked.under, tools=True
    )
    return LitellmBackend(destination, key, Watch(), helpers)


def test_every_provider_of_the_table_is_tested() -> None:
    assert {asked.provider for asked in ASKED} == set(OFFERED)
    assert not set(OFFERED) & set(NOT_OFFERED)


@in_one_loop
@each_model
async def test_what_was_shown_arrives_once_and_nothing_else_does(
    asked: Asked, server: ModelServer, helpers: Helpers
) -> None:
    backend = backend_for(asked, server.url, helpers)
    shown = await gate.catch(backend, MESSAGE)
    assert await gate.catch(backend, MESSAGE) == shown
    assert await server.connections() == 0
    assert KEY not in repr(shown)
    server.replies.append(asked.family.answer("Your LDL", " is 96", " [1]."))
    pieces, failure = await released(backend, approval=gate.approve(shown))
    assert failure is None
    assert text_of(pieces) == "Your LDL is 96 [1]."
    assert pieces[-1] == Usage(10, 9)
    (received,) = server.received
    header, value = asked.secret
    assert received.sha256 == shown.sha256
    assert as_shown(received, (header, value.format(KEY)), server.url) == msgspec.structs.replace(
        shown, destination=""
    )
    assert received.header(header) == value.format(KEY)
    assert KEY.encode() not in received.body
    assert KEY not in received.path
    assert [name for name, text in received.headers if KEY in text] == [header]
    assert await server.connections() == 1
    assert {host for _, host in backend.refused} == ({"localhost"} if asked.model == PROBED_FOR else set())
    assert "litellm" not in sys.modules


@in_one_loop
async def test_the_request_is_the_one_that_litellm_makes_by_itself(helpers: Helpers) -> None:
    code = "import sys; from tests.fakes.provider import *; say_what_litellm_does_by_itself(sys.argv[1])"
    alone = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code, msgspec.json.encode(MESSAGE).decode()),
        env={"PATH": os.environ.get("PATH", "")},
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    out, _ = await alone.communicate()
    by_itself = json.loads(out)
    async with ModelServer({}) as server:
        for asked in ASKED:
            shown = await gate.catch(backend_for(asked, server.url, helpers), MESSAGE)
            parts = urlsplit(asked.real_base)
            real = shown.url.replace(server.url, f"{parts.scheme}://{parts.netloc}")
            assert [real, shown.body.decode()] == by_itself[asked.model], asked.model
            assert real.endswith(asked.path)


@in_one_loop
async def test_the_surroundings_change_nothing_and_nothing_is_printed(
    server: ModelServer, helpers: Helpers, tmp_path: Path
) -> None:
    async with ModelServer({}) as elsewhere:
        names = (
            "OPENAI_BASE_URL",
            "OPENAI_API_BASE",
            "ANTHROPIC_BASE_URL",
            "ANTHROPIC_API_BASE",
            "HTTP_PROXY",
        )
        hostile = dict.fromkeys((*names, "HTTPS_PROXY", "ALL_PROXY", "GEMINI_API_BASE"), elsewhere.url)
        hostile |= {"LITELLM_LOG": "DEBUG", "LITELLM_MODE": "DEV", "OPENAI_API_KEY": "sk-other"}
        here = tmp_path / "a" / "b"
        here.mkdir(parents=True)
        for folder in (here, here.parent, tmp_path):
            (folder / ".env").write_text("\n".join(f"{name}={value}" for name, value in hostile.items()))
        for asked in FAMILIES:
            server.replies.append(asked.family.answer("Your LDL"))
        code = "import sys; from tests.llm.test_litellm import *; say_what_is_shown(sys.argv[1])"
        run = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", code, server.url),
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT), "HOME": str(here), **hostile},
            cwd=here,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        out, errors = await run.communicate()
        assert await elsewhere.connections() == 0
    assert errors == b""
    said = json.loads(out)
    for asked, (shown, text) in zip(FAMILIES, said, strict=True):
        assert shown == repr(await gate.catch(backend_for(asked, server.url, helpers), MESSAGE))
        assert text == "Your LDL"
    assert len(server.received) == len(FAMILIES)


def say_what_is_shown(url: str) -> None:
    """In a process of its own: what is shown for each protocol, and what comes back."""

    async def each() -> list[tuple[str, str]]:
        helpers = Helpers()
        said = []
        for asked in FAMILIES:
            backend = backend_for(asked, url, helpers)
            said.append((repr(await gate.catch(backend, MESSAGE)), text_of((await released(backend))[0])))
        await helpers.aclose()
        return said

    print(json.dumps(asyncio.run(each())))
    assert "litellm" not in sys.modules


@in_one_loop
@each_family
@pytest.mark.parametrize("properly", [True, False])
async def test_an_answer_that_broke_off_is_no_answer(
    asked: Asked, properly: bool, server: ModelServer, helpers: Helpers
) -> None:
    reply = asked.family.broken_off("Your LDL", " is")
    server.replies.append(msgspec.structs.replace(reply, cut=not properly))
    pieces, failure = await released(backend_for(asked, server.url, helpers))
    assert isinstance(failure, Told)
    assert failure.why is Why.CUT
    assert "Your LDL is".startswith(text_of(pieces))
    assert not [piece for piece in pieces if isinstance(piece, Usage)]


@in_one_loop
@pytest.mark.parametrize("asked", [OPENAI, CLAUDE], ids=["openai", "anthropic"])
async def test_look_ups_are_passed_on(asked: Asked, server: ModelServer, helpers: Helpers) -> None:
    wire = openai_wire if asked is OPENAI else claude_wire
    call = ("call_9", "find_records", '{"words": "HbA1c"}')
    server.replies.append(wire.calling(call))
    pieces, failure = await released(backend_for(asked, server.url, helpers))
    assert failure is None
    assert [piece for piece in pieces if isinstance(piece, ToolCall)] == [ToolCall(*call)]


@in_one_loop
async def test_a_message_without_look_ups(server: ModelServer, helpers: Helpers) -> None:
    plain = msgspec.structs.replace(MESSAGE, tools=(), rounds=())
    for asked in FAMILIES:
        server.replies.append(asked.family.answer("Yes", "."))
        pieces, failure = await released(backend_for(asked, server.url, helpers), plain)
        assert failure is None
        assert text_of(pieces) == "Yes."


@in_one_loop
@pytest.mark.parametrize("asked", [OPENAI, CLAUDE], ids=["openai", "anthropic"])
async def test_an_answer_that_becomes_an_error(asked: Asked, server: ModelServer, helpers: Helpers) -> None:
    reply, why = (openai_wire if asked is OPENAI else claude_wire).breaking("Your LDL")
    server.replies.append(reply)
    pieces, failure = await released(backend_for(asked, server.url, helpers))
    assert isinstance(failure, Told)
    assert failure.why is why
    assert openai_wire.SERVER_TEXT not in repr((failure.text, failure.next_step))
    assert text_of(pieces) == "Your LDL"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, openai_wire.STREAM, [b"data: nonsense\n\n"]),
        Reply(200, (*openai_wire.STREAM, ("content-encoding", "gzip")), [b"\x1f\x8b"]),
    ],
    ids=["no-json", "packed"],
)
@in_one_loop
async def test_a_reply_of_another_form(reply: Reply, server: ModelServer, helpers: Helpers) -> None:
    server.replies.append(reply)
    _, failure = await released(backend_for(OPENAI, server.url, helpers))
    assert isinstance(failure, Told)
    assert failure.why is Why.MALFORMED


@in_one_loop
async def test_stopping_closes_the_connection_and_the_helper_is_ready_again(
    server: ModelServer, helpers: Helpers
) -> None:
    backend = backend_for(OPENAI, server.url, helpers)
    shown = await gate.catch(backend, MESSAGE)
    server.replies += [openai_wire.beginning("Your LDL", hang=True), openai_wire.answer("Yes")]
    passage = gate.Releasing(gate.approve(shown), unguarded)
    async with aclosing(gate.release(backend, MESSAGE, passage)) as coming:
        assert await anext(coming) == Delta("Your LDL")
    assert await server.connections() == 1
    assert text_of((await released(backend))[0]) == "Yes"


@in_one_loop
async def test_a_server_without_a_key_gets_none(server: ModelServer, helpers: Helpers) -> None:
    server.replies.append(openai_wire.answer("Yes"))
    await released(backend_for(OPENAI, server.url, helpers, key=None))
    (received,) = server.received
    assert received.header("authorization") is None
    with pytest.raises(Told) as told:
        await gate.catch(backend_for(CLAUDE, server.url, helpers, key=None), MESSAGE)
    assert told.value.why is Why.NO_KEY


@in_one_loop
@pytest.mark.parametrize("key", ["sk-€", "sk-a\nx-other: 1"])
async def test_a_key_that_can_not_be_sent(key: str, server: ModelServer, helpers: Helpers) -> None:
    with pytest.raises(Told) as told:
        await gate.catch(backend_for(OPENAI, server.url, helpers, key=key), MESSAGE)
    assert told.value.why is Why.WRONG_KEY


@in_one_loop
async def test_what_litellm_will_not_ask_is_not_sent(server: ModelServer, helpers: Helpers) -> None:
    odd = msgspec.structs.replace(ASKED[-1], model="bedrock/meta.llama3-70b-instruct-v1:0")
    with pytest.raises(ModelFailed) as failed:
        await gate.catch(backend_for(odd, server.url, helpers), MESSAGE)
    assert "Nothing was sent" in failed.value.text


@in_one_loop
async def test_the_helper_reaches_nothing_but_the_relay(server: ModelServer, helpers: Helpers) -> None:
    async with ModelServer({}) as relay:
        call = {"model": "openai/gpt-4o", "messages": [{"role": "user", "content": "Yes?"}], "api_key": "k"}
        job = frames.Job(relay.port, {**call, "api_base": f"{server.url}/v1", "stream": True})
        async with helpers.one() as helper:
            said = [frame async for frame in helper.ask(job)]
    assert isinstance(said[0], frames.Fault)
    assert said[-1] == frames.End((("socket.connect", "127.0.0.1"),))
    assert await server.connections() == 0


@in_one_loop
async def test_each_question_has_a_helper_of_its_own_and_a_dead_one_is_not_kept(helpers: Helpers) -> None:
    async with helpers.one() as first, helpers.one() as second:
        assert first.pid != second.pid
        os.kill(second.pid, signal.SIGKILL)
        with pytest.raises(Lost):
            await anext(second.ask(frames.Job(1, {})))
    async with helpers.one() as third:
        assert third.pid == first.pid


@pytest.mark.parametrize(
    "command", [(sys.executable, "-c", "print('a' * 9)"), ("/there/is/no/such/program",)]
)
async def test_a_helper_that_can_not_be_started(
    command: tuple[str, ...], server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(litellm_process, "_COMMAND", command)
    with pytest.raises(ModelFailed) as failed:
        await gate.catch(backend_for(OPENAI, server.url, Helpers()), MESSAGE)
    assert "could not be started" in failed.value.text


@pytest.mark.parametrize(
    "model", ["gpt-4o", "vertex_ai/gemini-2.5-pro", "azure_ai/gpt-4o", "nobody/m", "openai/"]
)
def test_what_is_not_offered_says_so(model: str) -> None:
    with pytest.raises(UsageError) as wrong:
        provider_of(model)
    assert "openai" in wrong.value.next_step
