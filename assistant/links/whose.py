"""Whose record is it? One chart holds one person; what can't be told is kept apart, never guessed."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

import msgspec

from assistant.records.person import Match, Person, compare

T = TypeVar("T")


class Whose(StrEnum):
    """What is known of a Patient reference of a source."""

    OWNER = "owner"
    OTHER = "other"
    DOUBT = "doubt"


class Persons(msgspec.Struct):
    """The persons that one source names: by Patient resource, or only by reference."""

    described: dict[str, Person] = msgspec.field(default_factory=dict)
    """Patient resources, by each key they go by."""
    named: set[str] = msgspec.field(default_factory=set)
    """Every key that a resource's subject names."""

    def describe(self, person: Person) -> None:
        """Take note of a Patient resource."""
        for key in person.keys:
            self.described[key] = person

    @property
    def undescribed(self) -> set[str]:
        """Keys that are named but have no Patient resource."""
        return self.named - self.described.keys()


def decide(key: str, persons: Persons, owner: Person) -> Whose:
    """Whose records those under this key of a source are.

    A Patient resource is compared with the owner. A bare reference is the owner's if it is one of the owner's
    own ids; another person's if the source describes the owner under a different id; in doubt otherwise.
    """
    person = persons.described.get(key)
    if person is not None:
        return _WHOSE[compare(owner, person)]
    if key in owner.keys:
        return Whose.OWNER
    described = persons.described.values()
    return Whose.OTHER if any(compare(owner, p) is Match.SAME for p in described) else Whose.DOUBT


def propose(sources: Iterable[Persons], named: str | None = None) -> Person | None:
    """The owner that an import proposes: the one Patient that all of it holds, if there is exactly one.

    Where there is no Patient resource at all, the one that is referred to. With `named`, the one person of
    this name or id.
    """
    sources = tuple(sources)
    people = _apart(person for persons in sources for person in persons.described.values())
    if not people:
        people = _apart(_unknown(key) for persons in sources for key in sorted(persons.undescribed))
    if named is not None:
        people = [person for person in people if named in (person.name, *person.keys)]
    return people[0] if len(people) == 1 else None


def _apart(described: Iterable[Person]) -> list[Person]:
    """Each person once, with all ids they go by."""
    people: list[Person] = []
    for person in described:
        at = next((i for i, known in enumerate(people) if _same(known, person)), None)
        if at is None:
            people.append(person)
        else:
            people[at] = joined(people[at], person)
    return people


def joined(owner: Person, other: Person) -> Person:
    """The owner, known by the other's ids too; what the owner already says stays."""
    return msgspec.structs.replace(
        owner,
        keys=_union(owner.keys, other.keys),
        identifiers=_union(owner.identifiers, other.identifiers),
        **{
            field: getattr(other, field)
            for field in ("family", "given", "name", "born", "gender")
            if not getattr(owner, field)
        },
    )


def joined_with(owner: Person, sources: Iterable[Persons]) -> Person:
    """The owner, known by every id under which these sources describe the same person."""
    for persons in sources:
        for person in persons.described.values():
            if compare(owner, person) is Match.SAME:
                owner = joined(owner, person)
    return owner


def told_apart(persons: Persons, key: str) -> str:
    """How to name the person behind a key to the patient."""
    person = persons.described.get(key)
    return (person.name if person is not None else None) or f"Patient {key}"


_WHOSE: Mapping[Match, Whose] = {Match.SAME: Whose.OWNER, Match.OTHER: Whose.OTHER, Match.DOUBT: Whose.DOUBT}


def _same(known: Person, person: Person) -> bool:
    return compare(known, person) is Match.SAME


def _unknown(key: str) -> Person:
    return Person(keys=(key,), family=None, given=(), name=None, born=None, gender=None, identifiers=())


def _union(first: tuple[T, ...], second: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*first, *second)))
