"""Whose chart the vault holds: kept in it, proposed by the first import that names exactly one person."""

import msgspec

from assistant.errors import UsageError
from assistant.links.arrivals import arrivals
from assistant.links.failing import told
from assistant.links.report import FileReport, OwnerName
from assistant.links.whose import Persons, propose
from assistant.records.person import Person, needs_person, read_person
from assistant.vault.meta import MetaStore
from assistant.vault.session import Session
from connectors.base import Connector
from connectors.errors import SourceError

OWNER = "owner"


class OwnerStore:
    """The owner of one vault, within one transaction."""

    def __init__(self, session: Session) -> None:
        self._meta = MetaStore(session)

    def get(self) -> Person | None:
        """Whose chart it is, None while that isn't known."""
        kept = self._meta.get(OWNER)
        return None if kept is None else msgspec.msgpack.decode(kept, type=Person)

    def set(self, owner: Person | None) -> None:
        """Say whose chart it is."""
        if owner is None:
            self._meta.remove(OWNER)
        else:
            self._meta.set(OWNER, msgspec.msgpack.encode(owner))


def owner_name(owner: Person | None) -> OwnerName | None:
    """What to call the owner."""
    return None if owner is None else OwnerName(owner.name, owner.born)


async def read_owner(connector: Connector, named: str | None = None) -> Person:
    """The one person that a source names; with `named`, the one of this name or id.

    Raises:
        SourceFailed: the source can't be read.
        UsageError: it names nobody, or several.
    """
    persons = Persons()
    try:
        async for batch in connector.read():
            for arrival in arrivals(batch, FileReport(batch.part, batch.format)):
                note_person(persons, arrival.type, arrival.person)
                if arrival.type == "Patient":
                    persons.describe(read_person(arrival.resource, arrival.item.full_url))
    except SourceError as error:
        raise told(error) from None
    owner = propose([persons], named)
    if owner is None:
        raise UsageError(
            "This file doesn't name exactly one person.",
            "Name a file with one Patient in it, or say which one with --patient NAME.",
        )
    return owner


def note_person(persons: Persons, type_: str, person: str | None) -> None:
    """Take note of whom a resource says it is about."""
    if type_ != "Patient" and person is not None and needs_person(type_):
        persons.named.add(person)
