"""A server of tools as a source: each question of its plan, window by window.

Each answer ends in a cursor: a sync that is killed goes on after the last one that was kept.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from datetime import UTC, date, datetime

import msgspec

from connectors.mcp import cursor as cursors
from connectors.mcp import windows
from connectors.mcp.cursor import At, Place
from connectors.mcp.errors import ToolFailed
from connectors.mcp.reach import Reach
from connectors.mcp.reader import Answer, Asking, Reader
from connectors.mcp.talk import Talk
from connectors.mcp.windows import Window
from connectors.model import Batch, SourceInfo
from connectors.net_errors import BadReply
from connectors.smart.connector import Pace
from connectors.smart.coverage import Coverage, Kind, Outcome, State
from connectors.smart.cursor import done, outcome

KIND = "mcp"
LEFT_OUT = "{:,} of its rows could not be read for certain, so they are missing."
WAITING = "This was not reached yet."


def _told_nobody(_: Coverage) -> None:
    return


def _now() -> datetime:
    return datetime.now(UTC)


class McpConnector:
    """What one server tells about whoever signed in. `told` hears what came, at the end and where it stops
    before."""

    def __init__(
        self,
        info: SourceInfo,
        reach: Reach,
        reader: Reader,
        *,
        told: Callable[[Coverage], None] = _told_nobody,
        pace: Pace | None = None,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._info = info
        self._reach = reach
        self._reader = reader
        self._told = told
        self._pace = pace or Pace()
        self._now = now

    @property
    def info(self) -> SourceInfo:
        """Which source this is."""
        return self._info

    @property
    def resumes(self) -> bool:
        """Every answer ends in a cursor."""
        return True

    async def read(self, cursor: str | None = None) -> AsyncGenerator[Batch, None]:
        """Yield what the server tells.

        Raises:
            SourceUnreadable: the cursor is of another server, its tools are not what was approved, or it
                can't be asked at all.
            SourceInterrupted: the server stopped answering.
            SignInNeeded: the sign-in ended.
        """
        source = cursors.source(self._reach.address)
        place = Place(source, self._now()) if cursor is None else cursors.read(cursor, source)
        reading = _Reading(self._reach, self._reader, place, self._pace, self._now().date())
        try:
            await reading.begin()
            for asking in reading.open:
                while asking.id not in reading.place.done:
                    yield await reading.turn(asking)
            reading.ended = True
        finally:
            await reading.aclose()
            self._told(reading.coverage())


class _Reading:
    """One reading under way: everything that starts with it and ends with it."""

    def __init__(self, reach: Reach, reader: Reader, place: Place, pace: Pace, today: date) -> None:
        self.place = place
        self.ended = False
        self._reader = reader
        self._talk = Talk(reach, asyncio.get_running_loop().time() + pace.seconds)
        self._address = reach.address
        self._today = today
        self._plan: tuple[Asking, ...] = ()
        self._seen: set[str] = set(place.after.edge) if place.after else set()

    async def aclose(self) -> None:
        """End the conversation."""
        await self._talk.aclose()

    async def begin(self) -> None:
        """See what the server offers, and plan."""
        self._plan = self._reader.plan(self._address, await self._talk.tools())

    @property
    def open(self) -> list[Asking]:
        """What is still to be asked."""
        return [asking for asking in self._plan if not asking.text and asking.id not in self.place.done]

    def coverage(self) -> Coverage:
        """What came so far."""
        return Coverage(tuple(map(self._kind, self._plan)), self.place.began, None, self.ended)

    async def turn(self, asking: Asking) -> Batch:
        """Ask once, and note what came and where to go on."""
        at = self.place.after if self.place.at == asking.id else None
        if at is None:
            at = At(Window(), 0, 0, "")
            self._seen = set()
        arguments: Mapping[str, int | str] = dict(asking.arguments)
        if asking.windowed:
            arguments = at.window.arguments
        try:
            text = await self._talk.call(asking.tool, arguments)
        except (ToolFailed, BadReply) as error:
            return self._failed(asking, at, error)
        return self._took(asking, at, self._reader.read(asking, text))

    def _took(self, asking: Asking, at: At, answer: Answer) -> Batch:
        new = []
        for item in answer.items:
            name = _short(item.record.id)
            if name not in self._seen:
                self._seen.add(name)
                new.append(item.record)
        following = windows.NextWindow(None)
        if asking.windowed:
            following = windows.after(at.window, answer.around, answer.days, self._today)
        elif windows.more(answer.around):
            following = windows.NextWindow(None, windows.NO_PROGRESS)
        now = At(
            following.window or at.window,
            at.came + len(new),
            at.left_out + answer.left_out,
            following.problem or answer.short or at.short,
            _edge(answer, following.window),
        )
        self._go_on(asking, now, ended=following.window is None)
        return Batch(
            part=asking.id,
            format=self._reader.format,
            records=tuple(new),
            problems=answer.problems,
            done=self.place.turns,
            cursor=cursors.write(self.place),
        )

    def _failed(self, asking: Asking, at: At, error: ToolFailed | BadReply) -> Batch:
        if at.window.number > 1:
            state = State.PART
        elif isinstance(error, BadReply) and error.status == 403:
            state = State.REFUSED
        else:
            state = State.FAILED
        self._finish(asking, Outcome(state, at.came, text=error.text))
        return Batch(
            part=asking.id,
            format=self._reader.format,
            done=self.place.turns,
            cursor=cursors.write(self.place),
        )

    def _go_on(self, asking: Asking, now: At, *, ended: bool) -> None:
        if ended:
            text = now.short or (LEFT_OUT.format(now.left_out) if now.left_out else "")
            self._finish(asking, Outcome(State.PART if text else State.ALL, now.came, text=text))
        else:
            self.place = msgspec.structs.replace(
                self.place, at=asking.id, after=now, turns=self.place.turns + 1
            )

    def _finish(self, asking: Asking, came: Outcome) -> None:
        self.place = msgspec.structs.replace(
            self.place,
            done=self.place.done | {asking.id: done(came)},
            at=None,
            after=None,
            turns=self.place.turns + 1,
        )

    def _kind(self, asking: Asking) -> Kind:
        came = self.place.done.get(asking.id)
        if asking.text:
            said = Outcome(State.LEFT, text=asking.text)
        else:
            said = outcome(came) if came else Outcome(State.WAITING, text=WAITING)
        return Kind(asking.id, asking.name, asking.category, said)


def _short(id_: str | None) -> str:
    return (id_ or "")[:19]


def _edge(answer: Answer, window: Window | None) -> tuple[str, ...]:
    """The records that the next window may repeat: those of its last day, and those without a date."""
    if window is None or window.before is None:
        return ()
    day = window.before.isoformat()
    names = [_short(item.record.id) for item in answer.items if not item.day or item.day[:10] <= day]
    return tuple(dict.fromkeys(names))[: cursors.MOST_EDGE]
