"""What the tests of linking share: a clinic with a small chart, and a vault that links it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from assistant.bootstrap import House, make_house
from assistant.links.providers.directory import ProviderDirectory
from assistant.links.providers.door import Choice, Signed
from assistant.links.providers.link import Link, Registration
from assistant.links.providers.service import Links
from assistant.links.providers.smart_door import SmartDoor
from connectors.smart.vendors import Vendor
from tests.connectors.mcp.flows import lands_on
from tests.connectors.smart.flows import clinic, network
from tests.fakes import small
from tests.fakes.smart_server import Person, SmartServer

PASSPHRASE = "correct horse battery staple"
CLIENT_ID = "chartside"
LABS = 7
WEIGHTS = 3
ALL = LABS + WEIGHTS + 1
"""Observations, and the patient."""


def house(folder: Path) -> House:
    """A vault of its own."""
    made, _ = make_house(PASSPHRASE, home=folder)
    return hurried(made, folder)


def hurried(opened: House, folder: Path, table: tuple[Vendor, ...] | None = None) -> House:
    """The same, with waits that take no time."""
    directory = ProviderDirectory(folder, opened.watch, opened.clock)
    doors = (SmartDoor(network(), table),)
    opened.links = Links(opened.vault, opened.clock, opened.sharing, doors, directory)
    return opened


@asynccontextmanager
async def hospital(labs: int = LABS) -> AsyncGenerator[SmartServer, None]:
    """A server that knows the usual client, with a chart of some labs and weights."""
    async with clinic() as server:
        fill(server, labs)
        yield server


def fill(server: SmartServer, labs: int = LABS) -> None:
    """Put a chart there."""
    for n in range(labs):
        server.chart.put(nadias(small.ldl(f"ldl{n}", 90 + n, f"2026-01-{n % 28 + 1:02}")))
    for n in range(WEIGHTS):
        server.chart.put(nadias(small.weight(f"kg{n}", 70 + n, f"2026-02-{n + 1:02}")))


def nadias(resource: dict[str, Any]) -> dict[str, Any]:
    """A resource about the person who signs in."""
    return resource | {"subject": {"reference": "Patient/nadia"}}


async def signed_in(opened: House, server: SmartServer, person: Person | None = None) -> Signed:
    """A sign-in at the clinic by pasting the address landed on; nothing is kept of it yet."""
    offer = await opened.links.look(server.base)
    choice = Choice(Registration(CLIENT_ID), "paste", "http://127.0.0.1:8914/chartside")
    attempt = await opened.links.begin(offer, choice)
    try:
        return await attempt.paste(await (person or Person()).lands_on(attempt.address))
    finally:
        await attempt.aclose()


async def linked(opened: House, server: SmartServer) -> Link:
    """A link that was agreed to."""
    return opened.links.keep(await signed_in(opened, server))


async def service_signed_in(links: Links, provider: str, *searches: str) -> Signed:
    """A sign-in at a server of tools, by pasting too."""
    offer = await links.look(provider, door="mcp")
    choice = Choice(Registration(""), "paste", "http://127.0.0.1:8914/chartside", searches)
    attempt = await links.begin(offer, choice)
    try:
        return await attempt.paste(await lands_on(attempt.address))
    finally:
        await attempt.aclose()
