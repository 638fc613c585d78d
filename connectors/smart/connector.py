"""A linked server as a source: each planned search, page by page, and what its records refer to.

Batches come in one order whatever answers first. Each page ends in a cursor: a sync that is killed goes on
after the last page that was kept.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import msgspec

from connectors.errors import SourceInterrupted
from connectors.model import Batch, Problem, SourceInfo, SourceRecord
from connectors.smart import cursor as cursors
from connectors.smart.coverage import Coverage, State, kinds
from connectors.smart.cursor import Place
from connectors.smart.fetching import AT_ONCE, Asker, Fetching
from connectors.smart.following import Follower, Kept, Tally, nothing_kept
from connectors.smart.lanes import Lanes
from connectors.smart.plan import Plan, Planned
from connectors.smart.references import References
from connectors.smart.searches import address
from connectors.smart.walk import SearchWalk, Turn

KIND = "smart"
OVERLAP = timedelta(days=1)
"""Changes are asked for since so long before the last sync: clocks differ, and servers index late."""
BATCH_BYTES = 4 * 1024 * 1024

_T = TypeVar("_T")


class Before(msgspec.Struct, frozen=True):
    """The syncs before this one."""

    last: datetime
    """When the last one that reached its end began (`Coverage.began`)."""
    full: datetime
    """When the last one that asked for everything began."""


class Pace(msgspec.Struct, frozen=True):
    """How much at once, and how long."""

    at_once: int = AT_ONCE
    seconds: float = 1800.0
    """A sync stops after so long, and goes on from there the next time."""
    full_every: timedelta = timedelta(days=30)
    """Deletions show in a full sync only, so one is due so often."""


def _told_nobody(_: Coverage) -> None:
    return


def _now() -> datetime:
    return datetime.now(UTC)


class SmartConnector:
    """One patient's chart on one server. `told` hears what came, at the end and where it stops before."""

    def __init__(
        self,
        info: SourceInfo,
        client: Fetching,
        plan: Plan,
        patient: str,
        *,
        before: Before | None = None,
        kept: Kept = nothing_kept,
        told: Callable[[Coverage], None] = _told_nobody,
        pace: Pace | None = None,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._info = info
        self._client = client
        self._plan = plan
        self._patient = patient
        self._before = before
        self._kept = kept
        self._told = told
        self._pace = pace or Pace()
        self._now = now

    @property
    def info(self) -> SourceInfo:
        """Which source this is."""
        return self._info

    @property
    def resumes(self) -> bool:
        """Every page ends in a cursor."""
        return True

    async def read(self, cursor: str | None = None) -> AsyncGenerator[Batch, None]:
        """Yield the chart.

        Raises:
            SourceUnreadable: the cursor is of another chart, or the server can't be asked at all.
            SourceInterrupted: the server stopped answering, or the sign-in ended.
        """
        reading = _Reading(
            self._client, self._plan, self._patient, self._place(cursor), self._kept, self._pace
        )
        try:
            async with aclosing(reading.batches()) as batches:
                async for batch in batches:
                    yield batch
        finally:
            await reading.aclose()
            self._told(reading.coverage())

    def _place(self, cursor: str | None) -> Place:
        chart = cursors.chart(self._client.origin.base, self._patient)
        if cursor is not None:
            return cursors.read(cursor, chart)
        began = self._now()
        return Place(chart, began, self._since(began))

    def _since(self, began: datetime) -> datetime | None:
        """Since when changes are enough; None for everything."""
        before = self._before
        if before is None or not timedelta() <= began - before.full < self._pace.full_every:
            return None
        return before.last - OVERLAP


class _Reading:
    """One reading under way: everything that starts with it and ends with it."""

    def __init__(
        self, client: Fetching, plan: Plan, patient: str, place: Place, kept: Kept, pace: Pace
    ) -> None:
        self._plan = plan
        self._place = place
        self._ended = False
        self._deadline = asyncio.get_running_loop().time() + pace.seconds
        read = next((row for row in plan.coming if row.search.read), None)
        sure = address(read.search, "", patient) if read else None
        self._asker = Asker(client, at_once=pace.at_once, sure=sure)
        self._tally = Tally(place.followed, place.foreign, place.left)
        self._follower = Follower(self._asker, plan, kept, self._tally)
        self._rows = [row for row in plan.coming if row.search.id not in place.done]
        walks = [self._walk(row, patient, rank) for rank, row in enumerate(self._rows)]
        self._lanes = Lanes(walks, pace.at_once, lambda turn: self._follower.foresee(turn.records))

    async def aclose(self) -> None:
        """Stop everything under way."""
        await self._lanes.aclose()
        await self._follower.aclose()

    def coverage(self) -> Coverage:
        """What came so far."""
        place = self._place
        outcomes = {name: cursors.outcome(one) for name, one in place.done.items()}
        rows = kinds(self._plan.rows, outcomes)
        changes = any(kind.outcome.state is State.CHANGES for kind in rows)
        since = place.since if changes else None
        tally = self._tally
        return Coverage(rows, place.began, since, self._ended, tally.followed, tally.foreign, tally.left)

    async def batches(self) -> AsyncGenerator[Batch, None]:
        """Every page with what its records refer to."""
        async with aclosing(self._lanes.turns()) as turns:
            while (step := await self._in_time(anext(turns, None))) is not None:
                number, turn, refers = step
                async with aclosing(self._page(self._rows[number], turn, refers)) as batches:
                    async for batch in batches:
                        yield batch
        self._ended = True

    async def _page(self, row: Planned, turn: Turn, refers: References) -> AsyncGenerator[Batch, None]:
        held: list[SourceRecord] = list(turn.records)
        problems: list[Problem] = list(turn.problems)
        size = turn.size
        async with aclosing(self._follower.collect(turn.records, refers)) as found:
            while (item := await self._in_time(anext(found, None))) is not None:
                if isinstance(item, Problem):
                    problems.append(item)
                    continue
                if size > BATCH_BYTES:
                    yield self._batch(row, held, (), None)
                    held, size = [], 0
                held.append(item)
                size += len(item.body)
        self._place = self._after(row, turn)
        yield self._batch(row, held, problems, cursors.write(self._place))

    async def _in_time(self, work: Awaitable[_T]) -> _T:
        try:
            async with asyncio.timeout_at(self._deadline):
                return await work
        except TimeoutError:
            raise SourceInterrupted(
                "The sync takes long",
                "There is more to fetch than fits into one sync.",
                "Start the sync again: it goes on where this one stopped.",
            ) from None

    def _after(self, row: Planned, turn: Turn) -> Place:
        place, tally = self._place, self._tally
        done, after = place.done, turn.after
        if turn.outcome is not None:
            done = done | {row.search.id: cursors.done(turn.outcome)}
        return Place(
            chart=place.chart,
            began=place.began,
            since=place.since,
            done=done,
            at=row.search.id if after else None,
            after=after,
            turns=place.turns + 1,
            followed=tally.followed,
            foreign=tally.foreign,
            left=tally.left,
        )

    def _batch(
        self, row: Planned, records: Sequence[SourceRecord], problems: Sequence[Problem], cursor: str | None
    ) -> Batch:
        kind = "FHIR resource" if row.search.read else "FHIR Bundle"
        return Batch(
            part=row.search.part,
            format=kind,
            records=tuple(records),
            problems=tuple(problems),
            done=self._place.turns,
            cursor=cursor,
        )

    def _walk(self, row: Planned, patient: str, rank: int) -> SearchWalk:
        place = self._place
        since = place.since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if place.since else ""
        start = place.after if place.at == row.search.id else None
        return SearchWalk(self._asker, row, patient, rank, since=since, start=start)
