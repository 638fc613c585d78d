"""One search from its first page to its last: other forms where one is refused, no circles, no silent end.

The next page is asked for before the present one is taken apart.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from urllib.parse import urlsplit

import msgspec

from connectors.model import Problem, SourceRecord
from connectors.origin import join
from connectors.smart import paging
from connectors.smart.coverage import Outcome, State
from connectors.smart.fetching import Asker, Failed
from connectors.smart.paging import Head
from connectors.smart.plan import Planned
from connectors.smart.searches import address

CHANGED = "_lastUpdated"
MOST_PAGES = 2_000
MOST_EMPTY = 20
MOST_SAME = 2
"""Pages without anything new, one after the other: empty ones, and others."""

FOREIGN_NEXT = "The next page lies on another server, which was not asked, so the rest is missing."
CIRCLE = "The pages lead round in a circle, so the rest may be missing."
ENDLESS = "There are more pages than can be right, so reading stopped here."
IGNORED = "The provider's server left a part of the question out ({}), so other records may stand here too."
STOPPED = "The pages after this one did not come, so the rest is missing."
FEWER = "The provider's server spoke of {:,} records; {:,} came."


class Start(msgspec.Struct, frozen=True):
    """Where in a search to go on, and what came of it before."""

    next: str
    """The next page: path and query on the same server."""
    pages: int
    came: int
    promised: int | None
    short: str
    """What is already missing, as a sentence."""
    full: bool
    """Whether it is asked for in full, not only for changes."""


class Turn(msgspec.Struct, frozen=True):
    """One page, as it is handed over."""

    records: tuple[SourceRecord, ...]
    problems: tuple[Problem, ...]
    size: int
    """Bytes of the page."""
    after: Start | None
    """Where to go on after it; None at the end."""
    outcome: Outcome | None
    """What came of the search; None before its end."""


class SearchWalk:
    """Walks one search. `since` asks for changes only, where the server can be asked so."""

    def __init__(
        self,
        asker: Asker,
        row: Planned,
        patient: str,
        rank: int,
        *,
        since: str = "",
        start: Start | None = None,
    ) -> None:
        self._asker = asker
        self._row = row
        self._patient = patient
        self._rank = rank
        self._since = since if row.changes else ""
        self._start = start
        self._came = self._pages = 0
        self._promised: int | None = None
        self._short = ""
        self._full = not self._since
        self._seen: set[bytes] = set()
        self._places: set[str] = set()
        self._idle = 0

    async def turns(self) -> AsyncGenerator[Turn, None]:
        """Every page, the last with the outcome.

        Raises:
            SourceInterrupted: the server as a whole stopped answering.
        """
        page = await self._first()
        while True:
            if isinstance(page, (Failed, SourceRecord)):
                yield self._last(page)
                return
            self._pages += 1
            target = self._next(page)
            coming = asyncio.create_task(self._page(target)) if target else None
            try:
                if coming is not None:
                    await asyncio.sleep(0)
                turn = self._turn(page, target)
                if turn.after is None and coming is not None:
                    coming.cancel()
                yield turn
                if turn.after is None or coming is None:
                    return
                page = await coming
            finally:
                if coming is not None and not coming.done():
                    coming.cancel()
                    await asyncio.gather(coming, return_exceptions=True)

    async def _first(self) -> Head | SourceRecord | Failed:
        """The page to begin with: where it stopped, if the server still knows that, else the first."""
        if self._start is not None:
            place = join(f"{self._asker.origin.base}/", self._start.next)
            target = place.text if place and self._asker.origin.covers(place.text) else None
            page = await self._page(target) if target else Failed(STOPPED)
            if isinstance(page, Head):
                self._pages, self._came = self._start.pages, self._start.came
                self._promised, self._short = self._start.promised, self._start.short
                self._full = self._start.full
                self._places.add(target or "")
                return page
        page = Failed("")
        asked = self._questions()
        for question, next_one in zip(asked, [*asked[1:], None], strict=True):
            page = await self._page(question)
            unheeded = isinstance(page, Head) and not self._heeds(question, page)
            refused = isinstance(page, Failed) and page.maybe_form
            if next_one is not None and (unheeded or refused):
                continue
            if isinstance(page, Head):
                self._compare(question, page)
            break
        return page

    def _questions(self) -> list[str]:
        def question(query: str, since: str) -> str:
            row = self._row
            return address(row.search, query, self._patient, names=row.names, since=since)

        found = [question(query, "") for query in self._row.queries]
        return [question(self._row.queries[0], self._since), *found] if self._since else found

    def _compare(self, question: str, page: Head) -> None:
        """See which parts of the question the server heeded."""
        first = self._asker.origin.resolve(question)
        self._places.add(first.text if first else "")
        self._full = CHANGED not in question
        missed = paging.left_out(question, page.itself)
        if missed:
            self._short = IGNORED.format(", ".join(missed))
        self._promised = page.total

    def _heeds(self, question: str, page: Head) -> bool:
        """Whether, asked for changes only, the server says that it gave no more and no less."""
        return CHANGED not in question or paging.heeded(CHANGED, page.itself)

    async def _page(self, target: str) -> Head | SourceRecord | Failed:
        """One page; a damaged one is asked for once more."""
        for _ in range(2):
            reply = await self._asker.ask(target, self._rank)
            if isinstance(reply, Failed):
                return reply
            if self._row.search.read:
                return paging.single(reply, self._row.search.type, self._asker.origin.host)
            page = paging.head(reply, self._asker.origin.host)
            if isinstance(page, Failed) or not page.cut:
                return page
        return page

    def _next(self, page: Head) -> str | None:
        """The address of the next page, where there is one to go to; else, why not is noted."""
        if page.next is None:
            return None
        place = self._asker.origin.resolve(page.next)
        if place is None:
            self._short = FOREIGN_NEXT
        elif place.text in self._places:
            self._short = CIRCLE
        elif self._pages >= MOST_PAGES:
            self._short = ENDLESS
        else:
            self._places.add(place.text)
            return place.text
        return None

    def _turn(self, page: Head, target: str | None) -> Turn:
        found = paging.entries(page, self._pages)
        fresh = tuple(self._fresh(found.records))
        self._came += sum(record.digest in found.matches for record in fresh)
        self._idle = 0 if fresh else self._idle + 1
        if page.cut or page.partial:
            self._short = self._short or STOPPED
        going_on = target is not None
        if target is not None and self._idle >= (MOST_SAME if page.entries else MOST_EMPTY):
            going_on, self._short = False, CIRCLE if page.entries else ENDLESS
        return self._made(fresh, found.problems, len(page.body), target if going_on else None)

    def _made(
        self, records: tuple[SourceRecord, ...], problems: Sequence[Problem], size: int, target: str | None
    ) -> Turn:
        if target is not None:
            parts = urlsplit(target)
            place = parts.path + (f"?{parts.query}" if parts.query else "")
            after = Start(place, self._pages, self._came, self._promised, self._short, self._full)
            return Turn(records, tuple(problems), size, after, None)
        outcome = self._outcome()
        said = [Problem("", outcome.text)] if outcome.text else []
        return Turn(records, (*problems, *said), size, None, outcome)

    def _outcome(self) -> Outcome:
        if self._promised is not None and self._came < self._promised and not self._short:
            self._short = FEWER.format(self._promised, self._came)
        whole = State.ALL if self._full else State.CHANGES
        return Outcome(State.PART if self._short else whole, self._came, self._promised, self._short)

    def _last(self, page: SourceRecord | Failed) -> Turn:
        """The end of a search whose next page failed, or that brought no page at all."""
        if isinstance(page, SourceRecord):
            self._came = 1
            return self._made((page,), (), len(page.body), None)
        if self._pages:
            self._short = f"{STOPPED} {page.text}"
            return self._made((), (), 0, None)
        state = State.REFUSED if page.refused else State.FAILED
        return Turn((), (Problem("", page.text),), 0, None, Outcome(state, text=page.text))

    def _fresh(self, records: Sequence[SourceRecord]) -> list[SourceRecord]:
        """Those that this search has not brought yet."""
        found = []
        for record in records:
            if record.digest not in self._seen:
                self._seen.add(record.digest)
                found.append(record)
        return found
