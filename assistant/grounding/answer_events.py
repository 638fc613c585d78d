"""Facts about things that happen or hold: conditions, medicines, vaccinations, procedures, visits, notes."""

import re
from collections.abc import Sequence

import msgspec

from assistant.grounding.intent import Detail, Intent
from assistant.grounding.lexicon import Concept, Group
from assistant.grounding.reader import Reader
from assistant.grounding.resolve import holds_for_a_time
from assistant.grounding.search import naming_concept, relatives
from assistant.grounding.topic import Topic
from assistant.grounding.understanding import Understanding
from assistant.grounding.windows import held_in, within
from assistant.records import facts
from assistant.records.facts import Fact, FactKind
from assistant.records.model import Category, Record
from assistant.records.show import element_words

LABELS: dict[Detail, tuple[str, ...]] = {
    Detail.DOSE: ("dose", "supply", "course", "quantity"),
    Detail.WHO: (
        "ordered by",
        "by",
        "with",
        "told by",
        "recorded by",
        "reported by",
        "read by",
        "member",
        "doctor",
    ),
    Detail.WHY: ("for", "as needed for", "diagnosis", "against", "seen by"),
    Detail.WHERE: ("at", "where", "from"),
    Detail.REACTION: ("reaction", "risk", "severity"),
    Detail.MAKER: ("maker", "lot", "model"),
    Detail.STOPPED: ("why this status",),
}
_ASKED = {
    Detail.DOSE: "dose",
    Detail.WHO: "name of who did it",
    Detail.WHY: "reason",
    Detail.WHERE: "place",
    Detail.REACTION: "reaction",
    Detail.MAKER: "maker or lot",
    Detail.STOPPED: "reason for its end",
}
_MAY_DISAGREE = frozenset((Intent.CURRENT, Intent.EVER))
_WHEN = frozenset((Intent.LATEST, Intent.EARLIEST))
_AS_HELD = frozenset((Detail.DOSE, Detail.REACTION))
_AT_VISITS = frozenset((Detail.WHO, Detail.WHERE))
"""What the visits for a condition say where its own record doesn't."""
_DIAGNOSED = re.compile(r"\bdiagnos")
"""Who found an illness is not told by who saw it later."""
_TELL_MORE = frozenset((Group.VISIT, Group.PROCEDURE, Group.NOTE))


def of_events(u: Understanding, topic: Topic, reader: Reader) -> list[Fact]:
    """What a question asks of things that happen or hold, and where the records disagree about it; nothing
    where there is no record for it."""
    made = _of_events(u, topic, reader) or _of_visits(u, topic, reader)
    told = topic.intent in _MAY_DISAGREE or (topic.intent is Intent.DETAIL and u.asked.detail in _AS_HELD)
    return [*made, *facts.disagreements(topic.records)] if made and told else made


def _of_visits(u: Understanding, topic: Topic, reader: Reader) -> list[Fact]:
    """When a visit was for a condition that has no record of its own."""
    if topic.intent not in _WHEN:
        return []
    seen = within(visits_for(topic.concept, reader), u.window)
    pick = facts.first_time if topic.intent is Intent.EARLIEST else facts.last_time
    fact = pick(seen, topic.frame, ago=u.asked.elapsed)
    best = [record for record in seen if fact and record.id == fact.records[0]]
    return _kept(fact, facts.detail(best, LABELS[Detail.WHY], _ASKED[Detail.WHY]))


def visits_for(concept: Concept, reader: Reader) -> list[Record]:
    """The visits that give a condition as their reason; none for other things."""
    if concept.group is not Group.CONDITION or concept.everything:
        return []
    named = naming_concept(concept, reader, (Category.VISITS,))
    return [record for record, element in named if element.category in concept.categories]


