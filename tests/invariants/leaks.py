"""Bugs that would let something through: each breaks one line of the product, as a careless change might.

Every one is seeded in turn; the twins must tell on all of them (`test_leaks`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import msgspec

from assistant.chat import log, looking_up, prepare, service
from assistant.chat.service import ChatService
from assistant.records.model import Category, Record
from assistant.sharing import reader
from assistant.sharing.history import Kept
from assistant.sharing.reader import SharedReader
from assistant.vault.query import EVERYTHING, Reach, RecordQuery, Stored
from assistant.vault.records import RecordStore
from assistant.vault.session import Session

Leak = Callable[[], Any]


def patched(target: Any, name: str, make: Callable[[Any], Any]) -> Any:
    return mock.patch.object(target, name, make(getattr(target, name)))


def in_message(change: Callable[[SharedReader, Any, list[Record]], tuple[Any, list[Record]]]) -> Any:
    """Let everything in the vault have a say in the words or the records of a message."""
    seen: list[SharedReader] = []

    def spying(original: Any) -> Any:
        def begin(self: SharedReader, store: Any, reach: Reach) -> None:
            original(self, store, reach)
            seen.append(self)

        return begin

    def leaking(original: Any) -> Any:
        def build(words: Any, question: str, *, records: Any, **more: Any) -> Any:
            words, records = change(seen[-1], words, list(records))
            return original(words, question, records=records, **more)

        return build

    @contextmanager
    def both() -> Iterator[None]:
        with patched(SharedReader, "__init__", spying), patched(prepare, "build", leaking):
            yield

    return both()


def in_instructions(text: Callable[[SharedReader], str]) -> Any:
    """Words about everything in the vault, slipped into what the model is told."""

    def change(shared: SharedReader, words: Any, records: list[Record]) -> tuple[Any, list[Record]]:
        return msgspec.structs.replace(words, instructions=words.instructions + text(shared)), records

    return in_message(change)


def turned_by_the_vault(shared: SharedReader, words: Any, records: list[Record]) -> tuple[Any, list[Record]]:
    """Order records by how many there are in the whole vault, as corpus-wide scores do."""
    return words, records[::-1] if len(everything(shared)) % 2 else records


def everything(shared: SharedReader) -> list[Stored]:
    return shared._store.find(EVERYTHING, RecordQuery())


def wide_find(original: Any) -> Any:
    """Forget the reach where records are looked up."""
    return lambda self, _reach, query: original(self, EVERYTHING, query)


def keep_all(original: Any) -> Any:
    """Send the history as it is, whatever has been revoked since."""

    def keep(past: Any, reach: Reach, *, most: int, without: Any = ()) -> Kept:
        return Kept(tuple(turn.exchange for turn in past[-most:]), reach, 0)

    del original
    return keep


def keep_question(original: Any) -> Any:
    """Withhold an answer but say how many were withheld."""

    def keep(past: Any, reach: Reach, *, most: int, without: Any = ()) -> Kept:
        kept: Kept = original(past, reach, most=most)
        if not kept.withheld:
            return kept
        note = msgspec.structs.replace(past[0].exchange, answer=past[-1].exchange.answer[:12])
        return msgspec.structs.replace(kept, exchanges=(note,))

    return keep


def repeats_from_everywhere(original: Any) -> Any:
    """Merge with records that are out of reach."""
    del original

    def with_repeats(self: SharedReader, rows: list[Stored]) -> list[Stored]:
        events = tuple({row.record.event for row in rows if row.record.event})
        have = {row.record.id for row in rows}
        more = self._store.find(EVERYTHING, RecordQuery(events=events)) if events else []
        return rows + [row for row in more if row.record.id not in have]

    return with_repeats


def all_elements(original: Any) -> Any:
    """Show every element of a record that is in reach."""
    del original
    return lambda _reach, record, _source: record.elements


def turn_reach_is_what_was_used(original: Any) -> Any:
    """Remember of a turn only the categories of the records in it."""

    def draft(*args: Any, **more: Any) -> Any:
        result = original(*args, **more)
        used = {item.category for item in result.message.items}
        return msgspec.structs.replace(result, reach=tuple(a for a in result.reach if a.category in used))

    return draft


def labels_ignored(original: Any) -> Any:
    """Share marked records with their category."""

    def reach_of(*args: Any, **more: Any) -> Reach:
        return tuple(msgspec.structs.replace(atom, labelled=True) for atom in original(*args, **more))

    return reach_of


def narrowing_ignored(field: str) -> Callable[[Any], Any]:
    """Drop one limit of a grant."""

    def make(original: Any) -> Any:
        def reach_of(*args: Any, **more: Any) -> Reach:
            return tuple(msgspec.structs.replace(atom, **{field: None}) for atom in original(*args, **more))

        return reach_of

    return make


def neighbour_category(original: Any) -> Any:
    """Let a grant for visits cover conditions too."""

    def reach_of(*args: Any, **more: Any) -> Reach:
        reach: Reach = original(*args, **more)
        beside = [
            msgspec.structs.replace(atom, category=Category.CONDITIONS)
            for atom in reach
            if atom.category is Category.VISITS
        ]
        return (*reach, *beside)

    return reach_of


def limit_before_reach(original: Any) -> Any:
    """Take the newest few of everything, then look what of it is in reach."""

    def find(self: RecordStore, reach: Reach, query: RecordQuery) -> list[Stored]:
        newest = {row.record.id for row in original(self, EVERYTHING, RecordQuery())[:12]}
        return [row for row in original(self, reach, query) if row.record.id in newest]

    return find


def titles(shared: SharedReader) -> str:
    return "Known titles: " + ", ".join(sorted({row.record.title for row in everything(shared)}))


def hidden(shared: SharedReader) -> list[Stored]:
    visible = {row.record.id for row in shared._store.find(shared.reach, RecordQuery())}
    return [row for row in everything(shared) if row.record.id not in visible]


def newest_day(shared: SharedReader) -> str:
    return max((row.record.when.start or "" for row in everything(shared)), default="")


def past_of_all_chats(original: Any) -> Any:
    """Take answers of offline turns along as if they had been this destination's."""

    def earlier(session: Session, chat: str | None, *, before: int | None) -> Any:
        past, previous = original(session, chat, before=before)
        return [msgspec.structs.replace(turn, reach=()) for turn in past], previous

    return earlier


