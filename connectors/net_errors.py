"""What can go wrong between here and a server. None carries a token, a code, or any text of a reply.

SourceError
├── SourceUnreadable
│   ├── BadAddress       not one address that every program reads alike, or not a safe one
│   ├── ForeignAddress   outside the server that the patient chose; nothing was fetched
│   ├── BlockedAddress   leads to a private network that the patient did not name
│   └── BadReply         not what was asked for: a web page, too much, broken
└── SourceInterrupted
    ├── Unreachable      no connection, no answer in time, or no trust in the connection
    └── Busy             the server asks to come back later
"""

from connectors.errors import SourceInterrupted, SourceUnreadable


class BadAddress(SourceUnreadable):
    """An address that can't be used. It isn't quoted: it may hold anything."""

    def __init__(self, *, insecure: bool = False) -> None:
        text = (
            "The address is not a protected one (https)."
            if insecure
            else "The address can't be read safely, so nothing was fetched from it."
        )
        super().__init__("That address can't be used", text, "Check the address and type it again.")


class ForeignAddress(SourceUnreadable):
    """An address outside the granted origin; nothing was fetched and no token left."""

    def __init__(self, granted: str, foreign: str | None = None) -> None:
        where = f" ({foreign})" if foreign else ""
        super().__init__(
            "A link leads to another server",
            f"{granted} points to a server that you did not link{where}. Nothing was fetched from there.",
            "Nothing to do: everything that this provider keeps itself is still fetched.",
        )


class BlockedAddress(SourceUnreadable):
    """A host that stands for this computer or a private network, though the patient did not type it."""

    def __init__(self, host: str) -> None:
        super().__init__(
            "That address leads into a private network",
            f"{host} stands for an address inside a private network. It was not contacted.",
            "If that server is really yours, type its address yourself.",
        )


class BadReply(SourceUnreadable):
    """The server answered, with something that can't be used."""

    def __init__(self, host: str, what: str, *, status: int | None = None, login_page: bool = False) -> None:
        super().__init__(
            "The server's answer can't be used",
            f"{host} {what}.",
            "Sign in again." if login_page else "Try again later; if it stays so, tell the provider.",
        )
        self.status = status
        self.login_page = login_page


class Unreachable(SourceInterrupted):
    """There was no answer."""

    def __init__(self, host: str, what: str, *, sent: bool = True) -> None:
        super().__init__(
            "The server did not answer",
            f"{host} {what}.",
            "Check your connection and try again; what you already have stays.",
        )
        self.sent = sent
        """Whether something of the request may have arrived."""


class Busy(SourceInterrupted):
    """The server asks for patience."""

    def __init__(self, host: str, status: int, after: float | None = None) -> None:
        when = "later" if after is None else f"in {_duration(after)}"
        super().__init__(
            "The server is busy",
            f"{host} can't answer now and asks to come back {when}.",
            f"Try again {when}; what you already have stays.",
        )
        self.status = status
        self.after = after
        """Seconds that the server asked to wait, where it said."""


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} seconds"
    if seconds < 5400:
        return f"{round(seconds / 60)} minutes"
    return f"{round(seconds / 3600)} hours"
