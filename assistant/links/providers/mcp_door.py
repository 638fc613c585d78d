"""Linking a server of tools by MCP: HealthEx, Function Health, and any other that the patient approves."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

import msgspec

from assistant.links.providers.attempt import Attempt
from assistant.links.providers.coverage import told_of
from assistant.links.providers.door import LOOK_SECONDS, Asked, Choice, Coming, Keeping, Offer, Signed
from assistant.links.providers.link import Link, Registration
from assistant.links.providers.mcp_services import SERVICES, Service, service_at
from assistant.links.providers.revoking import give_back
from assistant.links.providers.token_store import HeldTokens
from assistant.records.identity import source_id
from connectors.base import Connector
from connectors.http import Network
from connectors.mcp import asked_for
from connectors.mcp.client import McpClient
from connectors.mcp.connector import KIND, McpConnector
from connectors.mcp.counts import CountsConnector
from connectors.mcp.discovery import Found, find
from connectors.mcp.healthex import HealthEx
from connectors.mcp.other import NOT_BY_ITSELF, Approved
from connectors.mcp.pins import Approval, usable
from connectors.mcp.reach import Reach
from connectors.mcp.reader import Reader
from connectors.mcp.sign_in import begin
from connectors.mcp.tool import Tool
from connectors.model import SourceInfo
from connectors.origin import parse
from connectors.smart.errors import NotSupported
from connectors.smart.landing import Landing
from connectors.smart.secret import Secret
from connectors.smart.token_reply import Granted
from connectors.smart.tokens import Tokens, TokenStore
from connectors.smart.vendors import REDIRECTS

RECORDS = (
    "AllergyIntolerance",
    "Condition",
    "DocumentReference",
    "Encounter",
    "Immunization",
    "MedicationStatement",
    "Observation",
    "Procedure",
)
WHOSE = (
    "The service names nobody, so everything in this account is taken as yours. If the account is another"
    " person's, stop here: their records need a data folder of their own."
)


class About(msgspec.Struct, frozen=True):
    """What this door needs to know again of a link."""

    found: Found
    approval: Approval | None = None
    """What was approved of a server that nothing more is known of."""
    searches: tuple[str, ...] = ()
    """Words that the patient wants notes searched for."""


class McpDoor:
    """The door for servers of tools."""

    kind = KIND

    def __init__(self, network: Network, services: Mapping[str, Service] = SERVICES) -> None:
        self._network = network
        self._services = services

    async def look(self, address: str, *, typed: bool, name: str = "") -> Offer:
        """Ask a server where to sign in. `address` may be the word for a known service."""
        known = self._services.get(address)
        address, typed = (known.address, known.typed) if known else (address, typed)
        found = await find(self._network.waited_for(LOOK_SECONDS), address, typed=typed)
        host = parse(address).host
        if found is None:
            raise NotSupported(host, "wants no sign-in, so it can't know whose records to show")
        service = known or service_at(address, self._services)
        return Offer(
            door=self.kind,
            name=name or service.name or host,
            address=found.address,
            host=host,
            typed=typed,
            vendor=service.id,
            vendor_name=service.name or host,
            ways=(("http", REDIRECTS["http"]), ("paste", REDIRECTS["http"])),
            needs_client=False,
            notes=service.notes,
            about=msgspec.json.encode(About(found)),
        )

    async def begin(self, offer: Offer, choice: Choice) -> Attempt:
        """Introduce the app to the server, and start a sign-in."""
        found = msgspec.json.decode(offer.about, type=About).found
        redirect = choice.redirect_uri or REDIRECTS["http"]
        landing = await Landing(redirect).__aenter__() if choice.way == "http" else None
        try:
            sign_in = await begin(self._network, found, redirect_uri=redirect)
        except BaseException:  # interrupted too: the way back must not stay open
            if landing is not None:
                await landing.aclose()
            raise

        async def finish(landed: str) -> Signed:
            granted = await sign_in.finish(landed)
            about = About(found, None, choice.searches)
            try:
                return await self._signed(offer, about, sign_in.client, granted)
            except BaseException:  # stopped by the patient too: access that nobody will hold goes back
                await give_back(self._network, found.server, sign_in.client, granted)
                raise

        return Attempt(sign_in.address, parse(found.server.authorize).host, landing, sign_in.belongs, finish)

    @asynccontextmanager
    async def reading(
        self, link: Link, registration: Registration, keeping: Keeping
    ) -> AsyncGenerator[Connector, None]:
        """The link as a source."""
        about = msgspec.json.decode(link.about, type=About)
        async with self._reach(link, about.found, registration, keeping.tokens) as reach:
            if link.vendor == "function-health":
                yield CountsConnector(
                    link.info, reach, keeping.held, told=lambda said: keeping.told(told_of(said))
                )
            else:
                reader = _reader(link, about)
                yield McpConnector(
                    link.info, reach, reader, told=lambda said: keeping.told(told_of(said, RECORDS))
                )

    async def ask(self, link: Link, registration: Registration, tokens: TokenStore, what: Asked) -> str:
        """Ask how far the service is, or have it fetch anew; what it says: text from outside."""
        about = msgspec.json.decode(link.about, type=About)
        async with self._reach(link, about.found, registration, tokens) as reach:
            return await (asked_for.records_status if what == "status" else asked_for.update_records)(reach)

    async def revoke(self, link: Link, registration: Registration, access: Granted) -> str:
        """Take access back at the server."""
        server = msgspec.json.decode(link.about, type=About).found.server
        return await give_back(self._network, server, _client(registration), access)

    async def _signed(self, offer: Offer, about: About, client: McpClient, granted: Granted) -> Signed:
        """What a sign-in that worked would bring: the server's tools are listed, none is called."""
        info, found = SourceInfo(KIND, offer.address, offer.name), about.found
        registration = Registration(client.client_id, "mcp", Secret(msgspec.json.encode(client).decode()))
        link = Link(
            info=info,
            source=source_id(info.kind, info.key),
            address=offer.address,
            typed=offer.typed,
            door=self.kind,
            vendor=offer.vendor,
            asked=found.scope,
            patient=f"linked-{source_id(info.kind, info.key)}",
        )
        store = HeldTokens(granted)
        async with self._reach(link, found, registration, store) as reach:
            tools = await asked_for.list_tools(reach)
        other = offer.vendor not in self._services
        names = frozenset(tool.name for tool in usable(tools))
        approval = Approval(found.address, tools, names) if other else None
        about = msgspec.structs.replace(about, approval=approval)
        link = msgspec.structs.replace(link, about=msgspec.json.encode(about))
        coming = _coming(link, tools)
        return Signed(link, registration, store.granted, coming, _lasting(granted), WHOSE)

    @asynccontextmanager
    async def _reach(
        self, link: Link, found: Found, registration: Registration, store: TokenStore
    ) -> AsyncGenerator[Reach, None]:
        tokens = Tokens(self._network, found.server, _client(registration), store)
        try:
            yield Reach(self._network, link.address, typed=link.typed, bearer=tokens)
        finally:
            await tokens.aclose()


