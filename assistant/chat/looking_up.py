"""What a model asks for within a turn is looked up in what is shared with it, and put in the next message."""

from collections.abc import Callable, Sequence

import msgspec

from assistant.chat.prepare import Draft
from assistant.chat.sending import Sent
from assistant.grounding.tokens import estimate
from assistant.grounding.tools import NOT_LIKE_THIS, LookedUp, look_up
from assistant.records.model import Category, Record
from assistant.sharing.model import Item, Round, ToolCall
from assistant.sharing.outgoing import item
from assistant.sharing.reader import SharedReader, Store
from assistant.sharing.withheld import Withholding
from assistant.vault.query import Reach
from assistant.vault.records import RecordStore
from assistant.vault.vault import Session, Vault


class LookUps:
    """The look-ups of one turn."""

    def __init__(self, vault: Vault, without: Sequence[str], reach: Callable[[Session], Reach]) -> None:
        self._vault = vault
        self._without = without
        self._reach = reach

    def run(self, draft: Draft, sent: Sent) -> Draft:
        """The next message: all of the one before, what the model asked for, and what there is of it."""
        with self._vault.read() as session:
            reach = self._reach(session)
            store: Store = RecordStore(session)
            if self._without:
                store = Withholding(store, reach, self._without)
            reader = SharedReader(store, reach)
            found = [
                look_up(call, reader, draft.understanding.today, draft.message.items) for call in sent.calls
            ]
        return _with(draft, sent.said, tuple(sent.calls), found, reach)


def _with(
    draft: Draft, said: str, calls: tuple[ToolCall, ...], found: Sequence[LookedUp], reach: Reach
) -> Draft:
    message = draft.message
    items = list(message.items)
    results: list[str] = []
    for one in found:
        lines = [_line(record, items) for record in one.records]
        told_lines = [_quoted(text) for text in one.said]
        results.append("\n".join([*told_lines, *lines]) or "Nothing like this is in what was shared.")
    told = {category for one in found for category in one.looked_in} & {atom.category for atom in reach}
    asked = Round(said, calls, tuple(results))
    tokens = message.tokens + sum(estimate(text) for text in (said, *results))
    return msgspec.structs.replace(
        draft,
        message=msgspec.structs.replace(
            message,
            items=tuple(items),
            rounds=(*message.rounds, asked),
            at_first=message.at_first if message.rounds else len(message.items),
            tokens=tokens,
        ),
        reach=tuple(sorted({*draft.reach, *reach}, key=repr)),
        categories=tuple(c for c in Category if c in told or c in draft.categories),
    )


def _quoted(text: str) -> str:
    """Its lines marked, but those of a list: what a note says must not pass for the line of a record."""
    if text == NOT_LIKE_THIS:
        return text
    return "\n".join(line if line.startswith("- ") else f"| {line}" for line in text.splitlines())


def _line(record: Record, items: list[Item]) -> str:
    """The record with its number in the message: the one it has, or the next."""
    known = next((have for have in items if have.record == record.id), None)
    if known is None:
        known = item(len(items) + 1, record, estimate)
        items.append(known)
    return f"[{known.ref}] {known.text}"
