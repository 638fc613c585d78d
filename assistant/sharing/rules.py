"""The one place where it is decided what may go where.

A grant becomes atoms of a reach (`assistant.vault.query`); a record lies in a reach when one atom admits it;
an element of a record needs, besides, an atom of its own category. Offline holds grants like any other
destination, made with the vault, and reads labelled records under them because nothing leaves the process.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from assistant.records.dates import first_day
from assistant.records.model import Category, Element, Record
from assistant.sharing.model import OFFLINE, Destination, Grant
from assistant.vault.query import Atom, Reach


def starting_grants() -> tuple[Grant, ...]:
    """The grants of a new vault: offline, which is code in this process, may read everything."""
    return tuple(Grant(OFFLINE.id, category) for category in Category)


def holds(grant: Grant, *, now: dt.datetime, chat: str | None) -> bool:
    """Whether a grant is in force at this moment in this chat. `now` is aware."""
    if grant.chat is not None and grant.chat != chat:
        return False
    return grant.until is None or now < dt.datetime.fromisoformat(grant.until)


def reach_of(
    destination: Destination,
    grants: Iterable[Grant],
    *,
    now: dt.datetime,
    chat: str | None,
    once: Sequence[Category] = (),
) -> Reach:
    """What a message to this destination may draw on now; `once` adds categories for this question only."""
    atoms = {
        Atom(g.category, g.source, g.since, g.record, labelled=destination.in_process)
        for g in grants
        if g.destination == destination.id and holds(g, now=now, chat=chat)
    }
    atoms |= {Atom(category, labelled=destination.in_process) for category in once}
    return tuple(sorted(atoms, key=_order))


def admits(atom: Atom, *, category: Category, source: str, record: Record) -> bool:
    """Whether an atom admits this record (or an element of it) under this category."""
    if atom.category != category:
        return False
    if atom.source is not None and atom.source != source:
        return False
    if atom.record is not None and atom.record != record.id:
        return False
    if atom.since is not None and (first_day(record.when) or "") < atom.since:
        return False
    return atom.labelled or atom.record == record.id or not record.labels


Sorted = Mapping[Category, Reach]
"""A reach by category."""


def by_category(reach: Reach) -> Sorted:
    """The atoms of each category in a reach."""
    return {category: narrowed(reach, (category,)) for category in {atom.category for atom in reach}}


def visible_elements(reach: Sorted, record: Record, source: str) -> tuple[Element, ...]:
    """The elements of a record in reach whose own category is in reach too."""
    shown: dict[tuple[Category, bool], bool] = {}
    kept = []
    for element in record.elements:
        kind = (element.category, bool(element.labels))
        if kind not in shown:
            shown[kind] = _admitted(reach, kind[0], source, record, labelled=kind[1])
        if shown[kind]:
            kept.append(element)
    return record.elements if len(kept) == len(record.elements) else tuple(kept)


def _admitted(reach: Sorted, category: Category, source: str, record: Record, *, labelled: bool) -> bool:
    """Whether elements of a category show in a record; those marked as sensitive need a word of their own."""
    for atom in reach.get(category, ()):
        if labelled and not atom.labelled and atom.record != record.id:
            continue
        if admits(atom, category=category, source=source, record=record):
            return True
    return False


def common(reaches: Sequence[Reach]) -> Reach:
    """What lies in all of these reaches."""
    first, *others = reaches
    for other in others:
        met = {atom for one in first for two in other if (atom := _meet(one, two)) is not None}
        first = tuple(sorted(met, key=_order))
    return first


def _meet(one: Atom, two: Atom) -> Atom | None:
    """What both admit, or None where that is nothing for sure."""
    if one.category != two.category:
        return None
    if one.source and two.source and one.source != two.source:
        return None
    if one.record and two.record and one.record != two.record:
        return None
    if any(
        named.record and not wide.record and not wide.labelled for named, wide in ((one, two), (two, one))
    ):
        return None  # naming a record admits it even where it is marked as sensitive; the other may not
    return Atom(
        one.category,
        one.source or two.source,
        max(one.since or "", two.since or "") or None,
        one.record or two.record,
        one.labelled and two.labelled,
    )


def narrowed(reach: Reach, categories: Sequence[Category]) -> Reach:
    """The part of a reach that lies in these categories."""
    return tuple(atom for atom in reach if atom.category in categories)


def within(reach: Reach, only: Sequence[Category]) -> Reach:
    """As `narrowed`, and all of it where no category is named."""
    return narrowed(reach, only) if only else reach


def covers(now: Reach, then: Reach) -> bool:
    """Whether everything that `then` could draw on is still in reach now."""
    return all(any(_within(old, new) for new in now) for old in then)


def _within(old: Atom, new: Atom) -> bool:
    if old.category != new.category:
        return False
    if new.source is not None and new.source != old.source:
        return False
    if new.record is not None and new.record != old.record:
        return False
    if new.since is not None and (old.since is None or old.since < new.since):
        return False
    return new.labelled or not old.labelled


def _order(atom: Atom) -> tuple[int, str, str, str, bool]:
    position = list(Category).index(atom.category)
    return (position, atom.source or "", atom.since or "", atom.record or "", atom.labelled)
