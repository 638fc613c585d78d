"""From a question that was understood to facts and records within a budget, and what was left out and why.

Nothing here depends on anything but the question's words and what the reader returns.
"""

from collections.abc import Callable, Sequence

import msgspec

from assistant.grounding.answer import answer
from assistant.grounding.lexicon import lexicon
from assistant.grounding.missing import LookedFor, looked_for, with_where
from assistant.grounding.reader import Reader
from assistant.grounding.tokens import estimate as by_characters
from assistant.grounding.understanding import Understanding
from assistant.records import facts
from assistant.records.facts import Fact
from assistant.records.facts.text import short
from assistant.records.model import Category, Record
from assistant.records.show import line, status_words
from assistant.vault.query import RecordQuery

BUDGET_TOKENS = 1500
_SHARE = 3
OVER_BUDGET = "over the budget"


class Grounded(msgspec.Struct, frozen=True):
    """What a question is answered from."""

    facts: tuple[Fact, ...]
    """The answering fact first."""
    records: tuple[Record, ...]
    """Those behind the facts in the order cited, then others that bear on the question."""
    left_out: tuple[tuple[str, str], ...]
    """Ids of records that bear on the question but were left out, each with why."""
    looked_for: LookedFor
    wanted: tuple[Record, ...] = ()
    """All that bear on it in that order, those that did not fit included."""
    told_of: frozenset[Category] = frozenset()
    """The categories of the records behind the facts, and of everything that stands in the records."""


def ground(
    understanding: Understanding,
    reader: Reader,
    *,
    budget_tokens: int = BUDGET_TOKENS,
    most_records: int | None = None,
    estimate: Callable[[str], int] = by_characters,
) -> Grounded:
    """Find what answers a question. All facts fit; records fill what they leave of the budget, in order, and
    have a third of it whatever the facts take. With `most_records`, no more than that many go."""
    known = lexicon()
    found = answer(understanding, reader, known)
    made = found.facts or (facts.none(facts.Frame("an answer to this", understanding.today)),)
    looked = looked_for(understanding, made, reader)
    made = with_where(made, looked)
    wanted = _in_order(made, found.about, found.near, reader)
    left = max(budget_tokens - sum(estimate(f.text) for f in made), budget_tokens // _SHARE)
    kept, left_out = _within_budget(wanted, left, estimate)
    left_out += [(record.id, OVER_BUDGET) for record in kept[most_records:]] if most_records else []
    kept = kept[:most_records]
    told = {record.id for record in wanted}
    left_out += [
        (r.id, f"{status_words(r)}: not used as a fact") for r in _unused(found.about) if r.id not in told
    ]
    return Grounded(made, tuple(kept), tuple(left_out), looked, tuple(wanted), _told_of(made, wanted, kept))


def _told_of(made: Sequence[Fact], wanted: Sequence[Record], kept: Sequence[Record]) -> frozenset[Category]:
    cited = {record for fact in made for record in fact.records}
    behind = {record.category for record in wanted if record.id in cited}
    inside = {element.category for record in kept for element in record.elements}
    return frozenset(behind | inside | {record.category for record in kept})


def _within_budget(
    wanted: Sequence[Record], tokens: int, estimate: Callable[[str], int]
) -> tuple[list[Record], list[tuple[str, str]]]:
    """The records that fit, in order; one whose long texts don't fit keeps the start of each."""
    kept: list[Record] = []
    left_out: list[tuple[str, str]] = []
    for record in wanted:
        if estimate(record.title) > tokens:
            left_out.append((record.id, OVER_BUDGET))
            continue
        for version in (record, shortened(record)):
            cost = estimate(line(version, version.elements))
            if cost <= tokens:
                kept.append(version)
                tokens -= cost
                break
        else:
            left_out.append((record.id, OVER_BUDGET))
    return kept, left_out


def shortened(record: Record) -> Record:
    """The record with the start only of its long texts."""
    elements = tuple(msgspec.structs.replace(e, text=short(e.text)) for e in record.elements)
    return msgspec.structs.replace(record, elements=elements)


def _in_order(
    made: Sequence[Fact], behind: Sequence[Record], near: Sequence[Record], reader: Reader
) -> list[Record]:
    """The records that the facts rest on, as cited; then those that come near."""
    at_hand = {record.id: record for record in (*behind, *near)}
    cited = tuple(dict.fromkeys(record for fact in made for record in fact.records))
    missing = tuple(record for record in cited if record not in at_hand)
    if missing:
        at_hand |= {record.id: record for record in reader.find(RecordQuery(ids=missing))}
    ordered = [at_hand[record] for record in cited if record in at_hand]
    return list({record.id: record for record in (*ordered, *near)}.values())


def _unused(behind: Sequence[Record]) -> list[Record]:
    return facts.newest({r.id: r for r in behind if not facts.tells(r)}.values())
