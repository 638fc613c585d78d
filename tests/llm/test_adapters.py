"""What holds for every adapter: what is shown is what is sent, and every end has its name."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from assistant.errors import Refused
from assistant.llm import crossing, gate
from assistant.llm.base import Delta, Notice, Usage
from assistant.llm.failures import Told, Why
from assistant.llm.litellm_process import shared_helpers
from assistant.sharing.model import ToolCall
from tests.fakes.model_server import ModelServer, Reply
from tests.llm.conftest import (
    CASES,
    CHECKS,
    KEY,
    MESSAGE,
    THROUGH_LITELLM,
    Case,
    as_shown,
    released,
    self_signed,
    text_of,
    unguarded,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")
"""One loop for all: the process that litellm runs in is kept from one message to the next."""


@pytest.fixture(params=(*CASES, THROUGH_LITELLM), ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Case:
    """Each adapter in turn."""
    chosen = request.param
    assert isinstance(chosen, Case)
    return chosen


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def helpers() -> AsyncGenerator[None, None]:
    """Ends what litellm left running."""
    yield
    await shared_helpers().aclose()


@pytest_asyncio.fixture(loop_scope="module")
async def server() -> AsyncGenerator[ModelServer, None]:
    """The server that messages are approved for."""
    async with ModelServer(CHECKS) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def elsewhere() -> AsyncGenerator[ModelServer, None]:
    """A server that nothing was approved for."""
    async with ModelServer(CHECKS) as running:
        yield running


RETRY_COUNT = "x-stainless-retry-count"


def once_only(case: Case) -> None:
    """The rules for sending again hold for those who do."""
    if not case.asks_again:
        pytest.skip("the relay takes one request and no second: test_relay")


async def test_catching_sends_nothing(case: Case, server: ModelServer) -> None:
    shown = await gate.catch(case.backend(server.url), MESSAGE)
    assert MESSAGE.question.encode() in shown.body
    assert await server.connections() == 0


async def test_the_same_message_gives_the_same_bytes(case: Case, server: ModelServer) -> None:
    first = await gate.catch(case.backend(server.url), MESSAGE)
    second = await gate.catch(case.backend(server.url), MESSAGE)
    assert first == second


async def test_what_is_shown_is_what_arrives(case: Case, server: ModelServer) -> None:
    server.replies.append(case.wire.answer("It fell ", "to 96."))
    backend = case.backend(server.url)
    shown = await gate.catch(backend, MESSAGE)
    pieces, failure = await released(backend, approval=gate.approve(shown), retries=gate.RETRIES)
    assert failure is None
    assert text_of(pieces) == "It fell to 96."
    assert pieces[-1] == Usage(input=10, output=9)
    (received,) = server.received
    assert await server.connections() == 1
    assert received.sha256 == shown.sha256
    arrived = msgspec.structs.replace(
        as_shown(received, case.secret, server.url), destination=shown.destination
    )
    assert arrived == shown
    assert received.header("content-length") == str(len(shown.body))
    assert server.refused == []


async def test_the_key_is_never_shown_and_arrives_once(case: Case, server: ModelServer) -> None:
    server.replies.append(case.wire.answer("Yes."))
    backend = case.backend(server.url)
    shown = await gate.catch(backend, MESSAGE)
    assert KEY not in repr(shown)
    assert KEY.encode() not in shown.body
    await released(backend)
    (received,) = server.received
    assert repr(received).count(KEY) == 1
    assert received.header(case.secret[0]) == case.secret[1]


async def test_a_key_in_the_message_itself_is_not_hidden_from_the_one_who_approves(
    case: Case, server: ModelServer
) -> None:
    asked = msgspec.structs.replace(MESSAGE, question=f"Is {KEY} a key?")
    shown = await gate.catch(case.backend(server.url), asked)
    assert KEY.encode() in shown.body


async def test_a_server_may_ask_for_the_same_bytes_again(case: Case, server: ModelServer) -> None:
    once_only(case)
    for again in case.wire.asked_again():
        server.received.clear()
        server.replies.extend([again, case.wire.answer("Now.")])
        backend = case.backend(server.url)
        shown = await gate.catch(backend, MESSAGE)
        pieces, failure = await released(backend, retries=gate.RETRIES)
        assert failure is None
        assert text_of(pieces) == "Now."
        first, second = server.received
        assert first.sha256 == second.sha256 == shown.sha256
        assert [name for name, _ in first.headers] == [name for name, _ in second.headers]
        differ = {
            name.lower() for (name, a), (_, b) in zip(first.headers, second.headers, strict=True) if a != b
        }
        assert differ == {RETRY_COUNT}


async def test_a_server_is_not_asked_for_ever(case: Case, server: ModelServer) -> None:
    once_only(case)
    again = case.wire.asked_again()[0]
    server.replies.extend([again] * 9)
    _, failure = await released(case.backend(server.url), retries=gate.RETRIES)
    assert isinstance(failure, Told)
    assert failure.why is Why.RATE_LIMIT
    assert len(server.received) == gate.RETRIES + 1
    assert len({request.sha256 for request in server.received}) == 1


@pytest.mark.parametrize(
    "wait",
    [
        ("retry-after", "3600"),
        ("retry-after", "Wed, 01 Jan 2098 00:00:00 GMT"),
        ("retry-after", "1e9"),
        ("retry-after", "inf"),
        ("retry-after-ms", "99999999"),
    ],
    ids=" ".join,
)
async def test_a_server_can_not_keep_anyone_waiting(
    case: Case, server: ModelServer, wait: tuple[str, str]
) -> None:
    once_only(case)
    reply = msgspec.structs.replace(case.wire.asked_again()[0], headers=(wait, ("x-should-retry", "true")))
    server.replies.extend([reply] * 3)
    async with asyncio.timeout(5):
        _, failure = await released(case.backend(server.url), retries=gate.RETRIES)
    assert isinstance(failure, Told)
    assert failure.why is Why.RATE_LIMIT
    assert ("60 minutes" in failure.next_step) == (wait[1] == "3600")


async def test_a_message_that_changed_is_refused(case: Case, server: ModelServer) -> None:
    backend = case.backend(server.url)
    approval = gate.approve(await gate.catch(backend, MESSAGE))
    changed = (
        msgspec.structs.replace(MESSAGE, question="And my weight?"),
        msgspec.structs.replace(MESSAGE, items=MESSAGE.items[:1]),
        msgspec.structs.replace(MESSAGE, tools=()),
    )
    for other in changed:
        pieces, failure = await released(backend, other, approval=approval)
        assert isinstance(failure, Refused)
        assert pieces == []
    assert await server.connections() == 0


async def test_an_approval_is_for_one_address(
    case: Case, server: ModelServer, elsewhere: ModelServer
) -> None:
    approval = gate.approve(await gate.catch(case.backend(server.url), MESSAGE))
    pieces, failure = await released(case.backend(elsewhere.url), approval=approval, retries=gate.RETRIES)
    assert isinstance(failure, Refused)
    assert pieces == []
    assert await server.connections() == await elsewhere.connections() == 0


async def test_what_is_taken_back_at_the_last_moment_does_not_leave(case: Case, server: ModelServer) -> None:
    class TakenBack(AbstractAsyncContextManager[None]):
        async def __aenter__(self) -> None:
            raise Refused("Lab results are no longer shared.", "Ask again.")

        async def __aexit__(self, *_: object) -> None:
            raise AssertionError

    server.replies.append(case.wire.answer("Yes."))
    pieces, failure = await released(case.backend(server.url), leaving=TakenBack, retries=gate.RETRIES)
    assert isinstance(failure, Refused)
    assert failure.text == "Lab results are no longer shared."
    assert pieces == []
    await server.connections()
    assert server.bytes_in == 0


async def test_what_is_granted_is_held_only_while_the_bytes_leave(case: Case, server: ModelServer) -> None:
    told: list[str] = []

    @asynccontextmanager
    async def leaving() -> AsyncGenerator[None, None]:
        told.append(f"held with {server.bytes_in} bytes there")
        yield
        told.append("let go")

    server.replies.append(case.wire.beginning("It fell", hang=True))
    backend = case.backend(server.url)
    approval = gate.approve(await gate.catch(backend, MESSAGE))
    async with aclosing(gate.release(backend, MESSAGE, gate.Releasing(approval, leaving))) as coming:
        assert await anext(coming) == Delta("It fell")
        assert told == ["held with 0 bytes there", "let go"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(
    case: Case, server: ModelServer, elsewhere: ModelServer, status: int
) -> None:
    location = ("location", elsewhere.url + case.wire.PATH)
    server.replies.append(Reply(status, (location,), [b"moved"]))
    pieces, failure = await released(case.backend(server.url), retries=gate.RETRIES)
    assert isinstance(failure, Told)
    assert failure.why is Why.REDIRECT
    assert pieces == []
    assert len(server.received) == 1
    assert await elsewhere.connections() == 0


FAILURES = [
    pytest.param(case, name, id=f"{case.name}-{name}")
    for case in (*CASES, THROUGH_LITELLM)
    for name in case.wire.failures()
]


@pytest.mark.parametrize(("case", "name"), FAILURES)
async def test_every_failure_has_its_name(case: Case, name: str, server: ModelServer) -> None:
    reply, why = case.wire.failures()[name]
    server.replies.append(reply)
    pieces, failure = await released(case.backend(server.url))
    assert isinstance(failure, Told)
    assert failure.why is why
    assert pieces == []
    said = failure.title + failure.text + failure.next_step + str(failure)
    assert case.wire.SERVER_TEXT not in said
    assert "127.0.0.1" not in said
    assert ("7 seconds" in failure.next_step) == (("retry-after", "7") in reply.headers)


@pytest.mark.parametrize("code", [[], {}, {"a": []}, 3.5, True, None, "overloaded" * 1000])
async def test_an_error_code_of_another_form_is_no_code(
    case: Case, server: ModelServer, code: object
) -> None:
    body = json.dumps({"error": {"code": code, "type": code, "message": [code]}}).encode()
    server.replies.append(Reply(500, (("content-type", "application/json"),), [body]))
    _, failure = await released(case.backend(server.url))
    assert isinstance(failure, Told)
    assert failure.why is Why.BROKEN


async def test_a_server_that_is_not_there(case: Case) -> None:
    async with ModelServer(CHECKS) as gone:
        url = gone.url
    _, failure = await released(case.backend(url))
    assert isinstance(failure, Told)
    assert failure.why is Why.NETWORK


async def test_a_server_that_says_nothing(
    case: Case, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crossing, "IDLE_SECONDS", 0.2)
    server.replies.append(case.wire.beginning("It fell", hang=True))
    pieces, failure = await released(case.backend(server.url))
    assert isinstance(failure, Told)
    assert failure.why is Why.TIMEOUT
    assert text_of(pieces) == "It fell"


async def test_without_a_key(case: Case, server: ModelServer) -> None:
    backend = case.backend(server.url, key=None)
    if case.needs_key:
        with pytest.raises(Told) as caught:
            await gate.catch(backend, MESSAGE)
        assert caught.value.why is Why.NO_KEY
    elif case.needs_key is not None:
        server.replies.append(case.wire.answer("Yes."))
        assert (await released(backend))[1] is None


async def test_an_answer_that_breaks_off(case: Case, server: ModelServer) -> None:
    for cut in (True, False):
        server.replies.append(case.wire.beginning("It fell ", "to", cut=cut))
        pieces, failure = await released(case.backend(server.url))
        assert text_of(pieces) == "It fell to"
        assert isinstance(failure, Told)
        assert failure.why is Why.CUT


async def test_an_answer_that_becomes_an_error(case: Case, server: ModelServer) -> None:
    reply, why = case.wire.breaking("It fell ", "to")
    server.replies.append(reply)
    pieces, failure = await released(case.backend(server.url), retries=gate.RETRIES)
    assert text_of(pieces) == "It fell to"
    assert isinstance(failure, Told)
    assert failure.why is why
    assert case.wire.SERVER_TEXT not in failure.title + failure.text + failure.next_step
    assert len(server.received) == 1


async def test_why_an_answer_stopped_is_told(case: Case, server: ModelServer) -> None:
    for reply, notice in case.wire.stopping():
        server.replies.append(reply)
        pieces, failure = await released(case.backend(server.url))
        assert failure is None
        assert Notice(notice) in pieces
        assert text_of(pieces) == "Your LDL"


async def test_citations_are_numbers_of_records(case: Case, server: ModelServer) -> None:
    server.replies.append(case.wire.cited("Your LDL is 96 mg/dL.", 1, 3))
    pieces, failure = await released(case.backend(server.url))
    assert failure is None
    assert text_of(pieces) == "Your LDL is 96 mg/dL. [1][3]"


async def test_look_ups_are_passed_on(case: Case, server: ModelServer) -> None:
    calls = (("call_3", "find_records", '{"words": "HDL — fasting"}'), ("call_4", "other", "{}"))
    server.replies.append(case.wire.calling(*calls))
    pieces, failure = await released(case.backend(server.url))
    assert failure is None
    assert [piece for piece in pieces if isinstance(piece, ToolCall)] == [ToolCall(*call) for call in calls]


async def test_stopping_closes_the_connection(case: Case, server: ModelServer) -> None:
    server.replies.append(case.wire.beginning("It fell", hang=True))
    backend = case.backend(server.url)
    approval = gate.approve(await gate.catch(backend, MESSAGE))
    coming = gate.release(backend, MESSAGE, gate.Releasing(approval, unguarded))
    assert await anext(coming) == Delta("It fell")
    await coming.aclose()
    assert await server.connections() == 1
    assert not server.go.is_set()


async def test_a_server_that_can_not_prove_who_it_is(case: Case, tmp_path: Path) -> None:
    async with ModelServer(CHECKS, tls=self_signed(tmp_path)) as server:
        pieces, failure = await released(case.backend(server.url))
        assert isinstance(failure, Told)
        assert failure.why is Why.CERTIFICATE
        assert pieces == []
        assert server.bytes_in == 0
