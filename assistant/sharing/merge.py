"""One event told by several sources becomes one record, computed only over what is in view.

Records merge when their event keys are equal and they come from different sources; two of one source never
merge. Order and choice depend on content, never on ids, so leaving a source out gives what a vault without
it would give.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from assistant.records.model import Record
from assistant.records.show import line
from assistant.vault.query import Stored


class Merged(msgspec.Struct, frozen=True, gc=False):
    """A record as it is told, with every record it was made of (itself first)."""

    record: Record
    told_by: tuple[Stored, ...]


def merge(stored: Sequence[Stored]) -> list[Merged]:
    """Merge what tells of one event; the order of first appearance is kept."""
    if len({row.source for row in stored}) < 2:
        return [Merged(row.record, (row,)) for row in stored]
    slots: dict[tuple[str, int], list[Stored]] = {}
    order: list[tuple[str, int]] = []
    for key, group in _by_event(stored).items():
        for slot, row in _slots(group):
            place = (key, slot)
            if place not in slots:
                order.append(place)
            slots.setdefault(place, []).append(row)
    merged = [_join(slots[place]) for place in order]
    position = {row.record.id: at for at, row in enumerate(stored)}
    return sorted(merged, key=lambda m: min(position[row.record.id] for row in m.told_by))


def _by_event(stored: Iterable[Stored]) -> dict[str, list[Stored]]:
    groups: dict[str, list[Stored]] = defaultdict(list)
    for row in stored:
        groups[row.record.event or f"only {row.record.id}"].append(row)
    return groups


def _slots(group: list[Stored]) -> list[tuple[int, Stored]]:
    if len(group) == 1:
        return [(0, group[0])]
    seen: dict[str, int] = defaultdict(int)
    numbered = []
    for row in sorted(group, key=_content):
        numbered.append((seen[row.source], row))
        seen[row.source] += 1
    return numbered


def _join(rows: list[Stored]) -> Merged:
    if len(rows) == 1:
        return Merged(rows[0].record, (rows[0],))
    rows = sorted(rows, key=_content)
    first = min(rows, key=lambda row: (-_completeness(row.record), _content(row)))
    others = [row for row in rows if row is not first]
    elements = list(first.record.elements)
    told = {(element.path, element.text) for element in elements}
    for row in others:
        for element in row.record.elements:
            if (element.path, element.text) not in told:
                told.add((element.path, element.text))
                elements.append(element)
    return Merged(msgspec.structs.replace(first.record, elements=tuple(elements)), (first, *others))


def _completeness(record: Record) -> int:
    return 4 * bool(record.ranges) + 2 * bool(record.interpretation) + len(record.elements)


def _content(row: Stored) -> tuple[str, str, str]:
    record = row.record
    return (line(record), record.recorded or "", record.status or "")
