"""What a server says that it can do: each tool as it described it, whole."""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

BY_ITSELF = frozenset(
    ("years", "beforeDate", "afterDate", "startDate", "endDate", "before", "after", "limit", "cursor")
)
"""Arguments that say which dates and how many: they hold nothing about a person."""


class Tool(msgspec.Struct, frozen=True):
    """One tool. `definition` is all of it as canonical JSON (sorted keys, no spaces): text from outside,
    shown whole and made safe by whoever shows it."""

    name: str
    definition: str

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Tool":
        """The tool in one entry of `tools/list`."""
        return cls(str(said["name"]), msgspec.json.encode(said, order="sorted").decode())

    @property
    def digest(self) -> str:
        """SHA-256 of every field: name, title, description, schemas, annotations."""
        return hashlib.sha256(self.definition.encode()).hexdigest()

    @property
    def fields(self) -> dict[str, Any]:
        """All fields, as the server named them."""
        said: dict[str, Any] = msgspec.json.decode(self.definition)
        return said

    @property
    def description(self) -> str:
        """What the server says that it does, whole."""
        said = self.fields.get("description")
        return said if isinstance(said, str) else ""

    @property
    def reads_only(self) -> bool:
        """Whether it says that it changes nothing."""
        said = self.fields.get("annotations")
        return isinstance(said, dict) and said.get("readOnlyHint") is True and not said.get("destructiveHint")

    @property
    def arguments(self) -> frozenset[str]:
        """The arguments that it takes."""
        return _names(self.fields.get("inputSchema"), "properties")

    @property
    def asks_nothing(self) -> bool:
        """Whether it may be called by itself: it only reads, and needs nothing but dates and limits."""
        return self.reads_only and not _names(self.fields.get("inputSchema"), "required")

    @property
    def takes_dates_only(self) -> bool:
        """Whether dates and limits are all that it could be told."""
        return self.arguments <= BY_ITSELF


def _names(schema: object, key: str) -> frozenset[str]:
    found = schema.get(key) if isinstance(schema, dict) else None
    return frozenset(str(name) for name in found) if isinstance(found, (dict, list)) else frozenset()
