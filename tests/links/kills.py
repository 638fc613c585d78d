"""Kill a sync at every request and at every commit, then sync again and look: nothing lost, nothing doubled.

`python -m tests.links.kills` goes through every point and prints how many there were; a test goes through
some of them. The server lives in a thread of the parent; each trial forks a child that syncs and ends itself
with SIGKILL at its point.
"""

import asyncio
import os
import shutil
import signal
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import sqlmodel

from assistant.bootstrap import House
from assistant.links import keeping
from assistant.vault.paths import VaultPaths
from assistant.vault.vault import Vault
from tests.fakes.smart_server import SmartServer
from tests.links.linking import ALL, PASSPHRASE, hospital, house, hurried, linked

PAGE = 3
SEND, COMMIT = "_send", "commit"
PLACES = ("before a request", "after a request", "before a commit", "after a commit")


class Point(NamedTuple):
    """Where to end: the n-th time that this happens."""

    place: str
    n: int


class Found(NamedTuple):
    """What a child saw."""

    counts: Counter[str]
    records: int
    raws: int


class Killing:
    """Counts what happens in this process, and ends it at a point."""

    def __init__(self, point: Point | None) -> None:
        self.counts: Counter[str] = Counter()
        self._point = point

    def at(self, place: str) -> None:
        """Something happens."""
        self.counts[place] += 1
        if self._point == Point(place, self.counts[place]):
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """Hear of every request and every commit from now on; for a process that does nothing else."""
        from connectors.http import Pinned

        send, commit = getattr(Pinned, SEND), getattr(sqlmodel.Session, COMMIT)

        async def heard_send(pinned: Pinned, method: str, *arguments: Any) -> Any:
            what = "request" if method == "GET" else "form"
            self.at(f"before a {what}")
            reply = await send(pinned, method, *arguments)
            self.at(f"after a {what}")
            return reply

        def heard_commit(session: sqlmodel.Session) -> None:
            self.at("before a commit")
            commit(session)
            self.at("after a commit")

        setattr(Pinned, SEND, heard_send)
        setattr(sqlmodel.Session, COMMIT, heard_commit)


@contextmanager
def served() -> Iterator[tuple[SmartServer, Callable[[Callable[[], Awaitable[Any]]], Any]]]:
    """A clinic in a thread of its own, and a way to run something in its loop."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    clinic = hospital()

    def run(work: Callable[[], Awaitable[Any]]) -> Any:
        async def awaited() -> Any:
            return await work()

        return asyncio.run_coroutine_threadsafe(awaited(), loop).result(60)

    server: SmartServer = run(clinic.__aenter__)
    server.chart.page_size = PAGE
    try:
        yield server, run
    finally:
        run(lambda: clinic.__aexit__(None, None, None))
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def opened(home: Path) -> House:
    """The vault, opened in this process."""
    return hurried(House(Vault.unlock(VaultPaths(home), PASSPHRASE, allow_test_kdf=True)), home)


def in_child(work: Callable[[], str]) -> str | None:
    """What work says, done in a forked process; None where that was killed."""
    return in_children(work)[0]


def in_children(*works: Callable[[], str]) -> list[str | None]:
    """What each says, done in forked processes side by side; None where one was killed."""
    return [_ended(child, reading) for child, reading in [_forked(work) for work in works]]


def _forked(work: Callable[[], str]) -> tuple[int, int]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        status = 1
        try:
            os.write(writing, work().encode())
            status = 0
        except BaseException:  # noqa: BLE001 - a child has no other way to say what went wrong
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(writing)
    return child, reading


def _ended(child: int, reading: int) -> str | None:
    said = b"".join(iter(lambda: os.read(reading, 4096), b"")).decode()
    os.close(reading)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return None
    assert status == 0, "a child failed"
    return said


def syncing(home: Path, source: str, point: Point | None) -> str:
    """Sync, perhaps not to the end; then say how often each thing happened.

    No page waits for another to be kept with it, so that every run comes by the same points.
    """
    one = opened(home)
    keeping.HELD_BYTES = 0
    killing = Killing(point)
    killing.watch()
    asyncio.run(one.links.sync(source))
    return " ".join(f"{killing.counts[place]}" for place in PLACES)


def looking(home: Path) -> str:
    """How many records and resources there are, each once, in a vault that is whole."""
    one = opened(home)
    assert all(check.ok for check in one.vault.check())
    assert one.verify_ledger().ok
    with one.vault.read() as session:
        rows = session.connection().exec_driver_sql("SELECT type, rid FROM raw WHERE current = 1").fetchall()
    assert len(rows) == len(set(rows)), "a resource is there twice"
    (link,) = one.links.all()
    assert link.standing.state == "working", link.standing
    return f"{sum(one.shelf.counts().values())} {len(rows)}"


def trial(folder: Path, template: Path, source: str, point: Point | None) -> Counter[str]:
    """In a copy of a linked vault: sync until killed, sync again, look. Gives what the first sync counted,
    if it reached its end."""
    shutil.copytree(template, folder)
    said = in_child(lambda: syncing(folder, source, point))
    if said is None:
        assert in_child(lambda: syncing(folder, source, None)) is not None
    records, _ = (in_child(lambda: looking(folder)) or "").split()
    assert int(records) == ALL, f"{records} records of {ALL} after {point}"
    shutil.rmtree(folder)
    return Counter(dict(zip(PLACES, map(int, said.split()), strict=True))) if said is not None else Counter()


def trials(folder: Path, chosen: Callable[[Sequence[Point]], Sequence[Point]]) -> tuple[int, int]:
    """Run the chosen ones of all points; how many there are, and how many were run."""
    template = folder / "linked"
    with served() as (server, run):
        one = house(template)
        source = run(lambda: linked(one, server)).source
        one.vault.close()
        counts = trial(folder / "whole", template, source, None)
        every = [Point(place, n) for place in PLACES for n in range(1, counts[place] + 1)]
        picked = chosen(every)
        for number, point in enumerate(picked):
            reached = trial(folder / str(number), template, source, point)
            assert reached == Counter(), f"{point} was never reached"
    return len(every), len(picked)


def main() -> None:
    """Every point."""
    with TemporaryDirectory() as folder:
        points, run = trials(Path(folder), lambda every: every)
    sys.stdout.write(f"{run} of {points} points: nothing lost, nothing doubled\n")


if __name__ == "__main__":
    main()
