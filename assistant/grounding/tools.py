"""What a model may have looked up: four readings of what is shared with it. None takes an address, a path
or code.

A model's words are data: whatever they say, a look-up only reads through the reader it is given, and what it
returns is bounded.
"""

import datetime as dt
from collections.abc import Sequence
from typing import TypeVar

import msgspec

from assistant.grounding.ground import ground
from assistant.grounding.lexicon import lexicon
from assistant.grounding.question import understand
from assistant.grounding.reader import Reader
from assistant.grounding.topic import topics
from assistant.grounding.understanding import Understanding
from assistant.grounding.window import Shape, Window
from assistant.records.model import Category, Record
from assistant.sharing.model import Item, Tool, ToolCall
from assistant.vault.query import RecordQuery

MOST_RECORDS = 12
MOST_OF_A_SERIES = 40
BUDGET_TOKENS = 900
PASSAGE = 1500
"""Characters of a note in one reading."""

NOT_LIKE_THIS = "This look-up can't be done like this."
_LONGEST = 200


class _Search(msgspec.Struct, forbid_unknown_fields=True):
    words: str
    category: Category | None = None
    since: dt.date | None = None
    until: dt.date | None = None


class _Series(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    since: dt.date | None = None
    until: dt.date | None = None


class _Passage(msgspec.Struct, forbid_unknown_fields=True):
    record: int
    part: int = 1


class _Code(msgspec.Struct, forbid_unknown_fields=True):
    record: int


_Form = TypeVar("_Form", _Search, _Series, _Passage, _Code)


class LookedUp(msgspec.Struct, frozen=True):
    """What a look-up found."""

    records: tuple[Record, ...] = ()
    said: tuple[str, ...] = ()
    """Lines before the records: what was worked out, or why there is nothing."""
    looked_in: tuple[Category, ...] = ()
    """Everything that the result tells of, by what it holds or by what it lacks."""


def tools() -> tuple[Tool, ...]:
    """The look-ups, as a model is told of them."""
    day = {"type": "string", "description": "An ISO day: 2024-05-03."}
    number = {"type": "integer", "description": "The number of a record: 3 for [3]."}
    category = {"type": "string", "enum": [c.value for c in Category]}
    return (
        _tool("search_records", "Find the patient's records by words, with what can be worked out.",
              ("words",), words={"type": "string"}, category=category, since=day, until=day),
        _tool("list_series", "All values of one measurement or test, newest first.",
              ("name",), name={"type": "string"}, since=day, until=day),
        _tool("read_note", "The text of a note or document that is among the records, part by part.",
              ("record",), record=number, part={"type": "integer", "description": "1 for the beginning."}),
        _tool("explain_code", "The codes of a record and what their code systems call them.",
              ("record",), record=number),
    )  # fmt: skip


def _tool(tool: str, description: str, required: tuple[str, ...], /, **properties: object) -> Tool:
    schema = {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }
    return Tool(tool, description, schema)


def look_up(call: ToolCall, reader: Reader, today: str, items: Sequence[Item]) -> LookedUp:
    """Do what a model asks for, as far as it is one of the look-ups."""
    try:
        match call.name:
            case "search_records":
                return _search(_read(call, _Search), reader, today)
            case "list_series":
                return _series(_read(call, _Series), reader, today)
            case "read_note":
                return _passage(_read(call, _Passage), reader, items)
            case "explain_code":
                return _codes(_read(call, _Code), reader, items)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        pass
    return LookedUp(said=(NOT_LIKE_THIS,))


def _read(call: ToolCall, form: type[_Form]) -> _Form:
    return msgspec.json.decode(call.arguments, type=form)


def _search(asked: _Search, reader: Reader, today: str) -> LookedUp:
    understanding = _understood(asked.words, today, asked.since, asked.until)
    if asked.category is not None:
        reader = _Within(reader, asked.category)
    found = ground(understanding, reader, budget_tokens=BUDGET_TOKENS, most_records=MOST_RECORDS)
    looked_in = (asked.category,) if asked.category is not None else tuple(Category)
    return LookedUp(found.records, tuple(fact.text for fact in found.facts), looked_in)


def _series(asked: _Series, reader: Reader, today: str) -> LookedUp:
    understanding = _understood(asked.name, today, asked.since, asked.until)
    found = topics(understanding, reader, lexicon())
    records = [record for topic in found.topics for record in topic.records]
    most = records[:MOST_OF_A_SERIES]
    more = len(records) - len(most)
    said = (f"The newest {len(most)} of {len(records)}:",) if more else ()
    return LookedUp(tuple(most), said, tuple(Category))


def _understood(words: str, today: str, since: dt.date | None, until: dt.date | None) -> Understanding:
    understanding = understand(words[:_LONGEST], today=dt.date.fromisoformat(today))
    if since is None and until is None:
        return understanding
    window = Window(
        shape=Shape.BETWEEN,
        words=f"from {since or 'the beginning'} to {until or today}",
        since=since.isoformat() if since else None,
        until=until.isoformat() if until else today,
    )
    return msgspec.structs.replace(understanding, window=window)


def _passage(asked: _Passage, reader: Reader, items: Sequence[Item]) -> LookedUp:
    record = _of_number(asked.record, reader, items)
    if record is None:
        return LookedUp(said=(NOT_LIKE_THIS,))
    text = "\n".join(element.text for element in record.elements if element.text)
    start = (max(asked.part, 1) - 1) * PASSAGE
    parts = -(-len(text) // PASSAGE)
    piece = text[start : start + PASSAGE]
    head = f"Part {asked.part} of {parts} of [{asked.record}]:" if piece else "There is no more of it."
    return LookedUp(said=(head, piece), looked_in=_inside(record))


def _codes(asked: _Code, reader: Reader, items: Sequence[Item]) -> LookedUp:
    record = _of_number(asked.record, reader, items)
    if record is None:
        return LookedUp(said=(NOT_LIKE_THIS,))
    lines = tuple(f"{c.system or 'no system'} {c.code or ''}: {c.display or ''}" for c in record.codes)
    return LookedUp(said=lines or ("It carries no code.",), looked_in=_inside(record))


def _inside(record: Record) -> tuple[Category, ...]:
    return (record.category, *dict.fromkeys(element.category for element in record.elements))


def _of_number(number: int, reader: Reader, items: Sequence[Item]) -> Record | None:
    known = next((item.record for item in items if item.ref == number), None)
    found = reader.find(RecordQuery(ids=(known,))) if known else ()
    return found[0] if found else None


class _Within:
    """A reader of one category only."""

    def __init__(self, reader: Reader, category: Category) -> None:
        self._reader = reader
        self._category = category

    def find(self, query: RecordQuery) -> Sequence[Record]:
        """As the reader, in this category."""
        return self._reader.find(self._narrowed(query))

    def count(self, query: RecordQuery) -> int:
        """As the reader, in this category."""
        return self._reader.count(self._narrowed(query))

    def _narrowed(self, query: RecordQuery) -> RecordQuery:
        own = query.categories is None or self._category in query.categories
        return msgspec.structs.replace(query, categories=(self._category,) if own else ())
