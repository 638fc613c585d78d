"""A linked provider: what is kept of it, and how it stands."""

from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

from assistant.clock import Clock
from assistant.links.states import NEVER, PARTLY, SIGN_IN, UNLINKED, WORKING
from assistant.records.dates import shown_date
from assistant.vault.tables import LinkRow, Source
from connectors.model import SourceInfo
from connectors.smart.secret import Secret
from connectors.smart.token_reply import Granted

ClientKind = Literal["public", "secret", "key", "dynamic", "mcp"]


class Registration(msgspec.Struct, frozen=True):
    """Who this program is to a server, as the patient registered it."""

    client_id: str
    kind: ClientKind = "public"
    proof: Secret | None = None
    """The secret, the private key as a JWK, or (`mcp`) the whole client that the server made."""
    software_id: str = ""
    """The id that the patient registered, where this computer has since got one of its own (`dynamic`)."""


class Kind(msgspec.Struct, frozen=True):
    """What came of one kind of record at the last sync."""

    name: str
    state: str
    came: int = 0
    promised: int | None = None
    text: str = ""


class Link(msgspec.Struct, frozen=True):
    """One provider that records are fetched from; nothing in it lets anyone in."""

    info: SourceInfo
    source: str
    """Id of the source."""
    address: str
    typed: bool
    """Whether the patient typed this address."""
    door: str
    """The kind of connection: `smart` or `mcp`."""
    about: bytes = b""
    """What the door needs to know again, as it wrote it."""
    vendor: str = "generic"
    asked: str = ""
    """The scopes that the sign-in asked for."""
    redirect_uri: str = ""
    dynamic: bool = False
    """Whether the client signs for access instead of holding a lasting token."""
    patient: str = ""
    last: datetime | None = None
    """When the last sync that reached its end began."""
    full: datetime | None = None
    """When the last one of them that asked for everything began."""
    kinds: tuple[Kind, ...] = ()
    """What came at the last sync, kind by kind."""
    foreign: int = 0
    """References to other servers, not followed, at the last sync."""
    left: int = 0
    """Attachments left at the provider at the last sync."""


class Standing(msgspec.Struct, frozen=True):
    """How a source stands now."""

    state: str
    """`working`, `partly failed`, `needs sign-in`, `never worked` or `unlinked`."""
    text: str
    """What that means here, in a plain sentence; empty where nothing is to be said."""
    expires: datetime | None = None
    """When access ends unless the patient signs in again, where that is known."""


def read_link(row: LinkRow) -> Link:
    """The link in a row."""
    return msgspec.json.decode(row.body, type=Link)


def read_registration(row: LinkRow) -> Registration:
    """Who this program is to the link's server."""
    return msgspec.json.decode(row.client, type=Registration)


def read_access(row: LinkRow) -> Granted | None:
    """The tokens of a link."""
    return None if row.access is None else msgspec.json.decode(row.access, type=Granted)


def as_row(link: Link, registration: Registration, access: Granted, made: str) -> LinkRow:
    """A link as it is kept."""
    return LinkRow(
        source=link.source,
        made=made,
        body=msgspec.json.encode(link),
        client=msgspec.json.encode(registration),
        access=msgspec.json.encode(access),
    )


def standing(source: Source, row: LinkRow | None, clock: Clock) -> Standing:
    """How a source stands: what is written, and what time has made of it."""
    if row is None or source.state == UNLINKED:
        return Standing(source.state, source.detail)
    access = read_access(row)
    expires = None if access is None else _end(access, dynamic=read_link(row).dynamic)
    if access is None or source.state == SIGN_IN:
        return Standing(SIGN_IN, source.detail or "You are not signed in there.", expires)
    if expires is not None and expires <= clock():
        text = "Access there has run out. Your records stay; sign in again to fetch new ones."
        return Standing(SIGN_IN, text, expires)
    return Standing(source.state, _words(source, expires), expires)


def _words(source: Source, expires: datetime | None) -> str:
    if source.state == PARTLY and not source.detail:
        return "The last sync was stopped before its end; the next one goes on from there."
    if source.state == NEVER and not source.detail:
        return "Nothing has been fetched yet."
    day = "" if expires is None else shown_date(expires.astimezone().date().isoformat())
    until = f"Access ends on {day}." if day else ""
    return until if source.state == WORKING else f"{source.detail} {until}".strip()


def _end(access: Granted, *, dynamic: bool) -> datetime | None:
    """When access ends for good, by this computer's clock; None where it can be renewed."""
    if access.refresh is not None or dynamic:
        return None
    return (access.expires - timedelta(seconds=access.ahead)).astimezone(UTC)