def once_forever(original: Any) -> Any:
    """Let what was shared once stay shared in the chat."""
    remembered: set[Category] = set()

    def _reach(self: ChatService, session: Session, question: Any, chat: str | None) -> Reach:
        remembered.update(question.once)
        wider = msgspec.structs.replace(question, once=tuple(remembered))
        reach: Reach = original(self, session, wider, chat)
        return reach

    return _reach


def reads_everything(original: Any) -> Any:
    """A look-up that forgets what is shared."""
    return lambda store, reach: original(store, EVERYTHING)


def says_how_much_there_is(original: Any) -> Any:
    """A look-up that counts what it may not show."""

    def look_up(call: Any, shared: SharedReader, today: str, items: Any) -> Any:
        found = original(call, shared, today, items)
        return msgspec.structs.replace(found, said=(*found.said, f"{len(everything(shared))} in all."))

    return look_up


LEAKS: dict[str, Leak] = {
    "look-ups in everything": lambda: patched(looking_up, "SharedReader", reads_everything),
    "a count beside a look-up": lambda: patched(looking_up, "look_up", says_how_much_there_is),
    "a count of records": lambda: in_instructions(lambda s: f" {len(everything(s))} records exist."),
    "a count of hidden records": lambda: in_instructions(lambda s: f" {len(hidden(s))} are not shown."),
    "whether anything is hidden": lambda: in_instructions(lambda s: " Some is hidden." if hidden(s) else ""),
    "hidden titles": lambda: in_instructions(titles),
    "a list of categories with records": lambda: in_instructions(
        lambda s: " ".join(sorted({row.record.category.value for row in everything(s)}))
    ),
    "the newest date": lambda: in_instructions(newest_day),
    "the number of sources": lambda: in_instructions(lambda s: str(len({r.source for r in everything(s)}))),
    "an id of a hidden record": lambda: in_instructions(
        lambda s: " ".join(sorted(row.record.id for row in hidden(s))[:1])
    ),
    "a hash of hidden records": lambda: in_instructions(
        lambda s: str(sorted((r.record.title, str(r.record.value)) for r in hidden(s)).__repr__().__len__())
    ),
    "an error text": lambda: in_instructions(
        lambda s: next((f" Could not show {row.record.title}." for row in hidden(s)), "")
    ),
    "the reach forgotten in look-ups": lambda: patched(RecordStore, "find", wide_find),
    "every element shown": lambda: patched(reader, "visible_elements", all_elements),
    "merges with what is hidden": lambda: patched(SharedReader, "_with_repeats", repeats_from_everywhere),
    "an order by the whole vault": lambda: in_message(turned_by_the_vault),
    "a limit before the reach": lambda: patched(RecordStore, "find", limit_before_reach),
    "history sent whole": lambda: patched(prepare, "keep", keep_all),
    "a history line of a withheld turn": lambda: patched(prepare, "keep", keep_question),
    "turns remembered by what they used": lambda: patched(service, "draft", turn_reach_is_what_was_used),
    "offline answers taken along": lambda: patched(log, "earlier", past_of_all_chats),
    "marked records shared": lambda: patched(service, "reach_of", labels_ignored),
    "a grant's source ignored": lambda: patched(service, "reach_of", narrowing_ignored("source")),
    "a grant's first day ignored": lambda: patched(service, "reach_of", narrowing_ignored("since")),
    "a neighbouring category let in": lambda: patched(service, "reach_of", neighbour_category),
    "once meaning always": lambda: patched(ChatService, "_reach", once_forever),
}
"""By what they let through."""
