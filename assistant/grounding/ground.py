"""From a question that was understood to facts and records within a budget, and what was left out and why.

Nothing here depends on anything but the question's words and what the reader returns.
"""

from collections.abc import Callable, Sequence

import msgspec

from assistant.grounding.answer_about import ABOUT_ME, of_person
from assistant.grounding.answer_events import of_events
from assistant.grounding.answer_values import of_values
from assistant.grounding.broad import is_broad, of_all_values, of_panel, summary
from assistant.grounding.intent import Intent
from assistant.grounding.lexicon import Group, Lexicon, lexicon
from assistant.grounding.reader import Reader
from assistant.grounding.tokens import estimate as by_characters
from assistant.grounding.topic import Topic, topics
from assistant.grounding.understanding import Understanding
from assistant.records import facts
from assistant.records.facts import Fact, FactKind
from assistant.records.facts.measures import measure
from assistant.records.model import Category, Record
from assistant.records.show import line, status_words
from assistant.vault.query import RecordQuery

BUDGET_TOKENS = 1500
OVER_BUDGET = "over the budget"
_VALUED = frozenset((Group.LAB, Group.VITAL, Group.ACTIVITY, Group.SLEEP, Group.ABOUT))
_AS_EVENTS = frozenset((Intent.COUNT, Intent.DETAIL, Intent.EVER))


class LookedFor(msgspec.Struct, frozen=True):
    """What was looked for, for the patient's own screen."""

    words: tuple[str, ...]
    categories: tuple[Category, ...]
    """Everywhere where empty."""
    window: str


class Grounded(msgspec.Struct, frozen=True):
    """What a question is answered from."""

    facts: tuple[Fact, ...]
    """The answering fact first."""
    records: tuple[Record, ...]
    """Those behind the facts in the order cited, then others that bear on the question."""
    left_out: tuple[tuple[str, str], ...]
    """Ids of records that bear on the question but were left out, each with why."""
    looked_for: LookedFor


def ground(
    understanding: Understanding,
    reader: Reader,
    *,
    budget_tokens: int = BUDGET_TOKENS,
    estimate: Callable[[str], int] = by_characters,
) -> Grounded:
    """Find what answers a question. All facts fit; records fill what they leave of the budget, in order."""
    known = lexicon()
    made, behind, near = _answer(understanding, reader, known)
    made = made or [facts.none(facts.Frame("an answer to this", understanding.today))]
    wanted = _in_order(made, behind, near, reader)
    left = budget_tokens - sum(estimate(fact.text) for fact in made)
    kept: list[Record] = []
    left_out: list[tuple[str, str]] = []
    for record in wanted:
        cost = estimate(line(record, record.elements))
        if cost <= left:
            kept.append(record)
            left -= cost
        else:
            left_out.append((record.id, OVER_BUDGET))
    told = {record.id for record in wanted}
    left_out += [
        (r.id, f"{status_words(r)}: not used as a fact") for r in _unused(behind) if r.id not in told
    ]
    return Grounded(tuple(made), tuple(kept), tuple(left_out), _looked_for(understanding))


def _answer(
    u: Understanding, reader: Reader, known: Lexicon
) -> tuple[list[Fact], Sequence[Record], Sequence[Record]]:
    """The facts, all records of the subjects, and records that only come near."""
    if u.intent is Intent.SUMMARY:
        return summary(u, reader, known), (), ()
    if not u.concepts and not u.leftover:
        return _everything_in_window(u, reader), (), ()
    found = topics(u, reader, known)
    made: list[Fact] = []
    for topic in found.topics:
        answers = _of_topic(u, topic, reader, known)
        made += answers or [facts.none(topic.frame)]
    made = _answers_first(made)
    return made, tuple(record for topic in found.topics for record in topic.records), found.near


def _of_topic(u: Understanding, topic: Topic, reader: Reader, known: Lexicon) -> list[Fact]:
    if topic.concept.id == ABOUT_ME:
        return of_person(u, topic)
    if is_broad(topic):
        return of_all_values(u, topic)
    concept = topic.concept
    if concept.members:
        dated = (
            u.asked.date or u.asked.elapsed or topic.intent in _AS_EVENTS or topic.intent is Intent.PREVIOUS
        )
        if dated and topic.records:
            event = msgspec.structs.replace(topic, intent=topic.intent)
            return of_events(u, event, reader)
        return of_panel(u, topic, reader, known)
    counted_values = topic.intent in _AS_EVENTS and u.asked.threshold is None
    if concept.group in _VALUED and not counted_values:
        answers = of_values(u, topic)
        if answers or any(measure(record, concept.part) for record in topic.records):
            return answers
    return of_events(u, topic, reader)


def _answers_first(made: Sequence[Fact]) -> list[Fact]:
    """With several subjects, what was found before what wasn't; the order is else the question's."""
    if made and made[0].kind is FactKind.NONE and len(made) == 2 and made[1].kind is FactKind.AT_TIME:
        return list(made)
    return sorted(dict.fromkeys(made), key=lambda fact: fact.kind is FactKind.NONE)


def _everything_in_window(u: Understanding, reader: Reader) -> list[Fact]:
    """`what happened in 2019`: what there is of each category in that time."""
    window = u.window
    if window is None:
        return []
    made = []
    for category in (
        Category.VISITS,
        Category.CONDITIONS,
        Category.PROCEDURES,
        Category.MEDICATIONS,
        Category.IMMUNIZATIONS,
        Category.LABS,
    ):
        query = RecordQuery(categories=(category,), since=window.since, until=window.until)
        noun = facts.NOUNS[category]
        fact = facts.listed(reader.find(query), facts.Frame(noun, u.today, window.words, noun))
        made += [fact] if fact else []
    return made or [facts.none(facts.Frame("anything", u.today, window.words))]


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


def _looked_for(u: Understanding) -> LookedFor:
    words = tuple(concept.name for concept in u.concepts) or u.content
    return LookedFor(words, u.categories, u.window.words if u.window else "")
