"""How a kind of server is asked and read; the connector does the rest."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from connectors.mcp.tool import Tool
from connectors.model import Problem, SourceRecord


class Asking(msgspec.Struct, frozen=True):
    """One question of a plan."""

    id: str
    """Its name in the plan and in cursors."""
    tool: str
    name: str
    """What it brings, for a person."""
    category: str = ""
    arguments: Mapping[str, str] = {}
    windowed: bool = False
    """Whether it is asked years by years, with dates."""
    text: str = ""
    """Why it is not asked; empty where it is."""


class Item(msgspec.Struct, frozen=True):
    """One record with the day that it is of, as the source says it; empty where it says none."""

    record: SourceRecord
    day: str = ""


class Answer(msgspec.Struct, frozen=True):
    """What one answer holds."""

    items: tuple[Item, ...]
    problems: tuple[Problem, ...] = ()
    around: str = ""
    """What it says beside its records: whether there is more, and how to ask for it."""
    days: tuple[str, ...] = ()
    """The date of every row, those of repeats included."""
    left_out: int = 0
    """Rows that could not be read."""
    short: str = ""
    """What else is missing, as a sentence."""


class Reader(Protocol):
    """One kind of server."""

    @property
    def format(self) -> str:
        """What its answers are, for a person."""

    def plan(self, address: str, tools: Sequence[Tool]) -> tuple[Asking, ...]:
        """What will be asked, in order, and what will not and why.

        Raises:
            ToolsChanged: the server is not what was approved.
        """

    def read(self, asking: Asking, text: str) -> Answer:
        """What an answer holds; never raises for what stands in it."""
