"""A kind of provider that can be linked: looked at, signed in to, read, and left. One shape for all kinds."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from assistant.links.providers.attempt import Attempt
from assistant.links.providers.link import Kind, Link, Registration
from connectors.base import Connector
from connectors.smart.token_reply import Granted
from connectors.smart.tokens import TokenStore

Way = Literal["http", "https", "paste"]
"""How the browser comes back: to an address of this computer, or by pasting the address it landed on."""

LOOK_SECONDS = 30.0
"""What one question to a server may take while the patient waits to hear how to sign in there."""

Asked = Literal["status", "update"]
"""What a service can be asked beside its records."""


class Offer(msgspec.Struct, frozen=True):
    """What is known of a provider before anyone signs in. `name` comes from outside."""

    door: str
    name: str
    address: str
    host: str
    typed: bool
    vendor: str
    vendor_name: str
    ways: tuple[tuple[Way, str], ...]
    """Each with the address to register; empty for `paste`, where it is the patient's own."""
    needs_client: bool
    """Whether a client id is wanted, and none is known."""
    client_id: str = ""
    """One that can be used as it is."""
    clients: tuple[str, ...] = ()
    """Kinds of registration that a patient can get there."""
    steps: tuple[str, ...] = ()
    """How to get a client id, in words."""
    notes: tuple[str, ...] = ()
    """What a patient should know before starting."""
    about: bytes = b""
    """What the door needs to know again."""


class Choice(msgspec.Struct, frozen=True):
    """How to sign in: who this program is there, and how the browser comes back."""

    registration: Registration
    way: Way
    redirect_uri: str = ""
    """The registered address; empty for the usual one of this way."""
    searches: tuple[str, ...] = ()
    """Words that a service is to search its notes for: they leave this computer at each sync."""


class Coming(msgspec.Struct, frozen=True):
    """One kind of record, and whether it will come."""

    name: str
    category: str
    comes: bool
    why: str = ""
    """Why it won't, as a sentence."""
    about: str = ""
    """What the server says of it, whole: text from outside, which the patient is to read before agreeing."""


class Signed(msgspec.Struct, frozen=True):
    """A sign-in that worked and that nothing is kept of yet: what would come, for the patient to agree to."""

    link: Link
    registration: Registration
    access: Granted
    coming: tuple[Coming, ...]
    lasting: str
    """How long access lasts, as a sentence."""
    whose: str = ""
    """What to make sure of, where the server does not say whose records these are."""


class Told(msgspec.Struct, frozen=True):
    """What came of one sync."""

    text: str
    """In one line: `Got 4 of 5 kinds: Lab results refused.`"""
    kinds: tuple[Kind, ...]
    began: datetime
    everything: bool
    """Whether everything was asked for, not only changes."""
    ended: bool
    complete: bool
    gone_of: tuple[str, ...] = ()
    """Resource types of which what did not come is gone from the server."""
    foreign: int = 0
    left: int = 0


class Keeping(msgspec.Struct, frozen=True):
    """What a door is given to read with."""

    tokens: TokenStore
    kept: Callable[[str, str], bool]
    """Whether the vault holds a resource: type and logical id."""
    told: Callable[[Told], None]
    held: Callable[[], Mapping[str, int]]
    """How many records are held, by the name of their category."""


class Door(Protocol):
    """One kind of provider."""

    @property
    def kind(self) -> str:
        """`Link.door` of its links."""

    async def look(self, address: str, *, typed: bool, name: str = "") -> Offer:
        """Ask a provider how to sign in.

        Raises:
            SourceError: it can't be linked, or not asked.
        """

    async def begin(self, offer: Offer, choice: Choice) -> Attempt:
        """Start a sign-in.

        Raises:
            SourceError: it can't be started.
        """

    def reading(
        self, link: Link, registration: Registration, keeping: Keeping
    ) -> AbstractAsyncContextManager[Connector]:
        """The link as a source, as long as the block lasts.

        Raises:
            SourceError: it can't be read at all.
        """

    async def ask(self, link: Link, registration: Registration, tokens: TokenStore, what: Asked) -> str:
        """Ask how far the service is with gathering records, or have it gather anew; what it says is text
        from outside.

        Raises:
            SourceError: it can't be asked, or there is nothing to ask.
        """

    async def revoke(self, link: Link, registration: Registration, access: Granted) -> str:
        """Take access back at the server; a sentence that says what became of it. Never raises for the
        network."""