def _of_events(u: Understanding, topic: Topic, reader: Reader) -> list[Fact]:
    frame, dated = topic.frame, u.asked.date or u.asked.elapsed
    started = within(topic.records, u.window)
    held = started if u.asked.once and u.asked.ends else held_in(topic.records, u.window)
    if u.asked.ends and dated:
        return _kept(facts.stopped(started))
    match topic.intent:
        case Intent.COUNT:
            return [_counted(u, topic, started)]
        case Intent.EARLIEST:
            return _kept(facts.first_time(started, frame, ago=u.asked.elapsed))
        case Intent.PREVIOUS:
            return _kept(facts.nth_time(started, u.steps))
        case Intent.DETAIL:
            return _kept(_detailed(u, started, topic, reader))
        case Intent.CURRENT:
            whole = topic.concept.everything
            fact = facts.current(topic.records, frame) if whole else facts.holds(topic.records)
            return _kept(fact) or ([] if whole else _ever(u, topic, held, reader))
        case Intent.EVER:
            return _ever(u, topic, held, reader)
        case Intent.LIST:
            return _kept(facts.listed(held, frame, most=u.asked.most))
        case _:
            return _latest(u, topic, started)


def _kept(*made: Fact | None) -> list[Fact]:
    return [fact for fact in made if fact is not None]


def _counted(u: Understanding, topic: Topic, records: Sequence[Record]) -> Fact:
    """How many there are, or, of what holds for a time, how many hold now where now is asked about."""
    if not (u.asked.present and u.window is None and holds_for_a_time(topic.concept)):
        return facts.count(records, topic.frame)
    fact = facts.current(records, topic.frame)
    if fact is None or fact.value == "0":
        return facts.nothing(topic.frame)
    return msgspec.structs.replace(fact, kind=FactKind.COUNT)


def _latest(u: Understanding, topic: Topic, records: Sequence[Record]) -> list[Fact]:
    """The last time; for a visit, a procedure or a note also what stands beside it, and that first where it
    is asked what a visit was."""
    fact = facts.last_time(records, topic.frame, ago=u.asked.elapsed)
    if fact is None or u.asked.date or u.asked.elapsed or topic.concept.group not in _TELL_MORE:
        return _kept(fact)
    best = [record for record in records if record.id == fact.records[0]]
    labels = {element.label for record in best for element in record.elements}
    beside = facts.detail(best, labels, "details") if labels else None
    what = u.asked.value and topic.concept.group is Group.VISIT
    return _kept(beside, fact) if what else _kept(fact, beside)


def _detailed(u: Understanding, records: Sequence[Record], topic: Topic, reader: Reader) -> Fact | None:
    detail = u.asked.detail or (Detail.WHY if u.asked.why else None)
    if detail is None:
        return None
    if detail is Detail.STOPPED:
        return facts.why_ended(records)
    if detail in _AT_VISITS and not _said(records, detail) and not _DIAGNOSED.search(u.question.casefold()):
        visits = within(visits_for(topic.concept, reader), u.window)
        records = visits if _said(visits, detail) else records
    chosen = facts.newest(records)[:1] if u.asked.last else records
    return facts.detail(chosen, LABELS[detail], _ASKED[detail])


def _said(records: Sequence[Record], detail: Detail) -> bool:
    return any(element.label in LABELS[detail] for record in records for element in record.elements)


def _ever(u: Understanding, topic: Topic, records: Sequence[Record], reader: Reader) -> list[Fact]:
    """Yes with dates; else what the records say instead: refuted, planned, a relative's, named elsewhere."""
    sure = facts.ever(records, topic.frame)
    if sure is not None:
        return [sure]
    if topic.concept.everything or topic.searched:
        return _kept(facts.only_otherwise(records))
    family = relatives(topic.concept, reader) if topic.concept.group is Group.CONDITION else []
    otherwise = facts.only_otherwise([*records, *family])
    if otherwise is not None:
        return [otherwise]
    return _kept(_named(u, topic.concept, reader))


def _named(u: Understanding, concept: Concept, reader: Reader) -> Fact | None:
    """Where only other records name it: as a reason, as a diagnosis."""
    if concept.group not in (Group.CONDITION, Group.MEDICINE, Group.PROCEDURE, Group.ALLERGY):
        return None
    others = [
        (record, element_words(element))
        for record, element in naming_concept(concept, reader, u.reached)
        if element.category in concept.categories and facts.tells(record)
    ]
    return facts.named_in(others)
