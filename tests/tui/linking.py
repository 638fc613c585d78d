"""What the tests of linking on the screen share: an app over an empty vault, and the steps of the way."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Select

from assistant.bootstrap import House
from assistant.settings import Settings
from assistant.tui.app import ChartsideApp
from assistant.tui.doors import FIRST_QUESTIONS
from assistant.tui.screens.coming import ComingScreen
from assistant.tui.screens.find_provider import FindProviderScreen
from assistant.tui.screens.providers import ProvidersScreen
from assistant.tui.screens.registering import RegisteringScreen
from assistant.tui.screens.signing_in import SigningInScreen
from assistant.tui.screens.syncing import SyncScreen
from tests.fakes.smart_server import Person, SmartServer
from tests.links.linking import CLIENT_ID, house, linked
from tests.tui.conftest import Driven, busy, started, until
from tests.tui.test_chat_screen import words

REDIRECT = "http://127.0.0.1:8914/chartside"
SMALL = (80, 24)


class LinkDoor:
    """Opens a new vault whose network waits for nothing."""

    name = "Your records"
    suffix = ""
    made = True
    asks = False

    def __init__(self, home: Path) -> None:
        self.home = home

    def questions(self) -> Sequence[str]:
        return FIRST_QUESTIONS

    def open(self, passphrase: str) -> House:
        return house(self.home)

    def make(self, passphrase: str) -> tuple[House, str | None]:
        return self.open(passphrase), None

    def close(self) -> None:
        """The test's folder goes with the test."""


@asynccontextmanager
async def linking(
    home: Path, server: SmartServer | None = None, size: tuple[int, int] = SMALL
) -> AsyncIterator[Driven]:
    """The app, with the providers on the screen; this one is linked and fetched from already."""
    app = ChartsideApp(LinkDoor(home), Settings(motion=False))
    async with app.run_test(size=size) as pilot:
        await started(app, pilot)
        if server is not None:
            assert app.house is not None
            link = await linked(app.house, server)
            await app.house.links.sync(link.source)
        await pilot.press("f10")
        await arrived(pilot, ProvidersScreen)
        yield app, pilot


async def still(pilot: Pilot[None]) -> None:
    """Wait until what a key set off is done; quicker than to wait for every footer."""
    await pilot.pause()
    await until(pilot, lambda: not busy(pilot))
    await pilot.pause()


async def arrived(pilot: Pilot[None], screen: type) -> None:
    """Wait until a screen is there and quiet."""
    await until(pilot, lambda: type(pilot.app.screen) is screen)
    await still(pilot)
    if screen is ProvidersScreen:
        await until(pilot, lambda: not any(w.group == "link" and w.is_running for w in pilot.app.workers))


async def found(pilot: Pilot[None], server: SmartServer) -> None:
    """From the providers to what the server said."""
    await pilot.press("n")
    await arrived(pilot, FindProviderScreen)
    pilot.app.screen.query_one("#typed", Input).value = server.base
    await still(pilot)
    await pilot.press("enter")
    await arrived(pilot, RegisteringScreen)


async def begun(pilot: Pilot[None]) -> str:
    """On to the sign-in, coming back by paste; the address of the page."""
    screen = pilot.app.screen
    for field in screen.query("#client").results(Input):
        field.value = CLIENT_ID
    screen.query_one("#ways", Select).value = "paste"
    await still(pilot)
    screen.query_one("#redirect", Input).value = REDIRECT
    await pilot.press("f2")
    return await waiting(pilot)


async def waiting(pilot: Pilot[None]) -> str:
    """The address of the page, once it is there."""
    await until(
        pilot,
        lambda: isinstance(pilot.app.screen, SigningInScreen) and pilot.app.screen.has_class("waiting"),
    )
    await still(pilot)
    return words(pilot.app.screen.query("#page"))


async def pasted(pilot: Pilot[None], landed: str) -> None:
    """Paste an address that the browser landed on."""
    line = pilot.app.screen.query_one("#landed", Input)
    line.value = landed
    line.focus()
    await pilot.press("enter")
    await still(pilot)


async def signed_in(pilot: Pilot[None], person: Person | None = None) -> None:
    """From what the server said to what would come."""
    address = await begun(pilot)
    await pasted(pilot, await (person or Person()).lands_on(address))
    await arrived(pilot, ComingScreen)


async def fetched(pilot: Pilot[None]) -> str:
    """Wait for the end of a fetch; what it says."""
    await until(pilot, lambda: isinstance(pilot.app.screen, SyncScreen))
    await until(pilot, lambda: "What came" in words(pilot.app.screen.query("#now")))
    await still(pilot)
    return words(pilot.app.screen.query("#came"))


async def synced(pilot: Pilot[None]) -> str:
    """Fetch from the provider in hand, and go back; what came."""
    await pilot.press("s")
    came = await fetched(pilot)
    await pilot.press("escape")
    await arrived(pilot, ProvidersScreen)
    return came


def listed(pilot: Pilot[None]) -> str:
    """The linked providers as they are listed."""
    options = pilot.app.screen.query_one(OptionList)
    return "\n".join(str(options.get_option_at_index(n).prompt) for n in range(options.option_count))


def drawn_whole(app: ChartsideApp) -> str:
    """Everything on the screen as it is drawn."""
    return "\n".join(
        "".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()
    )
