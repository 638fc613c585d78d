"""Linking a provider by SMART on FHIR."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from assistant.links.providers.attempt import Attempt
from assistant.links.providers.coverage import told_of
from assistant.links.providers.door import LOOK_SECONDS, Asked, Choice, Coming, Keeping, Offer, Signed
from assistant.links.providers.link import Link, Registration
from assistant.links.providers.revoking import give_back
from assistant.links.providers.smart_client import as_client, own_registration
from assistant.links.providers.token_store import HeldTokens
from assistant.records.identity import source_id
from connectors.base import Connector
from connectors.http import Network
from connectors.model import SourceInfo
from connectors.origin import parse
from connectors.smart import cursor as cursors
from connectors.smart.connector import KIND, Before, SmartConnector
from connectors.smart.discovery import Server, confirm_issuer, discover
from connectors.smart.errors import NotSupported
from connectors.smart.landing import Landing
from connectors.smart.plan import Plan, capability, plan
from connectors.smart.scopes import Scopes
from connectors.smart.searches import searches
from connectors.smart.sign_in import SignIn, begin
from connectors.smart.token_reply import Granted
from connectors.smart.tokens import Tokens, TokenStore
from connectors.smart.vendors import REDIRECTS, Vendor, vendor_of, vendors

BESIDE = ("Binary", "Location", "Medication", "Organization", "Practitioner", "PractitionerRole")
"""What records refer to, and what is asked to be read beside them."""


class SmartDoor:
    """The door for FHIR servers."""

    kind = KIND

    def __init__(self, network: Network, table: tuple[Vendor, ...] | None = None) -> None:
        """`table` in place of the known vendors."""
        self._network = network
        self._table = table

    async def look(self, address: str, *, typed: bool, name: str = "") -> Offer:
        """Ask a provider how to sign in."""
        server = await discover(self._network.waited_for(LOOK_SECONDS), address, typed=typed)
        vendor = vendor_of(server.base, self._table)
        return Offer(
            door=self.kind,
            name=name or server.host,
            address=server.base,
            host=server.host,
            typed=typed,
            vendor=vendor.id,
            vendor_name=vendor.name,
            ways=tuple((way, REDIRECTS.get(way, "")) for way in vendor.redirects),
            needs_client=not (known := _sandbox_client(vendor, server.base)),
            client_id=known,
            clients=vendor.clients,
            steps=vendor.steps,
            notes=vendor.notes,
            about=msgspec.json.encode(server),
        )

    async def begin(self, offer: Offer, choice: Choice) -> Attempt:
        """Start a sign-in: the issuer is asked about itself first, then the door to come back to is open."""
        server = msgspec.json.decode(offer.about, type=Server)
        vendor = self._vendor(offer.vendor)
        issuer = await confirm_issuer(self._network, server)
        landing = None
        if choice.way != "paste":
            uri = choice.redirect_uri or REDIRECTS[choice.way]
            landing = await Landing(uri, any_port=vendor.any_port).__aenter__()
        client = as_client(choice.registration)
        flow = begin(
            server,
            client,
            redirect_uri=landing.redirect_uri if landing else choice.redirect_uri,
            scope=vendor.scope(types_for(server), server),
            issuer=issuer,
        )
        sign_in = SignIn(self._network, client, flow)

        async def finish(landed: str) -> Signed:
            granted = await sign_in.finish(landed)
            registration = choice.registration
            try:
                if vendor.lasting == "dynamic" and granted.refresh is None:
                    registration = await own_registration(self._network, server, registration, granted)
                signed = await self._signed(offer, registration, granted, asked=flow.scope)
                return _with_redirect(signed, choice.redirect_uri)
            except BaseException:  # stopped by the patient too: access that nobody will hold goes back
                await self._give_back(server, registration, granted)
                raise

        return Attempt(flow.address, parse(server.authorize).host, landing, sign_in.belongs, finish)

    async def _signed(
        self, offer: Offer, registration: Registration, granted: Granted, *, asked: str
    ) -> Signed:
        """What a sign-in that worked would bring; the server is asked what it offers, nothing is fetched."""
        server = msgspec.json.decode(offer.about, type=Server)
        patient = granted.patient or ""
        dynamic = registration.kind == "dynamic"
        store = HeldTokens(granted)
        chart = cursors.chart(server.base, patient)
        info = SourceInfo(KIND, f"{server.base}#{chart}", offer.name)
        link = Link(
            info=info,
            source=source_id(info.kind, info.key),
            address=server.base,
            typed=offer.typed,
            door=self.kind,
            about=offer.about,
            vendor=offer.vendor,
            asked=asked,
            dynamic=dynamic,
            patient=patient,
        )
        async with self._plan(link, registration, store) as (planned, _):
            coming = tuple(
                Coming(row.search.name, row.search.category, row.comes, row.text) for row in planned.rows
            )
        return Signed(link, registration, store.granted, coming, _lasting(granted, dynamic))

    @asynccontextmanager
    async def reading(
        self, link: Link, registration: Registration, keeping: Keeping
    ) -> AsyncGenerator[Connector, None]:
        """The link as a source."""
        async with self._plan(link, registration, keeping.tokens) as (planned, client):
            types = tuple(dict.fromkeys(row.search.type for row in planned.coming))
            before = Before(link.last, link.full) if link.last and link.full else None
            yield SmartConnector(
                link.info,
                client,
                planned,
                link.patient,
                before=before,
                kept=keeping.kept,
                told=lambda coverage: keeping.told(told_of(coverage, types)),
            )

    async def revoke(self, link: Link, registration: Registration, access: Granted) -> str:
        """Take access back at the server."""
        server = msgspec.json.decode(link.about, type=Server)
        return await self._give_back(server, registration, access)

    async def _give_back(self, server: Server, registration: Registration, access: Granted) -> str:
        return await give_back(self._network, server, as_client(registration), access)

    async def ask(self, link: Link, registration: Registration, tokens: TokenStore, what: Asked) -> str:
        """Nothing: a FHIR server is not asked in words."""
        raise NotSupported(parse(link.address).host, "has nothing to be asked beside its records")

    def _vendor(self, name: str) -> Vendor:
        table = self._table or vendors()
        return next((vendor for vendor in table if vendor.id == name), table[-1])

    @asynccontextmanager
    async def _plan(
        self, link: Link, registration: Registration, store: TokenStore
    ) -> AsyncGenerator[tuple[Plan, Any], None]:
        """What will be asked for, and the client to ask with."""
        server = msgspec.json.decode(link.about, type=Server)
        origin = self._vendor(link.vendor).origin(link.address, typed=link.typed)
        tokens = Tokens(self._network, server, as_client(registration), store, dynamic=link.dynamic)
        try:
            async with self._network.pinned(origin, bearer=tokens, typed=link.typed) as client:
                statement = await capability(client)
                _check_version(server.host, statement)
                held = await store.load()
                granted = held.scope if held is not None and held.scope is not None else link.asked
                asked = Scopes.parse(link.asked)
                yield plan(Scopes.parse(granted), statement, link.vendor, asked=asked), client
        finally:
            await tokens.aclose()


def _with_redirect(signed: Signed, redirect_uri: str) -> Signed:
    """Remembering the address to come back to, where it is the patient's own."""
    link = msgspec.structs.replace(signed.link, redirect_uri=redirect_uri)
    return msgspec.structs.replace(signed, link=link)


def types_for(server: Server) -> tuple[str, ...]:
    """The types to ask for: all that is searched or referred to, or those of them that the server names."""
    wanted = (*dict.fromkeys(row.type for row in searches()), *BESIDE)
    named = Scopes.parse(" ".join(sorted(server.scopes)))
    types = {one.type for one in named.access}
    return wanted if not types or "*" in types else tuple(one for one in wanted if one in types)


def _sandbox_client(vendor: Vendor, base: str) -> str:
    for sandbox in vendor.sandboxes:
        if parse(sandbox.base).text.rstrip("/") == parse(base).text.rstrip("/"):
            return sandbox.client_id or ""
    return ""


def _check_version(host: str, statement: Mapping[str, Any] | None) -> None:
    said = (statement or {}).get("fhirVersion")
    if isinstance(said, str) and said and not said.startswith("4."):
        raise NotSupported(host, "speaks another version of FHIR than R4")


def _lasting(granted: Granted, dynamic: bool) -> str:
    if granted.refresh is not None or dynamic:
        return "You stay signed in until you unlink, or until the provider ends it."
    return "Access lasts for this visit only; to fetch again later you sign in again."
