"""What is kept together, and what of a source that fails."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Sequence

import pytest

from assistant.links.keeping import keep_beside
from connectors.errors import SourceInterrupted
from connectors.model import Batch, SourceInfo


class Stopping:
    """Gives three pages with a cursor and one without, then fails."""

    info = SourceInfo("file", "/a", "a")
    resumes = True

    def __init__(self, given: threading.Event) -> None:
        self._given = given

    async def read(self, cursor: str | None = None) -> AsyncGenerator[Batch, None]:
        for number in range(1, 4):
            yield Batch("a", "FHIR Bundle", done=number, cursor=f"c{number}")
        yield Batch("a", "FHIR Bundle", done=4)
        self._given.set()
        raise SourceInterrupted("It stopped", "The server is gone.", "Try again.")


def test_what_comes_while_a_page_is_kept_is_kept_with_one_commit_up_to_the_last_cursor() -> None:
    given = threading.Event()
    kept: list[list[int]] = []
    told: list[int] = []

    def keep(batches: Sequence[Batch]) -> None:
        assert given.wait(30)
        kept.append([batch.done for batch in batches])

    with pytest.raises(SourceInterrupted):
        asyncio.run(keep_beside(Stopping(given), None, keep, lambda batch: told.append(batch.done)))
    assert kept == [[1], [2, 3]]
    assert told == [1, 2, 3]


def test_what_could_not_be_kept_ends_the_reading() -> None:
    def keep(batches: Sequence[Batch]) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        asyncio.run(keep_beside(Stopping(threading.Event()), None, keep, lambda batch: None))
