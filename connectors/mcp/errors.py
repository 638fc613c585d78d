"""What can go wrong with a server of tools. None carries the server's own text.

SourceError
└── SourceUnreadable
    ├── ToolFailed      a tool says that it could not answer
    └── ToolsChanged    the server's tools are not those that the patient approved
"""

from connectors.errors import SourceUnreadable


class ToolFailed(SourceUnreadable):
    """A tool answered that it failed."""

    def __init__(self, host: str) -> None:
        super().__init__(
            "The server could not answer",
            f"{host} says that it could not answer this question.",
            "Try again later; if it stays so, tell the provider.",
        )


class ToolsChanged(SourceUnreadable):
    """The tools differ from what was approved; none of them was used."""

    def __init__(self, host: str) -> None:
        super().__init__(
            "This server has changed what it offers",
            f"{host} no longer offers what you approved, so nothing was asked of it.",
            "Look at what changed and approve it again, if you want to go on.",
        )
