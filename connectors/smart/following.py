"""Fetching what records refer to: each thing once, two steps deep, in the same order every time.

Requests run ahead of the order in which records are handed over; what is handed over, and with which page,
does not depend on which answer came first.
"""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncGenerator, Iterable, Sequence
from hashlib import sha256
from typing import Protocol

import msgspec

from connectors.http import FHIR_JSON
from connectors.model import Problem, SourceRecord
from connectors.reply import Reply
from connectors.smart.fetching import AT_ONCE, Asker, Failed
from connectors.smart.paging import single
from connectors.smart.plan import Plan
from connectors.smart.references import ATTACHMENT_BYTES, References, Referring, Wanted

DEPTH = 2
MOST = 5000
"""Things followed in one sync at most."""
STRIKES = 3
"""A type is no longer asked for after so many refusals and no success."""
RANK = 1_000
"""Behind every page."""
_WORDS = {
    "Binary": "notes or other attachments",
    "Location": "places",
    "Medication": "medicines",
    "Observation": "results",
    "Organization": "organizations",
    "Practitioner": "clinicians",
    "PractitionerRole": "clinicians' roles",
    "Specimen": "samples",
}
HELD_BYTES = 16 * 1024 * 1024
"""No more attachments are asked for ahead while so many bytes of them wait."""
NEVER = 1_000_000


class Kept(Protocol):
    """What the caller holds already."""

    def __call__(self, type_: str, id_: str, /) -> bool:
        """Whether it holds this resource of this source, so that it need not be fetched again."""


def nothing_kept(_type: str, _id: str, /) -> bool:
    """The caller holds nothing."""
    return False


class Tally(msgspec.Struct):
    """Counts of one sync."""

    followed: int = 0
    foreign: int = 0
    left: int = 0


