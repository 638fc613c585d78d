"""Runs the check of an answer over the frozen corpora: what it caught, missed and marked for nothing."""

from collections import Counter
from typing import Any

import msgspec

from assistant.chat.checking import check
from assistant.chat.events import Answer
from tests.checking.frozen import Corpora, message_for, part
from tests.checking.model import Mutation

ADVICE = ("This says what you have", "This tells you to change a medicine")
MARKED_KINDS = ("digit", "swap", "unit", "date")


class Miss(msgspec.Struct, frozen=True):
    """Something that the check got wrong."""

    what: str
    question: str
    text: str
    was: str
    """The sentence before it was changed; the marked numbers, where something right was marked."""
    now: str


class Measured(msgspec.Struct, frozen=True):
    """What came out."""

    caught: dict[str, float]
    """Share of each kind of mutation."""
    tried: dict[str, int]
    false_marks: float
    """Share of the numbers in right answers that were marked."""
    numbers: int
    answers_marked: float
    """Share of right answers with at least one mark."""
    advice_recall: float
    advice_false_alarms: float
    misses: tuple[Miss, ...]

    @property
    def figures(self) -> dict[str, Any]:
        """For the benchmark's print-out."""
        marked = {kind: self.tried.get(kind, 0) for kind in MARKED_KINDS}
        every = sum(self.caught[kind] * tried for kind, tried in marked.items()) / sum(marked.values())
        named = {
            f"caught: {kind}, of {self.tried[kind]}": round(self.caught[kind], 4) for kind in self.caught
        }
        return {
            "caught: all but negations": round(every, 4),
            **named,
            f"false marks, of {self.numbers} numbers": round(self.false_marks, 4),
            "right answers with a false mark": round(self.answers_marked, 4),
            "advice recall": round(self.advice_recall, 4),
            "advice false alarms": round(self.advice_false_alarms, 4),
        }


def measure(corpora: Corpora, *, aside: bool | None = None) -> Measured:
    """Over the part that is kept aside, over the other, or (None) over both."""
    wanted = part((answer.text for answer in corpora.answers), aside=aside)
    misses: list[Miss] = []
    checked = {place: _check(corpora, place, corpora.answers[place].text) for place in wanted}
    marks = {place: [one for one in answer.numbers if not one.ok] for place, answer in checked.items()}
    for place, bad in marks.items():
        if bad:
            told = ", ".join(f"{one.text} at {one.at}" for one in bad)
            misses.append(_miss(corpora, place, "false mark", corpora.answers[place].text, told, ""))
    numbers = sum(len(answer.numbers) for answer in checked.values())
    tried, caught = _mutations(corpora, checked, misses)
    recall, alarms = _advice(corpora, aside, misses)
    return Measured(
        {kind: caught[kind] / tried[kind] for kind in sorted(tried)},
        dict(tried),
        sum(map(len, marks.values())) / max(1, numbers),
        numbers,
        sum(bool(bad) for bad in marks.values()) / len(wanted),
        recall,
        alarms,
        tuple(misses),
    )


def _check(corpora: Corpora, place: int, text: str) -> Answer:
    return check(text, corpora.messages[corpora.answers[place].message])


def _miss(corpora: Corpora, place: int, what: str, text: str, was: str, now: str) -> Miss:
    return Miss(what, corpora.messages[corpora.answers[place].message].question, text, was, now)


def _mutations(
    corpora: Corpora, checked: dict[int, Answer], misses: list[Miss]
) -> tuple[Counter[str], Counter[str]]:
    tried: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    for mutation in corpora.mutations:
        if mutation.answer not in checked:
            continue
        tried[mutation.kind] += 1
        now, before = _check(corpora, mutation.answer, mutation.text), checked[mutation.answer]
        if is_caught(mutation, now, before):
            caught[mutation.kind] += 1
        else:
            old = corpora.answers[mutation.answer].text
            was = " / ".join(old[start:stop] for start, stop in mutation.before)
            said = " / ".join(mutation.text[start:stop] for start, stop in mutation.sentences)
            misses.append(_miss(corpora, mutation.answer, mutation.kind, mutation.text, was, said))
    return tried, caught


def is_caught(mutation: Mutation, now: Answer, before: Answer) -> bool:
    """Whether the changed place is marked, or its sentence has a mark that the right one did not have."""
    if any(_marks(now, place) for place in mutation.places):
        return True
    if mutation.kind == "negation" and len(now.warnings) > len(before.warnings):
        return True
    sentences = zip(mutation.sentences, mutation.before, strict=True)
    return any(_marks(now, said) > _marks(before, was) for said, was in sentences)


def _marks(answer: Answer, within: tuple[int, int]) -> int:
    start, stop = within
    return sum(not one.ok and one.at < stop and one.at + len(one.text) > start for one in answer.numbers)


def _advice(corpora: Corpora, aside: bool | None, misses: list[Miss]) -> tuple[float, float]:
    places = part((sentence.text for sentence in corpora.sentences), aside=aside)
    warned: dict[bool, list[bool]] = {True: [], False: []}
    for sentence in (corpora.sentences[place] for place in places):
        answer = check(sentence.text, message_for(sentence))
        found = any(warning.startswith(ADVICE) for warning in answer.warnings)
        warned[sentence.advice].append(found)
        if found != sentence.advice:
            what = "advice missed" if sentence.advice else "advice alarm"
            misses.append(Miss(what, "", sentence.text, "", "; ".join(one.text for one in sentence.sources)))
    return sum(warned[True]) / len(warned[True]), sum(warned[False]) / len(warned[False])
