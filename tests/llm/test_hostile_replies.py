"""Whatever a server answers: the app ends in words of its own, soon, and nothing more leaves.

The replies are made in `tests.llm.hostile`; each is given to the adapter that speaks its protocol.
"""

import asyncio
import time
from functools import cache

import msgspec
import pytest

from assistant.errors import ModelFailed
from assistant.llm import crossing, gate, over_httpx, over_httpx2
from assistant.llm.base import Delta, Notice, Piece, Usage
from assistant.llm.failures import Told, Why
from assistant.llm.tls import tls_context
from assistant.safe_text import safe_text
from assistant.sharing.model import ToolCall
from assistant.tui.markdown import Markdown
from tests.fakes.model_server import ModelServer
from tests.llm import hostile
from tests.llm.conftest import CASES, KEY, MESSAGE, Case, released, text_of

SECONDS = 5.0
"""For one reply, of which the largest has `MOST_BYTES`."""

MOST_BYTES = 512 * 1024
"""In these tests, so that replies without end have an early one."""

FLOODS = ("comments-in-one-event", "comments-in-one-event-cr", "blank", "tiny-chunks")

ASKED = msgspec.structs.replace(MESSAGE, history=(), facts=(), tools=(), rounds=())

MARKDOWN = Markdown()

UNUSED_TLS = cache(tls_context)
"""Made once: it takes longer than all the rest, and none of these servers has TLS."""

REPLIES = [
    pytest.param(case, name, id=f"{case.name}-{name}") for case in CASES for name in hostile.cases(case.name)
]


def test_there_are_many() -> None:
    assert all(len(hostile.cases(case.name)) >= 200 for case in CASES)


@pytest.mark.parametrize(("case", "name"), REPLIES)
async def test_a_hostile_reply_is_survived(
    case: Case,
    name: str,
    server: ModelServer,
    elsewhere: ModelServer,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(crossing, "MOST_BYTES", MOST_BYTES)
    for library in (over_httpx, over_httpx2):
        monkeypatch.setattr(library, "tls_context", UNUSED_TLS)
    backend = case.backend(server.url)
    shown = await gate.catch(backend, ASKED)
    server.replies.append(hostile.aimed(hostile.cases(case.name)[name], elsewhere.port))
    began = time.monotonic()
    async with asyncio.timeout(SECONDS):
        pieces, failure = await released(backend, ASKED, approval=gate.approve(shown))
    assert time.monotonic() - began < SECONDS
    assert failure is None or isinstance(failure, ModelFailed)
    _is_well_formed(pieces)
    _is_harmless_on_a_screen(text_of(pieces))
    if failure is not None:
        assert "evil" not in failure.title + failure.text + failure.next_step
    assert await server.connections() == 1
    assert [request.sha256 for request in server.received] == [shown.sha256]
    assert server.refused == []
    assert await elsewhere.connections() == 0
    assert capfd.readouterr() == ("", "")


def _is_well_formed(pieces: list[Piece]) -> None:
    """Each piece is of the types that it says, so that nothing after the adapter has to look again."""
    for piece in pieces:
        assert isinstance(piece, Delta | Notice | Usage | ToolCall)
        assert msgspec.convert(msgspec.to_builtins(piece), type(piece)) == piece
    assert KEY not in repr(pieces)


def _is_harmless_on_a_screen(text: str) -> None:
    """Drawn as an answer is: no escape is left to act, no link to open, no action to run."""
    content = MARKDOWN.draw(text)
    assert safe_text(content.plain) == content.plain
    assert not any(mark in str(span.style) for span in content.spans for mark in ("link", "@", "://"))


@pytest.mark.parametrize("flood", FLOODS)
async def test_a_flood_ends_soon_at_its_full_length(case: Case, flood: str, server: ModelServer) -> None:
    server.replies.append(hostile.cases(case.name)[f"endless-{flood}"])
    began = time.monotonic()
    _, failure = await released(case.backend(server.url))
    assert isinstance(failure, Told)
    assert failure.why is Why.MALFORMED
    assert time.monotonic() - began < SECONDS


async def test_a_long_answer_is_not_taken_for_a_flood(case: Case, server: ModelServer) -> None:
    words = [f"word{at} " for at in range(4000)]
    server.replies.append(case.wire.answer(*words))
    pieces, failure = await released(case.backend(server.url))
    assert failure is None
    assert text_of(pieces) == "".join(words)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, gzip"])
async def test_a_packed_reply_is_not_unpacked(case: Case, coding: str, server: ModelServer) -> None:
    for status in (200, 400):
        server.replies.append(hostile.cases(case.name)[f"packed-{coding}-{status}"])
        pieces, failure = await released(case.backend(server.url))
        assert pieces == []
        assert isinstance(failure, Told)
        assert failure.why is Why.MALFORMED
