"""The way from a name to records, screen by screen: find, look, sign in, agree, fetch."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from assistant.links.providers.link import Link
from assistant.sharing.model import OFFLINE
from assistant.tui.guarded import tell

if TYPE_CHECKING:
    from assistant.bootstrap import House
    from assistant.links.providers.door import Offer, Signed
    from assistant.links.providers.linked import Used
    from assistant.tui.app import ChartsideApp


class Ended(msgspec.Struct, frozen=True):
    """How the way ended."""

    link: Link | None = None
    """What was linked and may be fetched from."""
    text: str = ""
    """What to tell, where it wasn't."""


async def link_new(app: "ChartsideApp", house: "House") -> Ended:
    """Find a provider and link it; stepping back leads to the step before.

    Raises:
        ChartsideError: the vault can't be written.
    """
    from assistant.tui.screens.find_provider import FindProviderScreen

    while (offer := await app.push_screen_wait(FindProviderScreen(house))) is not None:
        signed = await _signed_in(app, house, offer, None)
        if signed is not None:
            return await _agreed(app, house, signed)
    return Ended()


async def link_again(app: "ChartsideApp", house: "House", link: Link) -> Ended:
    """Sign in again where one was signed in.

    Raises:
        SourceFailed: the provider can't be asked.
        ChartsideError: the vault can't be written.
    """
    offer = await house.links.look(link.address, door=link.door)
    offer = msgspec.structs.replace(offer, name=link.info.name, typed=link.typed)
    used = await asyncio.to_thread(house.links.used, offer)
    signed = await _signed_in(app, house, offer, used)
    return Ended() if signed is None else await _agreed(app, house, signed)


async def _signed_in(
    app: "ChartsideApp", house: "House", offer: "Offer", used: "Used | None"
) -> "Signed | None":
    from assistant.tui.screens.registering import RegisteringScreen
    from assistant.tui.screens.signing_in import SigningInScreen
    from connectors.smart.opening import open_url

    while (choice := await app.push_screen_wait(RegisteringScreen(offer, used))) is not None:
        screen = SigningInScreen(offer.name, partial(house.links.begin, offer, choice), open_url)
        signed = await app.push_screen_wait(screen)
        if signed is not None:
            return signed
    return None


async def _agreed(app: "ChartsideApp", house: "House", signed: "Signed") -> Ended:
    from assistant.tui.screens.coming import ComingScreen

    told = await asyncio.to_thread(shared_with, house, signed.link.source)
    if await app.push_screen_wait(ComingScreen(signed, told, house.links.drop)):
        return Ended(await asyncio.to_thread(house.links.keep, signed))
    tell(app, "Giving access back …")
    dropping = asyncio.ensure_future(house.links.drop(signed))
    return Ended(text=f"Nothing was kept. {await asyncio.shield(dropping)}")


def shared_with(house: "House", source: str) -> str:
    """What fetching from a source shares: nothing new, but what is shared already counts for it too."""
    wide = {
        grant.destination
        for grant in house.sharing.grants()
        if grant.destination != OFFLINE.id and grant.record is None and grant.source in (None, source)
    }
    told = "Linking shares nothing: no model sees any of it unless you switch it on."
    if wide:
        names = ", ".join(sorted(wide))
        told = (
            f"Linking switches no sharing on. But the kinds that you share with {names} already are shared "
            "from here too. F9 stops all sharing."
        )
    return told
