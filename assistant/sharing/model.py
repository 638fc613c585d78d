"""What sharing is made of: destinations, grants, and the outgoing message. Values only."""

from typing import Any

import msgspec

from assistant.records.model import Category


class Destination(msgspec.Struct, frozen=True):
    """Somewhere a message can go."""

    id: str
    adapter: str
    model: str
    host: str | None = None
    """The network host, or None where nothing leaves this process."""
    stays_here: bool = False
    """Whether what is sent stays on this computer."""
    base_url: str | None = None
    """Where its requests begin; None where nothing leaves this process."""
    narrow: bool = False
    """A small model: it gets few records and short instructions."""
    tools: bool = False
    """Whether it may ask to look up more."""

    @property
    def in_process(self) -> bool:
        """Whether it is only code reading the vault, so that sending needs no approval."""
        return self.adapter == "offline"


OFFLINE = Destination(id="offline", adapter="offline", model="offline", stays_here=True)
SCRIPTED = Destination(id="scripted", adapter="scripted", model="scripted", stays_here=True)


class Grant(msgspec.Struct, frozen=True, order=True):
    """What may go where: one category to one destination, narrowed by what is set."""

    destination: str
    category: Category
    source: str | None = None
    since: str | None = None
    """ISO day: only records whose date can't lie before."""
    record: str | None = None
    until: str | None = None
    """UTC time after which it no longer holds."""
    chat: str | None = None
    """Holds in this chat only."""


class Item(msgspec.Struct, frozen=True):
    """One record in an outgoing message, as the model gets it."""

    ref: int
    record: str
    category: Category
    text: str
    tokens: int


class FactLine(msgspec.Struct, frozen=True):
    """One fact in an outgoing message; `items` are the refs of the records in the message it rests on."""

    ref: str
    kind: str
    text: str
    items: tuple[int, ...]
    records: tuple[str, ...]


class Exchange(msgspec.Struct, frozen=True):
    """An earlier question of this chat and its answer."""

    question: str
    answer: str


class Tool(msgspec.Struct, frozen=True):
    """Something that a model may ask to have looked up. It reads, and takes words and dates only."""

    name: str
    description: str
    schema: dict[str, Any]
    """JSON Schema of its arguments."""


class ToolCall(msgspec.Struct, frozen=True):
    """A look-up that a model asks for; `arguments` is the JSON that it wrote, whatever that is."""

    id: str
    name: str
    arguments: str


class Round(msgspec.Struct, frozen=True):
    """What a model said and asked for within one turn, and what it was told."""

    text: str
    calls: tuple[ToolCall, ...]
    results: tuple[str, ...]
    """One for each call, in its order."""


class PromptUsed(msgspec.Struct, frozen=True):
    """Which words went along: a prompt's or a skill's id, version, and the hash of what it said."""

    id: str
    version: int
    sha256: str


class Message(msgspec.Struct, frozen=True):
    """All that an adapter may turn into a request; it holds nothing that sharing did not admit."""

    prompt: str
    """Id and version of the prompt, and of the skill where there is one: `ask@1`, `ask@1 changes@2`."""
    instructions: str
    today: str
    """ISO day, so that a model can place dates."""
    history: tuple[Exchange, ...]
    facts: tuple[FactLine, ...]
    items: tuple[Item, ...]
    question: str
    tokens: int
    """Estimate for the whole."""
    tools: tuple[Tool, ...] = ()
    rounds: tuple[Round, ...] = ()
    """Look-ups of this turn so far."""
    at_first: int = 0
    """How many of the items the turn began with; later ones stand in the results of look-ups."""
    prompts: tuple[PromptUsed, ...] = ()
    """The base prompt, then the skill where there is one."""
