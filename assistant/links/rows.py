"""From a record to what the vault keeps: references in one spelling, what it is found and ordered by."""

from collections.abc import Mapping

import msgspec

from assistant.records.dates import first_day, last_day, sort_key
from assistant.records.model import Record
from assistant.records.words import index_texts
from assistant.vault.query import NewRecord


def new_record(record: Record, *, raw: int, source: str) -> NewRecord:
    """The row of a record, with the texts it is found by, one for each category that it holds text of."""
    return NewRecord(
        record=record,
        raw=raw,
        source=source,
        sort=sort_key(record.when),
        first_day=first_day(record.when),
        last_day=last_day(record.when),
        texts=index_texts(record),
    )


def in_one_spelling(record: Record, aliases: Mapping[str, str]) -> tuple[Record, tuple[str, ...]]:
    """The record with `urn:` references as `Type/id`, and those that aren't known by now."""
    named = [element.target for element in record.elements if element.target and element.target in aliases]
    if named:
        elements = tuple(
            msgspec.structs.replace(element, target=aliases.get(element.target or "", element.target))
            for element in record.elements
        )
        record = msgspec.structs.replace(record, elements=elements)
    if any(member in aliases for member in record.members):
        members = tuple(aliases.get(member, member) for member in record.members)
        record = msgspec.structs.replace(record, members=members)
    left = (*record.members, *(element.target for element in record.elements if element.target))
    return record, tuple(target for target in left if target.startswith("urn:"))
