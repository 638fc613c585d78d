"""What a model proposes to ask, read from its answer: kept only where it rests on a record that was sent.

A proposal is a line of the answer that asks something and cites, like `2. Should ... be repeated? [3]`.
Nothing else of the answer counts; a line can do no more than be a question, marked as the model's own.
"""

import re
from collections.abc import Sequence
from typing import Protocol

from assistant.errors import UsageError
from assistant.records.facts.text import one_line, short
from assistant.sharing.model import Message
from assistant.visit.model import MOST_QUESTIONS, Origin, Question

LONGEST = 300


class Answered(Protocol):
    """An answer."""

    @property
    def text(self) -> str:
        """Its words."""


class Sent(Protocol):
    """What was sent."""

    @property
    def message(self) -> Message:
        """All that stood in it."""


_REF = re.compile(r"\[(F?\d{1,4})\]")
_LEAD = re.compile(r"^\s*(?:[-*•+]|\(?\d{1,2}[.):])?\s*(?:\[[ xX]\]\s*)?")
_MARKS = re.compile(r"[*_`#]+")
_LINKS = re.compile(r"://|\bwww\.|\]\(", re.IGNORECASE)
_WHY = "A model suggests it, from {}."
_LONGEST_BEHIND = 80


def proposals(answer_text: str, message: Message) -> tuple[Question, ...]:
    """The questions in a model's answer, ten at most, in its order; each cites something that was sent.

    They have no ids yet: `edit.propose` gives them theirs.
    """
    found: dict[str, Question] = {}
    for line in answer_text.splitlines():
        question = _read(line, message)
        if question is not None and len(found) < MOST_QUESTIONS:
            found.setdefault(question.text.casefold(), question)
    return tuple(found.values())


class Asked(Protocol):
    """A turn of a chat, as far as a sheet takes questions from it."""

    @property
    def answer(self) -> Answered | None:
        """What was answered."""

    @property
    def outgoing(self) -> Sent | None:
        """The message that was sent for it."""


def last_proposed(turns: Sequence[Asked]) -> tuple[Question, ...]:
    """What the last answer of a chat proposes to ask.

    Raises:
        UsageError: it proposes nothing that rests on a record which was sent.
    """
    for turn in reversed(turns):
        if turn.answer is not None and turn.outgoing is not None:
            if found := proposals(turn.answer.text, turn.outgoing.message):
                return found
            break
    raise UsageError(
        "The last answer of this chat proposes no question that cites a record.",
        "Ask with `--skill visit` first, of a model that you share records with.",
    )


def _read(line: str, message: Message) -> Question | None:
    refs = list(dict.fromkeys(_REF.findall(line)))
    if _LINKS.search(line):
        return None
    text = one_line(_MARKS.sub("", _REF.sub(" ", _LEAD.sub("", line, count=1))))
    text = re.sub(r"\s+([?.,;])", r"\1", text).strip()
    if not text.rstrip(" .)").endswith("?") or len(text) > LONGEST:
        return None
    records = _records(refs, message)
    if not records:
        return None
    texts = {item.record: item.text for item in message.items}
    behind = tuple(short(texts[record], _LONGEST_BEHIND) for record in records if record in texts)
    number = f"{len(records)} record{'s' if len(records) > 1 else ''} that it was shown"
    return Question("", text, _WHY.format(number), records, behind, Origin.MODEL)


def _records(refs: list[str], message: Message) -> tuple[str, ...]:
    """The records that the refs stand for: of items, and of facts that rest on any."""
    by_ref: dict[str, tuple[str, ...]] = {str(item.ref): (item.record,) for item in message.items}
    by_ref |= {fact.ref: fact.records for fact in message.facts}
    return tuple(dict.fromkeys(record for ref in refs for record in by_ref.get(ref, ())))
