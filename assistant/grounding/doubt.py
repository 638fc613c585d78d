"""Where words of a question were not taken into account: said before what the records show without them."""

from collections.abc import Sequence

from assistant.grounding.intent import Intent
from assistant.grounding.topic import Topic
from assistant.grounding.understanding import Understanding
from assistant.records.facts import Fact, FactKind

_UNSURE = "This can't be told for sure"
_OF_ONE_THING = frozenset(
    (
        *(Intent.LATEST, Intent.EARLIEST, Intent.PREVIOUS, Intent.CHANGE, Intent.COUNT, Intent.MINIMUM),
        *(Intent.MAXIMUM, Intent.AVERAGE, Intent.DETAIL),
    )
)


def doubt(u: Understanding, topics: Sequence[Topic]) -> str:
    """The words that may change what was meant and that no reading and no record accounts for; else empty."""
    words = dict.fromkeys(word for topic in topics for word in topic.unheld)
    return u.unheeded or " ".join(words)


def doubtful(words: str) -> Fact:
    """That an answer can't be given for sure, from the question's words only."""
    return Fact(
        FactKind.NONE,
        f'{_UNSURE}: "{words}" in the question could not be taken into account. '
        "What follows may not be the answer.",
    )


def without_subject(u: Understanding) -> list[Fact]:
    """That what the question is about was not understood, where it asks for one thing and names none."""
    if u.asked.intent not in _OF_ONE_THING and not u.asked.date:
        return []
    return [Fact(FactKind.NONE, f"{_UNSURE}: what the question is about was not understood.")]


def is_doubtful(fact: Fact) -> bool:
    """Whether this only says that what follows may not be the answer."""
    return fact.kind is FactKind.NONE and fact.text.startswith(_UNSURE)
