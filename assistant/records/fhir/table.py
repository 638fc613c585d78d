"""What a table for one resource type consists of. A path that no rule names is never read out."""

from collections.abc import Callable

import msgspec

from assistant.records.decode import Node
from assistant.records.model import Category

Pick = Callable[[Node, Node], Category]
"""Chooses a category by content: (the value at the rule's path, the whole resource)."""


class Rule(msgspec.Struct, frozen=True):
    """One path of a resource that is read out, and the category that governs sharing it."""

    path: str
    """From the resource, dotted; lists are read item by item."""
    kind: str
    """The FHIR datatype. `Age|Period` means a choice: `onset` is read as `onsetAge` or `onsetPeriod`. Besides
    FHIR's: `Who` is a Reference whose name is told, `Group` joins its parts, `Extension` is found by URL."""
    label: str
    """The patient's word; inside a group, put before the part's text where not empty."""
    category: Category | None = None
    """None: that of the record."""
    parts: tuple["Rule", ...] = ()
    """Of a group, relative to its path."""
    pick: Pick | None = None
    """Wins over `category`."""
    said: str = ""
    """For a boolean, what is told when it is true; for an extension, its URL."""


class Table(msgspec.Struct, frozen=True):
    """How resources of one type become records."""

    type: str
    category: Category
    noun: str
    """The title where nothing in the resource names it but it is plain what it is; empty: set aside."""
    names: tuple[str, ...] = ()
    """CodeableConcept or text paths that name it, best first; a path ending in `[x]` is a medication."""
    codes: str = ""
    """The CodeableConcept path whose codes are the record's; by default the first of `names`."""
    prefix: str = ""
    """Stands before the name in the title."""
    title: Callable[[Node, "Named"], str | None] | None = None
    """Makes the title in its own way; given the resource and what `names` found."""
    pick: Callable[[Node], Category] | None = None
    """Chooses the record's category by content."""
    when: tuple[str, ...] = ()
    """Date or Period paths, best first."""
    recorded: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    measured: bool = False
    """Has a value, interpretation, ranges and components, as Observation does."""
    rules: tuple[Rule, ...] = ()


class Named(msgspec.Struct, frozen=True):
    """What a title may be made from, beside the resource."""

    found: str | None
    """The words at the first of the table's `names` that has any."""
    who: Callable[[object], str | None]
    """The name behind a Reference."""


def rule(
    path: str, kind: str, label: str, category: Category | None = None, *, pick: Pick | None = None
) -> Rule:
    """A rule for one path."""
    return Rule(path, kind, label, category, pick=pick)


def flag(path: str, said: str, label: str, category: Category | None = None) -> Rule:
    """A rule for a boolean: `said` is told when it is true, nothing when it is not."""
    return Rule(path, "boolean", label, category, said=said)


def extension(url: str, label: str, category: Category) -> Rule:
    """A rule for an extension of the resource, found by its URL."""
    return Rule("extension", "Extension", label, category, said=url)


def group(
    path: str, label: str, *parts: Rule, category: Category | None = None, pick: Pick | None = None
) -> Rule:
    """A rule that reads several things of one backbone element into one text."""
    return Rule(path, "Group", label, category, parts, pick)


def part(path: str, kind: str, label: str = "") -> Rule:
    """One thing within a group."""
    return Rule(path, kind, label)


def notes(path: str = "note") -> Rule:
    """Annotations: always notes, whatever they are attached to."""
    return Rule(path, "Annotation", "note", Category.NOTES)