def _client(registration: Registration) -> McpClient:
    assert registration.proof is not None
    return msgspec.json.decode(registration.proof.value, type=McpClient)


def _reader(link: Link, about: About) -> Reader:
    subject = f"Patient/{link.patient}"
    if about.approval is not None:
        return Approved(about.approval, subject)
    return HealthEx(subject, about.searches)


def _coming(link: Link, tools: tuple[Tool, ...]) -> tuple[Coming, ...]:
    """What would be asked; of a server that nothing is known of, every tool with what it says of itself."""
    about = msgspec.json.decode(link.about, type=About)
    if about.approval is not None:
        return tuple(
            Coming(
                tool.name,
                "",
                tool.name in about.approval.use,
                "" if tool.asks_nothing else NOT_BY_ITSELF,
                tool.description,
            )
            for tool in tools
        )
    if link.vendor == "function-health":
        return (Coming("Counts, to check what you imported from its files", "", comes=True),)
    planned = _reader(link, about).plan(link.address, tools)
    return tuple(Coming(one.name, one.category, not one.text, one.text) for one in planned)


def _lasting(granted: Granted) -> str:
    if granted.refresh is not None:
        return "You stay signed in until you unlink, or until the service ends it."
    return "Access lasts for this visit only; to fetch again later you sign in again."
