"""A model that always wants more: it asks for look-ups, sensible and not, as long as it is told anything."""

import json
from collections.abc import AsyncGenerator, Sequence

from assistant.llm.base import Delta, Passage, Piece, Request, Usage
from assistant.llm.local import passed
from assistant.sharing.model import Destination, Message, ToolCall

CURIOUS = Destination(id="curious", adapter="scripted", model="curious", stays_here=True, tools=True)


def call(name: str, n: int = 0, /, **arguments: object) -> ToolCall:
    """A look-up as a model writes it."""
    return ToolCall(f"call-{n}", name, json.dumps(arguments))


class CuriousBackend:
    """Asks for what it is told to ask for, round by round; without that, for a little of everything."""

    def __init__(
        self, rounds: Sequence[Sequence[ToolCall]] | None = None, destination: Destination = CURIOUS
    ) -> None:
        self.destination = destination
        self._rounds = rounds
        self.received: list[Request] = []

    async def talk(self, message: Message, passage: Passage) -> AsyncGenerator[Piece, None]:
        self.received.append(await passed(self.destination, message, passage))
        at = len(message.rounds)
        rounds = self._rounds if self._rounds is not None else _of_everything(message)
        yield Delta(f"Part {at}. ")
        for wanted in rounds[at] if at < len(rounds) else ():
            yield wanted
        yield Usage(input=10, output=5)


def _of_everything(message: Message) -> Sequence[Sequence[ToolCall]]:
    return (
        (call("search_records", 1, words=message.question), call("list_series", 2, name="LDL cholesterol")),
        (
            call("search_records", 3, words="asthma", category="conditions"),
            call("read_note", 4, record=1),
            call("explain_code", 5, record=1),
        ),
        (call("search_records", 6, words="everything", since="2020-01-01"),),
    )
