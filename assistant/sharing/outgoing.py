"""Build the outgoing message from what was found within a reach. Nothing else may add to it."""

import datetime as dt
from collections.abc import Callable, Sequence

import msgspec

from assistant.records.facts import Fact
from assistant.records.model import Record
from assistant.records.show import line
from assistant.sharing.model import Exchange, FactLine, Item, Message, PromptUsed, Round, Tool


class Words(msgspec.Struct, frozen=True):
    """The fixed words of a message: their text, and where it is from."""

    instructions: str
    prompts: tuple[PromptUsed, ...]

    @property
    def named(self) -> str:
        """Each prompt's id and version."""
        return " ".join(f"{prompt.id}@{prompt.version}" for prompt in self.prompts)


def with_skill(words: Words, name: str, instructions: str, prompt: PromptUsed) -> Words:
    """The words with a skill's below them: it adds to them and takes nothing away."""
    text = (
        f"{words.instructions}\nThe patient chose a form for this answer, called “{name}”. It says only how "
        f"to put the answer; all of the above holds as well, and goes first.\n\n{instructions}"
    )
    return Words(text, (*words.prompts, prompt))


def build(
    words: Words,
    question: str,
    *,
    today: dt.date,
    facts: Sequence[Fact],
    records: Sequence[Record],
    history: Sequence[Exchange],
    estimate: Callable[[str], int],
) -> Message:
    """The message for one question: numbered records, facts that point at them, earlier exchanges."""
    items = tuple(item(ref, record, estimate) for ref, record in enumerate(records, 1))
    refs = {item.record: item.ref for item in items}
    lines = tuple(_fact_line(n, fact, refs) for n, fact in enumerate(facts, 1))
    texts = [words.instructions, question, *(item.text for item in items), *(fact.text for fact in lines)]
    texts += [text for turn in history for text in (turn.question, turn.answer)]
    return Message(
        prompt=words.named,
        instructions=words.instructions,
        today=today.isoformat(),
        history=tuple(history),
        facts=lines,
        items=items,
        question=question,
        tokens=sum(estimate(text) for text in texts),
        prompts=words.prompts,
    )


def item(ref: int, record: Record, estimate: Callable[[str], int]) -> Item:
    """A record as a message holds it, under its number there."""
    text = line(record, record.elements)
    return Item(ref=ref, record=record.id, category=record.category, text=text, tokens=estimate(text))


def _fact_line(number: int, fact: Fact, refs: dict[str, int]) -> FactLine:
    return FactLine(
        ref=f"F{number}",
        kind=fact.kind,
        text=fact.text,
        items=tuple(refs[record] for record in fact.records if record in refs),
        records=fact.records,
    )


class _Reference(msgspec.Struct):
    ref: int
    category: str
    text: str


class _Statement(msgspec.Struct):
    ref: str
    text: str
    records: tuple[int, ...]


class Document(msgspec.Struct, omit_defaults=True):
    """The message as a model gets it where no provider's own form applies; no ids, nothing local."""

    prompt: str
    instructions: str
    today: str
    history: tuple[Exchange, ...]
    facts: tuple[_Statement, ...]
    records: tuple[_Reference, ...]
    question: str
    tools: tuple[Tool, ...] = ()
    rounds: tuple[Round, ...] = ()


def document(message: Message) -> bytes:
    """The message as UTF-8 JSON, the same bytes for the same message."""
    return msgspec.json.encode(
        Document(
            prompt=message.prompt,
            instructions=message.instructions,
            today=message.today,
            history=message.history,
            facts=tuple(_Statement(fact.ref, fact.text, fact.items) for fact in message.facts),
            records=tuple(_Reference(i.ref, i.category, i.text) for i in message.items),
            question=message.question,
            tools=message.tools,
            rounds=message.rounds,
        )
    )
