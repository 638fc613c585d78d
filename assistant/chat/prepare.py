"""From a question to an outgoing message, without sending anything."""

import asyncio
import datetime as dt
from collections.abc import Sequence

import msgspec

from assistant.chat import beside
from assistant.chat.beside import Sources
from assistant.chat.events import LeftOut, Local, Origin, Outgoing
from assistant.grounding.ground import Grounded, ground
from assistant.grounding.question import understand
from assistant.grounding.tokens import estimate
from assistant.grounding.understanding import Understanding
from assistant.llm.base import Backend
from assistant.llm.gate import catch
from assistant.llm.prices import Prices
from assistant.records.dates import first_day
from assistant.records.facts import Fact
from assistant.records.model import CATEGORY_NAMES, Category, Record
from assistant.sharing.history import Kept, Past, keep
from assistant.sharing.model import Destination, Message
from assistant.sharing.outgoing import Words, build
from assistant.sharing.reader import SharedReader, Store
from assistant.sharing.rules import narrowed, within
from assistant.sharing.withheld import Withholding
from assistant.vault.query import EVERYTHING, Reach, RecordQuery
from assistant.vault.records import RecordStore
from assistant.vault.session import Session

BUDGET_TOKENS = 1500
"""For facts and records together; the instructions and the history come on top."""

MOST_TURNS = 6
"""Earlier exchanges that go along at most."""

ALONGSIDE = (Category.CONDITIONS, Category.NOTES)
"""Categories of elements that stand in records of other categories: why, and notes."""


NARROW_TOKENS = 400
NARROW_RECORDS = 12
"""For a small model: what it reads well, a dozen lines."""


class Draft(msgspec.Struct, frozen=True):
    """A message, what it could draw on, and what is told beside it."""

    message: Message
    understanding: Understanding
    reach: Reach
    local: Local
    categories: tuple[Category, ...]
    first: bool = False
    """Its destination has had nothing of this chat before."""


class Prepared(msgspec.Struct, frozen=True):
    """A message that could be sent, and what it could draw on."""

    outgoing: Outgoing
    understanding: Understanding
    reach: Reach


class Asked(msgspec.Struct, frozen=True):
    """A question in its place: the chat's earlier turns and what was last understood."""

    question: str
    past: Sequence[Past]
    previous: Understanding | None
    without: tuple[str, ...] = ()
    """Records that the patient holds back."""
    only: tuple[Category, ...] = ()
    """The only categories that are looked in; everything in reach where empty."""
    sources: Sources = Sources({})


def draft(
    asked: Asked, *, destination: Destination, store: Store, reach: Reach, words: Words, today: dt.date
) -> Draft:
    """Understand, look up within the reach, and build the message."""
    understanding = understand(asked.question, today=today, previous=asked.previous)
    looked_in = [c for c in understanding.categories or Category if c in (asked.only or Category)]
    drawn_on = narrowed(reach, (*(understanding.reached or tuple(Category)), *ALONGSIDE))
    drawn_on = within(drawn_on, asked.only)
    if asked.without:
        store = Withholding(store, reach, asked.without)
    grounded = ground(
        understanding,
        SharedReader(store, drawn_on),
        budget_tokens=NARROW_TOKENS if destination.narrow else BUDGET_TOKENS,
        most_records=NARROW_RECORDS if destination.narrow else None,
        estimate=estimate,
    )
    kept = keep(asked.past, reach, most=MOST_TURNS, without=asked.without)
    message = build(
        words,
        asked.question,
        today=today,
        facts=grounded.facts,
        records=grounded.records,
        history=kept.exchanges,
        estimate=estimate,
    )
    return Draft(
        message=message,
        understanding=understanding,
        reach=tuple({*drawn_on, *kept.reach}),
        local=_local(grounded, kept, looked_in, reach, _told_beside(asked, grounded, store, drawn_on, today)),
        categories=_told_of(grounded, kept, looked_in, reach),
    )


async def prepared(draft: Draft, backend: Backend, prices: Prices) -> Prepared:
    """The draft with the request that would be sent; nothing is.

    Raises:
        ModelFailed: the request can't be made.
    """
    outgoing = Outgoing(
        destination=backend.destination,
        request=await catch(backend, draft.message),
        message=draft.message,
        local=draft.local,
        categories=draft.categories,
        first=draft.first,
        estimate=await asyncio.to_thread(prices.estimate, backend.destination, draft.message.tokens),
    )
    return Prepared(outgoing, draft.understanding, draft.reach)


def _told_of(
    grounded: Grounded, kept: Kept, looked_in: Sequence[Category], reach: Reach
) -> tuple[Category, ...]:
    """A fact without records tells of all that was looked in: that there is nothing, or how much."""
    told = grounded.told_of | kept.categories
    if any(not fact.records for fact in grounded.facts):
        told |= {atom.category for atom in reach if atom.category in looked_in}
    return tuple(category for category in Category if category in told)


MOST_TRACED = 500
"""Records behind an answer whose sources are told beside it."""


class _Beside(msgspec.Struct, frozen=True):
    critical: tuple[str, ...]
    origins: tuple[Origin, ...]
    sources: Sources


def _told_beside(asked: Asked, grounded: Grounded, store: Store, reach: Reach, today: dt.date) -> _Beside:
    cited = (record for fact in grounded.facts for record in fact.records)
    ids = tuple(dict.fromkeys((*(record.id for record in grounded.records), *cited)))[:MOST_TRACED]
    if store.one_source():
        ids = _newest(grounded.wanted, ids)
    rows = store.find(reach, RecordQuery(ids=ids)) if ids else []
    return _Beside(
        beside.critical(grounded.records, today), beside.origins(rows, asked.sources), asked.sources
    )


def _newest(records: Sequence[Record], ids: Sequence[str]) -> tuple[str, ...]:
    """The one of these records that tells as much of their only source as all of them."""
    named = frozenset(ids)
    traced = [record for record in records if record.id in named]
    return (max(traced, key=lambda record: first_day(record.when)).id,) if traced else ()


def _local(
    grounded: Grounded, kept: Kept, looked_in: Sequence[Category], reach: Reach, told: _Beside
) -> Local:
    shared = {atom.category for atom in reach}
    off = tuple(category for category in looked_in if category not in shared)
    names = [CATEGORY_NAMES[category] for category in off]
    coverage = [*told.critical, *([f"Not shared here: {', '.join(names)}."] if names else [])]
    coverage += beside.missing(grounded, told.sources)
    if kept.withheld:
        coverage.append(
            f"{kept.withheld} earlier parts of this conversation stay behind: "
            "not all that they drew on is shared here."
        )
    left_out = tuple(LeftOut(record, why) for record, why in grounded.left_out)
    return Local(left_out=left_out, off=off, coverage=tuple(coverage), sources=told.origins)


def facts_for(
    session: Session, question: str | None, categories: Sequence[Category], *, today: dt.date
) -> tuple[Fact, ...]:
    """What code works out for a question (or in general), over everything in the vault or some categories."""
    reach = narrowed(EVERYTHING, categories) if categories else EVERYTHING
    understanding = understand(question or "", today=today, previous=None)
    reader = SharedReader(RecordStore(session), reach)
    return ground(understanding, reader, budget_tokens=BUDGET_TOKENS, estimate=estimate).facts
