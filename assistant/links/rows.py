"""From a record to what the vault keeps: references in one spelling, what it is found and ordered by."""

from collections.abc import Mapping

from msgspec.structs import replace

from assistant.records.dates import first_day, last_day, sort_key
from assistant.records.model import Element, Record
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
    named = [*record.members, *[element.target for element in record.elements if element.target]]
    left = tuple([target for target in named if target.startswith("urn:") and target not in aliases])
    if aliases.keys().isdisjoint(named):
        return record, left
    elements = tuple([_in_one_spelling(element, aliases) for element in record.elements])
    members = tuple([aliases.get(member, member) for member in record.members])
    return replace(record, elements=elements, members=members), left


def _in_one_spelling(element: Element, aliases: Mapping[str, str]) -> Element:
    target = aliases.get(element.target or "")
    return element if target is None else replace(element, target=target)
