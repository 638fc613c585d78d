"""What the recognizer finds of the frozen phrases, as numbers; a phrase itself is never named."""

import time
from collections import defaultdict
from collections.abc import Iterable

import msgspec

from assistant.safety.recognise import recognise
from tests.safety.corpus import Urgent, ordinary, urgent


class Part(msgspec.Struct, frozen=True):
    """The figures of one part of the phrases, each a share from 0 to 1."""

    recall: float
    plans: float
    false_alarms: float
    by_frame: dict[str, float]
    by_kind: dict[str, float]
    alarms_by_frame: dict[str, float]


def measure(kept_aside: bool) -> Part:
    """The figures over the part kept aside, or over the rest."""
    phrases, questions = urgent(kept_aside), ordinary(kept_aside)
    found = [(one, is_found(one)) for one in phrases]
    alarms = [(one.frame, recognise(one.phrase) is not None) for one in questions]
    return Part(
        recall=share(right for _, right in found),
        plans=share(right for one, right in found if one.plan),
        false_alarms=share(alarm for _, alarm in alarms),
        by_frame=shares((one.frame, right) for one, right in found),
        by_kind=shares((one.kind, right) for one, right in found),
        alarms_by_frame=shares(alarms),
    )


def is_found(one: Urgent) -> bool:
    """Whether a phrase brings up the card of its own category."""
    kind = recognise(one.phrase)
    return kind is not None and kind.value == one.category.value


def share(answers: Iterable[bool]) -> float:
    """How many of them are true, as a share of all."""
    every = [*answers]
    return sum(every) / len(every)


def shares(answers: Iterable[tuple[str, bool]]) -> dict[str, float]:
    """The share of true answers under each name, in order of names."""
    under: dict[str, list[bool]] = defaultdict(list)
    for name, answer in answers:
        under[name].append(answer)
    return {name: share(under[name]) for name in sorted(under)}


def milliseconds(text: str, rounds: int = 5) -> float:
    """The best of some rounds over one text: what the work takes, without what else the machine does."""

    def once() -> float:
        started = time.process_time()
        recognise(text)
        return (time.process_time() - started) * 1000

    return min(once() for _ in range(rounds))