class Follower:
    """Follows the references of one reading."""

    def __init__(self, asker: Asker, plan: Plan, kept: Kept, tally: Tally) -> None:
        self._asker = asker
        self._plan = plan
        self._kept = kept
        self.tally = tally
        self._referring = Referring(asker.origin)
        self._own_search = frozenset(row.search.type for row in plan.coming)
        self._given: set[str] = set()
        self._tasks: dict[str, asyncio.Task[SourceRecord | Failed]] = {}
        self._large: deque[Wanted] = deque()
        """Attachments foreseen and not asked for yet."""
        self._large_tasks = 0
        self._large_bytes = 0
        self._strikes: Counter[str] = Counter()

    async def aclose(self) -> None:
        """Stop everything under way."""
        tasks = list(self._tasks.values())
        self._large.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def foresee(self, records: Iterable[SourceRecord]) -> References:
        """Start on what is sure to be needed for records that will be handed over later."""
        refers = self._referring.read(records)
        self._foresee(refers, 1)
        return refers

    async def collect(
        self, records: Sequence[SourceRecord], refers: References
    ) -> AsyncGenerator[SourceRecord | Problem, None]:
        """What these records refer to and nothing before them did, in their order; then what went wrong.

        Raises:
            SourceInterrupted: the server as a whole stopped answering.
        """
        for record in records:
            self._give(f"{record.type}/{record.id}")
        missing = Counter[tuple[str, str]]()
        foreign = left = 0
        for depth in range(1, DEPTH + 1):
            foreign, left = foreign + refers.foreign, left + refers.left
            steps: list[SourceRecord] = []
            async for wanted, got in self._fetched(self._limited(refers.wanted, missing), depth):
                if isinstance(got, Failed):
                    missing[wanted.type, got.text] += 1
                    continue
                self.tally.followed += 1
                steps.append(got)
                yield got
            refers = self._referring.read(steps)
        self.tally.foreign += foreign
        self.tally.left += left + sum(count for (type_, _), count in missing.items() if type_ == "Binary")
        for problem in _problems(missing, foreign, left):
            yield problem

    def _limited(self, found: Sequence[Wanted], missing: Counter[tuple[str, str]]) -> list[Wanted]:
        """What is not here yet and may be fetched, each once."""
        chosen: dict[str, Wanted] = {}
        for wanted in found:
            if not self._is_open(wanted):
                continue
            if not self._plan.may_read(wanted.type):
                missing[wanted.type, "This sign-in does not allow it."] += 1
                self._give(wanted.key)
            elif self.tally.followed + len(chosen) >= MOST:
                missing[wanted.type, f"More than {MOST:,} things are referred to; these were left."] += 1
            else:
                chosen[wanted.key] = wanted
        return list(chosen.values())

    async def _fetched(
        self, chosen: list[Wanted], depth: int
    ) -> AsyncGenerator[tuple[Wanted, SourceRecord | Failed], None]:
        """Fetch these, and hand them over in this order."""
        for one in chosen:
            if not one.media:
                self._start(one, depth)
        self._large.extendleft(one for one in reversed(chosen) if one.media)
        for wanted in chosen:
            self._start_large()
            self._start(wanted, depth)
            got = await self._tasks[wanted.key]
            self._give(wanted.key)
            yield wanted, got

    def _foresee(self, refers: References, depth: int) -> None:
        for wanted in refers.wanted:
            if wanted.type in self._own_search or not self._is_open(wanted):
                continue
            if wanted.media:
                self._large.append(wanted)
            else:
                self._start(wanted, depth)
        self._start_large()

    def _is_open(self, wanted: Wanted) -> bool:
        if wanted.key in self._given:
            return False
        type_, _, id_ = wanted.key.partition("/")
        if self._kept(type_, id_):
            self._give(wanted.key)
            return False
        return True

    def _give(self, key: str) -> None:
        """This is handed over, or never will be."""
        self._given.add(key)
        task = self._tasks.pop(key, None)
        if task is None:
            return
        if not task.done():
            task.cancel()
        elif key.startswith("Binary/") and isinstance(got := task.result(), SourceRecord):
            self._large_bytes -= len(got.body)

    def _start_large(self) -> None:
        """Have some attachments on their way, while not too many bytes of them wait."""
        while self._large and self._large_tasks < AT_ONCE and self._large_bytes < HELD_BYTES:
            wanted = self._large.popleft()
            if self._is_open(wanted):
                self._start(wanted, 1)

    def _start(self, wanted: Wanted, depth: int) -> None:
        if wanted.key not in self._tasks and self._plan.may_read(wanted.type):
            work = self._fetch_large(wanted) if wanted.media else self._fetch(wanted, depth)
            self._large_tasks += wanted.media != ""
            self._tasks[wanted.key] = asyncio.create_task(work)

    async def _fetch_large(self, wanted: Wanted) -> SourceRecord | Failed:
        try:
            got = await self._fetch(wanted, DEPTH)
        finally:
            self._large_tasks -= 1
        self._large_bytes += len(got.body) if isinstance(got, SourceRecord) else 0
        self._start_large()
        return got

    async def _fetch(self, wanted: Wanted, depth: int) -> SourceRecord | Failed:
        if self._strikes[wanted.type] >= STRIKES:
            return Failed("The provider refused this.", 403)
        reply = await self._asker.ask(wanted.key, RANK, _accept(wanted))
        got = _record(wanted, reply, self._asker.origin.host)
        if isinstance(got, Failed):
            self._strikes[wanted.type] += got.status in (401, 403)
            return got
        self._strikes[wanted.type] = -NEVER
        if depth < DEPTH:
            self._foresee(self._referring.read((got,)), depth + 1)
        return got


def _accept(wanted: Wanted) -> str:
    if not wanted.media:
        return FHIR_JSON
    return f"{FHIR_JSON}, {wanted.media};q=0.9, */*;q=0.1"


def _record(wanted: Wanted, reply: Reply | Failed, host: str) -> SourceRecord | Failed:
    if isinstance(reply, Failed):
        return reply
    if not wanted.media or (reply.is_json and not wanted.media.endswith("json")):
        found = single(reply, wanted.type, host)
        return found if isinstance(found, Failed) else msgspec.structs.replace(found, at=wanted.key)
    if len(reply.body) > ATTACHMENT_BYTES:
        return Failed("It is larger than one attachment may be.")
    if not reply.body:
        return Failed("It is empty.")
    if reply.is_web_page and "html" not in wanted.media:
        return Failed("The provider answered with a web page instead of it.")
    media = reply.media or wanted.media
    digest = sha256(reply.body).digest()
    return SourceRecord(reply.body, media, digest, wanted.key, "Binary", wanted.key.removeprefix("Binary/"))


def _problems(missing: Counter[tuple[str, str]], foreign: int, left: int) -> list[Problem]:
    found = [
        Problem("", f"{count:,} {_WORDS[type_]} that records name could not be fetched. {text}")
        for (type_, text), count in sorted(missing.items())
    ]
    if foreign:
        found.append(Problem("", f"{foreign:,} references lead to other servers, which were not asked."))
    if left:
        found.append(Problem("", f"{left:,} attachments are too large or can't be read here, and were left."))
    return found
