"""Facts about things that are measured."""

import operator
import re
from collections.abc import Callable, Sequence
from decimal import Decimal

import msgspec

from assistant.grounding.intent import Intent, Threshold
from assistant.grounding.topic import Topic
from assistant.grounding.understanding import Understanding
from assistant.grounding.window import Shape, Window
from assistant.grounding.windows import started_in
from assistant.records import facts
from assistant.records.facts import Fact, Measure
from assistant.records.facts.measures import plain
from assistant.records.show import shown_digits

_WHOLE = re.compile(r"\b(?:first|earliest|oldest|overall|altogether|all (?:the|these|those) years)\b")
"""From the very first value on: the step before isn't asked for."""
_SIDES: dict[tuple[bool, bool], Callable[[Decimal, Decimal], bool]] = {
    (True, False): operator.gt,
    (True, True): operator.ge,
    (False, False): operator.lt,
    (False, True): operator.le,
}


def of_values(u: Understanding, topic: Topic) -> list[Fact]:
    """What a question asks of one measured thing; nothing where there is no value for it."""
    everything = facts.measures(topic.records, topic.concept.part)
    found = [m for m in everything if u.window is None or started_in(m.record, u.window)]
    if u.asked.threshold is not None:
        return _on_side(u, topic, found, u.asked.threshold)
    if not found:
        return _nearest(topic, u, everything)
    if topic.intent is Intent.CHANGE and u.window is not None and _against_now(u, u.window):
        return _since_then(topic, everything, found, u.window.target)
    fact = _fact(u, topic, found)
    more = _beside(u, topic, found)
    return [one for one in (fact, *more) if one is not None]


def _fact(u: Understanding, topic: Topic, found: Sequence[Measure]) -> Fact | None:
    frame, dates = topic.frame, u.asked.date or u.asked.elapsed
    match topic.intent:
        case Intent.CHANGE:
            made = facts.change(found, frame, since_last=u.asked.since_last)
        case Intent.MAXIMUM:
            made = facts.maximum(found, frame, dates=dates)
        case Intent.MINIMUM:
            made = facts.minimum(found, frame, dates=dates)
        case Intent.AVERAGE:
            made = facts.average(found, frame)
        case Intent.EARLIEST:
            made = facts.earliest(found, frame, dates=dates)
        case Intent.PREVIOUS:
            return facts.previous(found, frame, steps=u.steps, dates=dates)
        case Intent.LIST:
            return facts.values(found, frame, most=u.asked.most)
        case Intent.AT_TIME:
            target = u.window.target if u.window else None
            return facts.at_time(found, frame, target=target, dates=dates)
        case Intent.EXPLAIN:
            return _explained(u, topic, found)
        case _:
            return facts.latest(found, frame, dates=dates)
    return made or facts.values(found, frame)


def _beside(u: Understanding, topic: Topic, found: Sequence[Measure]) -> list[Fact | None]:
    """What a reader would ask next and what costs little: the step before, for a change or an explanation."""
    if topic.intent is Intent.EXPLAIN or (
        topic.intent is Intent.CHANGE
        and not (u.asked.since_last or u.window or _WHOLE.search(u.question.casefold()))
    ):
        alike = facts.comparable([m for m in found if m in plain(found)])[0]
        if len(alike) > (2 if topic.intent is Intent.CHANGE else 1):
            frame = msgspec.structs.replace(topic.frame, window="since the value before")
            return [facts.between(alike[0], alike[1], frame)]
    return []


def _explained(u: Understanding, topic: Topic, found: Sequence[Measure]) -> Fact | None:
    """The value that the question names (or the latest), with the source's own range or that it has none."""
    named = [m for m in found if any(shown_digits(q.value) in u.numbers for q in m.quantities)]
    chosen = named[0] if named else None
    if chosen is None or chosen is found[0]:
        fact = facts.latest(found, topic.frame)
    else:
        frame = msgspec.structs.replace(topic.frame, window=topic.frame.window or "with that number")
        fact = facts.at_time([chosen], frame)
    if fact is None:
        return None
    best = next(m for m in found if m.record.id == fact.records[0])
    if best.ranges or best.interpretation:
        return fact
    return msgspec.structs.replace(fact, text=f"{fact.text} The source gives no range or flag with it.")


def _against_now(u: Understanding, window: Window) -> bool:
    """Whether the time asked about is one to compare the newest value with: `higher than in 2018`."""
    return window.shape is Shape.AGO or (window.shape is Shape.WITHIN and u.asked.versus)


def _since_then(
    topic: Topic, everything: Sequence[Measure], found: Sequence[Measure], target: str | None
) -> list[Fact]:
    """From a value of then (nearest to a day, else the last of that time) to the newest in its unit."""
    alike = facts.comparable(plain(everything))[0]
    old = [m for m in plain(found) if alike and m.key == alike[0].key]
    if not old:
        return []
    then = facts.nearest(old, target) if target else old[0]
    frame = msgspec.structs.replace(topic.frame, window="")
    return [facts.between(alike[0], then, frame)] if then is not alike[0] else []


def _nearest(topic: Topic, u: Understanding, everything: Sequence[Measure]) -> list[Fact]:
    """With nothing in the stretch asked for: that, and the nearest values around it."""
    if u.window is None or not everything:
        return []
    since, until = u.window.since, u.window.until
    before = [m for m in everything if since is not None and m.day and m.day < since]
    after = [m for m in everything if until is not None and m.day > until]
    near = facts.around(before, after)
    return [facts.none(topic.frame), *([near] if near else [])]


def _on_side(u: Understanding, topic: Topic, found: Sequence[Measure], threshold: Threshold) -> list[Fact]:
    exact = plain(found)
    alike = facts.comparable(exact)[0]
    if not alike:
        return []
    compare, limit = _SIDES[(threshold.above, threshold.inclusive)], Decimal(threshold.digits)
    on_side = [m for m in alike if compare(m.numbers[0], limit)]
    frame = msgspec.structs.replace(topic.frame, window=f"{threshold.words}{topic.frame.when}")
    if on_side and (u.asked.date or u.asked.elapsed):
        pick = facts.earliest if u.asked.intent is Intent.EARLIEST else facts.latest
        fact = pick(on_side, frame, dates=True)
        return [fact] if fact else []
    return [facts.count_on_side(alike, on_side, threshold.words, topic.frame)]
