"""What differs between the makers of patient record systems, as data: `vendors.json` beside this file.

Most of it comes from the vendors' own pages and other apps' experience and was not seen at work by anyone
here; such entries say so, and a server's own discovery document always goes first.
"""

from importlib import resources
from typing import Literal

import msgspec

from connectors.origin import Origin, parse
from connectors.smart.discovery import Server
from connectors.smart.scopes import asked

Redirect = Literal["http", "https", "paste"]
ClientKind = Literal["public", "key", "secret", "dynamic"]

REDIRECTS: dict[Redirect, str] = {
    "http": "http://127.0.0.1:8914/chartside",
    "https": "https://localhost:8914/chartside",
}
"""What the patient registers: fixed, whole addresses. `paste` has an address of the patient's own."""


class Sandbox(msgspec.Struct, frozen=True):
    """A public server with made-up patients."""

    name: str
    base: str
    note: str
    client_id: str | None = None
    """An id that anyone may use there."""


class Vendor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One maker of record systems."""

    id: str
    name: str
    redirects: tuple[Redirect, ...]
    """Ways to come back that it accepts, the easiest first."""
    clients: tuple[ClientKind, ...]
    """Kinds of registration that a patient can get there, the easiest first."""
    steps: tuple[str, ...]
    """How to get a client id of one's own, in words."""
    hosts: tuple[str, ...] = ()
    """Ends of host names by which its servers are known."""
    paths: tuple[str, ...] = ()
    """Parts of base paths by which its servers are known."""
    any_port: bool = False
    """Whether a loopback address may have another port than the registered one."""
    scopes: str | None = None
    """What to ask for, where the kinds of records are settled at registration."""
    identity: bool = True
    """Whether `openid fhirUser` may be asked for."""
    patient_from: Literal["token", "identity"] = "token"
    """Where the patient's id is found."""
    lasting: Literal["offline_access", "dynamic", "none"] = "offline_access"
    """How access goes on without signing in again."""
    any_case: bool = False
    """Whether its own links change the case of the base path."""
    notes: tuple[str, ...] = ()
    """What a patient should know before starting."""
    sandboxes: tuple[Sandbox, ...] = ()
    verified: bool = False
    """Whether this was seen at work."""

    def scope(self, types: tuple[str, ...], server: Server) -> str:
        """The scope string to ask this server for."""
        if self.scopes is not None:
            return self.scopes
        identity = self.identity and (server.issuer is not None or self.patient_from == "identity")
        lasting = self.lasting == "offline_access" and (
            server.legacy or not server.capabilities or "permission-offline" in server.capabilities
        )
        return asked(types, v2=server.takes_v2, identity=identity, lasting=lasting)

    def origin(self, base: str, *, typed: bool = False) -> Origin:
        """The origin that a token of this link may go to."""
        return Origin.of(base, typed=typed, any_case=self.any_case)


def vendors() -> tuple[Vendor, ...]:
    """All entries, `generic` last."""
    text = resources.files("connectors.smart").joinpath("vendors.json").read_bytes()
    return msgspec.json.decode(text, type=tuple[Vendor, ...])


def vendor_of(base: str, table: tuple[Vendor, ...] | None = None) -> Vendor:
    """The entry that fits a base address: by host first, then by path; else `generic`.

    Raises:
        BadAddress: it isn't an address.
    """
    address = parse(base)
    known = vendors() if table is None else table
    for vendor in known:
        if any(address.host == end or address.host.endswith(f".{end}") for end in vendor.hosts):
            return vendor
    for vendor in known:
        if any(part.lower() in f"{address.path}/".lower() for part in vendor.paths):
            return vendor
    return known[-1]
