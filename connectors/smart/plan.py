"""What will come from a server and what will not, said before anything is fetched.

Three things decide: what was granted, what the server says it can do, and what is known of its vendor. Where
one of them says nothing, the question is asked anyway and the answer decides.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec

from connectors.net_errors import BadReply
from connectors.reply import json_object
from connectors.smart.fetching import Fetching
from connectors.smart.scopes import Scopes
from connectors.smart.searches import Search, searches

METADATA = "metadata"


class Why(StrEnum):
    """Why something comes or doesn't."""

    COMES = "comes"
    NOT_GRANTED = "not granted"
    SIGN_IN = "needs another sign-in"
    NOT_OFFERED = "not offered"
    REFUSED = "refused by this kind of server"


_SENTENCES = {
    Why.COMES: "",
    Why.NOT_GRANTED: "The provider, or you on its page, did not allow this.",
    Why.SIGN_IN: "This sign-in did not ask for it; signing in again can.",
    Why.NOT_OFFERED: "The provider's server does not offer this.",
}


class Planned(msgspec.Struct, frozen=True):
    """One row of the table, decided on."""

    search: Search
    why: Why
    text: str = ""
    """Why it doesn't come, as a sentence; empty where it does."""
    queries: tuple[str, ...] = ()
    """What to try, in turn."""
    names: str = "patient"
    """The search parameter that names the patient."""
    changes: bool = False
    """Whether the server says that it can be asked for what changed (`_lastUpdated`)."""

    @property
    def comes(self) -> bool:
        """Whether it will be asked for."""
        return self.why is Why.COMES


class Plan(msgspec.Struct, frozen=True):
    """Every row, in the order of fetching, and which single resources may be read beside them."""

    rows: tuple[Planned, ...]
    granted: Scopes

    @property
    def coming(self) -> tuple[Planned, ...]:
        """What will be asked for."""
        return tuple(row for row in self.rows if row.comes)

    @property
    def left(self) -> tuple[Planned, ...]:
        """What will not."""
        return tuple(row for row in self.rows if not row.comes)

    def may_read(self, type_: str) -> bool:
        """Whether single resources of this type may be fetched."""
        return not self.granted.access or self.granted.may_read(type_)


async def capability(client: Fetching) -> Mapping[str, Any] | None:
    """The server's CapabilityStatement; None where it gives none that can be read.

    Raises:
        SourceInterrupted: the server doesn't answer.
    """
    try:
        reply = await client.get(METADATA)
        statement = json_object(reply, client.origin.host) if reply.status == 200 else {}
    except BadReply:
        return None
    return statement if statement.get("resourceType") == "CapabilityStatement" else None


def plan(
    granted: Scopes,
    statement: Mapping[str, Any] | None,
    vendor: str | None = None,
    *,
    asked: Scopes | None = None,
    table: tuple[Search, ...] | None = None,
) -> Plan:
    """Decide on every row.

    `asked` are the scopes that the sign-in asked for, where known: what it didn't ask for needs another one,
    what it asked for and didn't get was not granted. `vendor` is an id of `vendors.json`.
    """
    offered = _offered(statement)
    rows = table if table is not None else searches()
    wholes = {row.type for row in rows if row.whole and _takes_whole(row, granted, vendor)}
    shown = [row for row in rows if row.whole == (row.type in wholes) or row.type not in _split(rows)]
    return Plan(tuple(_decide(row, granted, offered, vendor, asked) for row in shown), granted)


def _split(rows: tuple[Search, ...]) -> frozenset[str]:
    """Types that can be asked for as a whole or in parts."""
    return frozenset(row.type for row in rows if row.whole)


def _takes_whole(row: Search, granted: Scopes, vendor: str | None) -> bool:
    return (vendor or "") not in row.split_for and not granted.limits(row.type)


class _Offer(msgspec.Struct, frozen=True):
    """What a server says of one type; empty sets where it doesn't say."""

    interactions: frozenset[str]
    parameters: frozenset[str]


def _decide(
    row: Search,
    granted: Scopes,
    offered: Mapping[str, _Offer] | None,
    vendor: str | None,
    asked: Scopes | None,
) -> Planned:
    if vendor is not None and vendor in row.refused:
        return Planned(row, Why.REFUSED, row.refused[vendor])
    if granted.access and not _allows(granted, row):
        why = (
            Why.SIGN_IN if asked is not None and asked.access and not _allows(asked, row) else Why.NOT_GRANTED
        )
        return Planned(row, why, _SENTENCES[why])
    offer = _Offer(frozenset(), frozenset()) if offered is None else offered.get(row.type)
    if offer is None or (
        offer.interactions and ("read" if row.read else "search-type") not in offer.interactions
    ):
        return Planned(row, Why.NOT_OFFERED, _SENTENCES[Why.NOT_OFFERED])
    return Planned(
        row,
        Why.COMES,
        queries=row.queries(vendor),
        names=_names(row, offer.parameters),
        changes="_lastUpdated" in offer.parameters and not row.read,
    )


def _allows(scopes: Scopes, row: Search) -> bool:
    if row.read:
        return scopes.may_read(row.type)
    if not scopes.may_search(row.type):
        return False
    limits = scopes.limits(row.type)
    return (
        not limits or not row.codes or any(_code(limit) & row.codes or not _code(limit) for limit in limits)
    )


def _code(limit: tuple[tuple[str, str], ...]) -> frozenset[str]:
    """The category codes that a scope is limited to; empty where it is limited by something else."""
    return frozenset(value.rpartition("|")[2] for name, value in limit if name == "category")


def _names(row: Search, parameters: frozenset[str]) -> str:
    others = ("patient", row.patient_else, "subject")
    return next((name for name in others if name is not None and name in parameters), "patient")


def _offered(statement: Mapping[str, Any] | None) -> dict[str, _Offer] | None:
    """What the statement lists, by type; None where it lists nothing."""
    found: dict[str, _Offer] = {}
    for rest in _list(statement or {}, "rest"):
        if rest.get("mode") == "client":
            continue
        everywhere = _words(rest, "searchParam", "name")
        for resource in _list(rest, "resource"):
            type_ = resource.get("type")
            if isinstance(type_, str):
                own = _words(resource, "searchParam", "name")
                found[type_] = _Offer(
                    _words(resource, "interaction", "code"), own | everywhere if own else own
                )
    return found or None


def _words(value: Mapping[str, Any], key: str, name: str) -> frozenset[str]:
    return frozenset(word for one in _list(value, key) if isinstance(word := one.get(name), str))


def _list(value: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = value.get(key)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
