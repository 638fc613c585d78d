"""What the tests in a browser share: a clinic, a sign-in under way, and what a person does about it."""

import asyncio
import socket
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Literal

from assistant.bootstrap import House, provider_directory
from assistant.links.providers.attempt import Attempt
from assistant.links.providers.door import Choice, Signed, Way
from assistant.links.providers.link import Registration
from assistant.links.providers.service import Links
from assistant.links.providers.smart_door import SmartDoor
from connectors.http import Network
from connectors.smart.certificate import loopback_tls
from tests.browser.driver import Browser, BrowserFailed
from tests.fakes.smart_server import Person, Registered, SmartServer
from tests.links.linking import CLIENT_ID, fill

Scheme = Literal["http", "https"]
OURS = "h1 + p"
"""The text under the heading of a page of ours; the clinic's form has none."""
NOWHERE = "#main-frame-error"
"""The browser's own page for an address where nobody answers."""


def links_of(opened: House) -> Links:
    """The vault's links, over a network that takes the clinic's own certificate."""
    anyone = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anyone.check_hostname = False
    anyone.verify_mode = ssl.CERT_NONE
    door = SmartDoor(Network(trust=anyone))
    return Links(opened.vault, opened.clock, opened.sharing, (door,), provider_directory())


@asynccontextmanager
async def clinic(scheme: Scheme = "http") -> AsyncGenerator[SmartServer, None]:
    """A provider with a small chart."""
    async with SmartServer(tls=loopback_tls() if scheme == "https" else None) as server:
        fill(server)
        yield server


def way_back(scheme: Scheme = "http") -> str:
    """An address to come back to, at a port that is free."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = "127.0.0.1" if scheme == "http" else "localhost"
        return f"{scheme}://{host}:{free.getsockname()[1]}/chartside"


@asynccontextmanager
async def begun(
    links: Links, server: SmartServer, way: Way = "http", back: str = ""
) -> AsyncGenerator[Attempt, None]:
    """A sign-in that waits for its browser; `back` is what was registered, else one of this computer."""
    uri = back or way_back("https" if way == "https" else "http")
    server.clients.add(Registered(CLIENT_ID, redirect_uris=(uri,)))
    offer = await links.look(server.base)
    attempt = await links.begin(offer, Choice(Registration(CLIENT_ID), way, uri))
    try:
        yield attempt
    finally:
        await attempt.aclose()


@asynccontextmanager
async def awaited(attempt: Attempt) -> AsyncGenerator[asyncio.Task[Signed], None]:
    """The wait for the browser, given up at the end."""
    waiting = asyncio.create_task(attempt.wait())
    try:
        yield waiting
    finally:
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)


async def fill_in(browser: Browser, press: str = "#allow") -> None:
    """Fill in the clinic's form and press a button."""
    person = Person()
    await browser.write("#user", person.user)
    await browser.write("#password", person.password)
    await browser.click(press)


async def open_past_the_warning(browser: Browser, address: str) -> None:
    """Open an address whose certificate nobody vouches for."""
    with suppress(BrowserFailed):
        await browser.go(address)
    await past_the_warning(browser)


async def past_the_warning(browser: Browser) -> None:
    """Go on to the page behind the browser's warning, as it lets a person do."""
    await browser.click("#details-button")
    await browser.click("#proceed-link")
