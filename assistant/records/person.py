"""Who a resource is about, and whether two Patient resources are one person.

The rules lean to doubt: a person is taken to be the same only on an identifier, a key, or full name and
full birth date, with nothing against it. Siblings differ in given name, twins of one name in identifiers.
"""

from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from typing import Any

import msgspec

from assistant.records.coded import string
from assistant.records.decode import Node
from assistant.records.fhir.supporting import SUPPORTING
from assistant.records.names import chosen_name, human_name
from assistant.records.refs import contained_in, reference_key, target_of, target_type
from assistant.records.words import fold

_FIELDS = ("subject", "patient", "beneficiary", "for", "individual", "candidate")


class Match(StrEnum):
    """Whether a Patient resource is the owner of the chart."""

    SAME = "same"
    OTHER = "other"
    DOUBT = "doubt"


class Person(msgspec.Struct, frozen=True):
    """What a Patient resource says about who it is."""

    keys: tuple[str, ...] = ()
    """Its logical id and the tail of its fullUrl."""
    family: str | None = None
    given: tuple[str, ...] = ()
    name: str | None = None
    """For display."""
    born: str | None = None
    """FHIR date, as written."""
    gender: str | None = None
    identifiers: tuple[tuple[str, str], ...] = ()
    """(system, value), both present."""


def needs_person(kind: str) -> bool:
    """Whether a resource of this type must say whose it is; False for what only names or sources others."""
    return kind not in SUPPORTING


def subject_reference(resource: Node) -> Node | None:
    """The Reference that says who a resource is about, whatever it points at."""
    for field in _FIELDS:
        found = resource.get(field)
        if type(found) is list and len(found) == 1:
            found = found[0]
        if type(found) is dict and ("reference" in found or "type" in found or "identifier" in found):
            return found
    if resource.get("resourceType") == "Appointment":
        patients = {target_of(actor): actor for actor in _actors(resource)}
        if len(patients) == 1:
            return next(iter(patients.values()))
    return None


def _actors(resource: Node) -> Iterator[Node]:
    found: Any = resource.get("participant")
    for item in found if type(found) is list else ():
        actor = item.get("actor") if type(item) is dict else None
        if type(actor) is dict and target_type(actor, target_of(actor)) == "Patient":
            yield actor


def _bare(key: str) -> str:
    if key.startswith("#"):
        return key
    return key.removeprefix("urn:uuid:").removeprefix("urn:oid:").rsplit("/", 1)[-1]


def person_reference(resource: Node) -> str | None:
    """The key of the Patient that a resource says it is about.

    The bare logical id, or the UUID of a `urn:uuid:` reference; a Patient's own id for a Patient. `#id`
    for a Patient contained in the resource itself: see `contained_person`. None where it names no Patient.
    """
    if resource.get("resourceType") == "Patient":
        own = resource.get("id")
        return own if isinstance(own, str) and own else None
    subject = subject_reference(resource)
    key = target_of(subject)
    if subject is None or key is None:
        return None
    if key.startswith("#"):
        return key if contained_person(resource) is not None else None
    kind = target_type(subject, key)
    return _bare(key) if kind in (None, "Patient") else None


def contained_person(resource: Node) -> Person | None:
    """The contained Patient that a resource is about, for comparing with the owner; None without one."""
    key = target_of(subject_reference(resource))
    if key is None or not key.startswith("#"):
        return None
    inner = contained_in(resource).get(key)
    if inner is None or inner.get("resourceType") != "Patient":
        return None
    person = read_person(inner, None)
    return msgspec.structs.replace(person, keys=())


def read_person(resource: Node, full_url: str | None) -> Person:
    """What a Patient resource (from an entry with this fullUrl) says about who it is."""
    keys: list[str] = []
    own = resource.get("id")
    if isinstance(own, str) and own:
        keys.append(own)
    key = reference_key(full_url) if full_url else None
    if key is not None and (tail := _bare(key)) not in keys:
        keys.append(tail)
    name = chosen_name(resource)
    given: Any = name.get("given") if name is not None else None
    return Person(
        keys=tuple(keys),
        family=string(name.get("family")) if name is not None else None,
        given=tuple(item for item in (given if type(given) is list else (given,)) if string(item)),
        name=human_name(name),
        born=string(resource.get("birthDate")),
        gender=string(resource.get("gender")),
        identifiers=tuple(_identifiers(resource)),
    )


def _identifiers(resource: Node) -> Iterator[tuple[str, str]]:
    found: Any = resource.get("identifier")
    for item in found if type(found) is list else (found,):
        if type(item) is dict:
            system, value = string(item.get("system")), string(item.get("value"))
            if system and value and item.get("use") != "old":
                yield system, value


def _same_name(a: Person, b: Person) -> bool:
    if not (a.family and b.family and a.given and b.given):
        return False
    return fold(a.family) == fold(b.family) and fold(a.given[0]) == fold(b.given[0])


def _names_differ(a: Person, b: Person) -> bool:
    """Both have a first given name and it isn't the same; a family name can change."""
    return bool(a.given and b.given) and fold(a.given[0]) != fold(b.given[0])


def _born_differ(a: Person, b: Person) -> bool:
    if not a.born or not b.born:
        return False
    length = min(len(a.born), len(b.born), 10)
    return a.born[:length] != b.born[:length]


def _gender_differ(a: Person, b: Person) -> bool:
    known = ("male", "female")
    return a.gender in known and b.gender in known and a.gender != b.gender


def _identifiers_differ(a: Person, b: Person) -> bool:
    """Some system gives each of them values, and none in common."""
    ours: dict[str, set[str]] = {}
    for system, value in a.identifiers:
        ours.setdefault(system, set()).add(value)
    theirs: dict[str, set[str]] = {}
    for system, value in b.identifiers:
        theirs.setdefault(system, set()).add(value)
    return any(system in theirs and not values & theirs[system] for system, values in ours.items())


@lru_cache(maxsize=16)
def compare(owner: Person, other: Person) -> Match:
    """Whether the other is the owner; doubt where something speaks for it and something against."""
    against = (
        _names_differ(owner, other),
        _born_differ(owner, other),
        _gender_differ(owner, other),
        _identifiers_differ(owner, other),
    )
    if set(owner.identifiers) & set(other.identifiers):
        return Match.DOUBT if any(against) else Match.SAME
    if set(owner.keys) & set(other.keys):
        if not any(against):
            return Match.SAME
        return Match.OTHER if against[0] and against[1] else Match.DOUBT
    if not _same_name(owner, other):
        unknown = not (other.given or other.family) or not (owner.given or owner.family)
        return Match.DOUBT if unknown and not any(against) else Match.OTHER
    if against[1]:
        return Match.OTHER
    whole = len(owner.born or "") >= 10 and len(other.born or "") >= 10
    return Match.SAME if whole and not any(against) else Match.DOUBT
