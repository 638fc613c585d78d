"""What the patient approved of a server, and whether it still is that.

A server may change a tool after it was approved, so that a harmless name does something else. Every field of
every tool is compared, and any difference stops all of them.
"""

from collections.abc import Sequence

import msgspec

from connectors.mcp.tool import Tool


class Approval(msgspec.Struct, frozen=True):
    """What a patient saw and agreed to."""

    address: str
    """The server that it holds for."""
    tools: tuple[Tool, ...]
    """Every tool as it was shown, used or not."""
    use: frozenset[str]
    """The names of those that may be called."""


class Change(msgspec.Struct, frozen=True):
    """One tool that differs: `before` is None for a new one, `now` for one that is gone."""

    name: str
    before: Tool | None
    now: Tool | None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that differ, by name; empty where the tool is new or gone."""
        if self.before is None or self.now is None:
            return ()
        old, new = self.before.fields, self.now.fields
        return tuple(sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key)))


class Difference(msgspec.Struct, frozen=True):
    """How a server differs from what was approved."""

    moved: bool
    """Whether it is another server altogether."""
    changes: tuple[Change, ...]

    def __bool__(self) -> bool:
        """Whether there is any difference."""
        return self.moved or bool(self.changes)


def compare(approval: Approval, address: str, tools: Sequence[Tool]) -> Difference:
    """What is new, gone or changed, by name. A name that the server lists twice is a change too."""
    before = {tool.name: tool for tool in approval.tools}
    now: dict[str, Tool] = {}
    changes: list[Change] = []
    for tool in tools:
        if tool.name in now:
            changes.append(Change(tool.name, now[tool.name], tool))
        now[tool.name] = tool
    for name in sorted(before.keys() | now.keys()):
        old, new = before.get(name), now.get(name)
        if old is None or new is None or old.digest != new.digest:
            changes.append(Change(name, old, new))
    return Difference(approval.address != address, tuple(changes))


def usable(tools: Sequence[Tool]) -> tuple[Tool, ...]:
    """The tools that may be offered for approval: they say that they only read, and need no question."""
    return tuple(tool for tool in tools if tool.asks_nothing)
