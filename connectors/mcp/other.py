"""Any other server of tools: what the patient approved is asked, and its answers are kept as documents."""

from collections.abc import Sequence

import msgspec

from connectors.mcp.documents import document
from connectors.mcp.errors import ToolsChanged
from connectors.mcp.pins import Approval, compare
from connectors.mcp.reader import Answer, Asking, Item
from connectors.mcp.tool import Tool
from connectors.origin import parse

NOT_BY_ITSELF = "It needs more than dates to be asked, or does not say that it only reads."


class Approved(msgspec.Struct, frozen=True):
    """Reads a server within what was approved. `subject` is the reference that makes it one person's."""

    approval: Approval
    subject: str

    @property
    def format(self) -> str:
        """What its answers are."""
        return "text"

    def plan(self, address: str, tools: Sequence[Tool]) -> tuple[Asking, ...]:
        """The approved tools, in the server's order; nothing at all where anything differs."""
        if compare(self.approval, address, tools):
            raise ToolsChanged(parse(address).host)
        chosen = [tool for tool in tools if tool.name in self.approval.use]
        return tuple(
            Asking(tool.name, tool.name, tool.name, text="" if tool.asks_nothing else NOT_BY_ITSELF)
            for tool in chosen
        )

    def read(self, asking: Asking, text: str) -> Answer:
        """The answer as one document."""
        if not text.strip():
            return Answer(())
        key = (self.approval.address, asking.tool)
        return Answer((Item(document(asking.name, text, key=key, subject=self.subject)),))
