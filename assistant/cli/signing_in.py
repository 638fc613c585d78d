"""Sign in at a provider from a terminal: whose page, how the browser comes back, and the wait for it.

What blocks on a person runs outside of the event loop, so that Ctrl+C holds there at once.
"""

import asyncio
import sys
from collections.abc import Awaitable
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from assistant.cli.link_keys import proven
from assistant.cli.output import note
from assistant.cli.secrets import on_terminal
from assistant.errors import UsageError
from assistant.safe_text import safe_line

if TYPE_CHECKING:
    from assistant.links.providers.attempt import Attempt
    from assistant.links.providers.door import Choice, Offer, Signed, Way
    from assistant.links.providers.link import Registration
    from assistant.links.providers.service import Links

LONGEST_PASTE = 32_768
_OWN_ADDRESS = "Register an https address that you own, and say it here with `--redirect ADDRESS`."


class Asked(msgspec.Struct, frozen=True):
    """What the command line says about signing in."""

    client_id: str | None
    secret_file: Path | None
    key_file: Path | None
    redirect: str | None
    paste: bool
    browser: bool
    yes: bool
    searches: tuple[str, ...] = ()


def looked_at(links: "Links", runner: asyncio.Runner, provider: str, *, door: str) -> "Offer":
    """What is known of a provider; `provider` may be a source that is linked already, to sign in again.
    `door` says what stands behind an address.

    Raises:
        UsageError: there is no such provider.
        SourceFailed: it can't be linked, or not asked.
    """
    again = next((one.link for one in links.all() if one.link.source == provider), None)
    if again is None:
        return runner.run(links.look(provider, door=door))
    offer = runner.run(links.look(again.address, door=again.door))
    return msgspec.structs.replace(offer, name=again.info.name, typed=again.typed)


def is_known(links: "Links", offer: "Offer", asked: Asked) -> bool:
    """Whether there is a client id to sign in with."""
    return bool(asked.client_id or offer.client_id or links.used(offer) or not offer.needs_client)


def tell_offer(offer: "Offer") -> None:
    """Say whose sign-in it is, and what to know before."""
    place = offer.host if offer.name == offer.host else f"{offer.name}, at {offer.host}"
    note(safe_line(place if offer.vendor == "generic" else f"{place} ({offer.vendor_name})"))
    for text in offer.notes:
        note(f"  {text}")


def sign_in(links: "Links", runner: asyncio.Runner, offer: "Offer", asked: Asked) -> "Signed":
    """One sign-in, to where access is given; nothing is kept of it yet.

    Raises:
        UsageError: the way back can't be used like this.
        SourceFailed: the sign-in did not come to its end.
    """
    attempt = runner.run(links.begin(offer, _choice(links, offer, asked)))
    try:
        note(f"Sign in at {attempt.host}. This is the address:\n\n{attempt.address}\n")
        if asked.browser and (asked.yes or _agrees("Open it in your browser?")):
            _open(attempt.address)
        if not attempt.comes_back:
            return runner.run(_told(attempt.paste(_pasted(attempt))))
        note("Waiting for the browser to come back. Ctrl+C stops; on another computer use --paste.")
        return runner.run(_told(attempt.wait()))
    finally:
        runner.run(attempt.aclose())


def _choice(links: "Links", offer: "Offer", asked: Asked) -> "Choice":
    from assistant.links.providers.door import Choice

    before = links.used(offer)
    way, redirect = _way_back(offer, asked, before.redirect_uri if before is not None else "")
    if way == "paste" and not asked.paste and not on_terminal():
        raise UsageError(
            "Here the address you land on has to be pasted, and there is no terminal to paste it on.",
            "Add --paste and give the address as a line of input.",
        )
    return Choice(_registration(links, offer, asked), way, redirect, asked.searches)


def _registration(links: "Links", offer: "Offer", asked: Asked) -> "Registration":
    """As the command line says, else as the patient registered before, else one that anyone may use."""
    proofs = asked.secret_file or asked.key_file
    before = links.used(offer)
    used = before.registration if before is not None else None
    if used is not None and not proofs and asked.client_id in (None, used.client_id):
        return used
    named = asked.client_id or (used.client_id if used is not None else offer.client_id)
    return proven(named, asked.secret_file, asked.key_file)


def _way_back(offer: "Offer", asked: Asked, before: str) -> "tuple[Way, str]":
    own = asked.redirect or before
    if own:
        return _way_to(own, paste=asked.paste), own
    way = offer.ways[0][0]
    if way != "paste" and not asked.paste:
        return way, ""
    usual = next((address for _, address in offer.ways if address), "")
    if not usual:
        raise UsageError("This provider does not send browsers back to your own computer.", _OWN_ADDRESS)
    return "paste", usual


def _way_to(address: str, *, paste: bool) -> "Way":
    """How the browser comes back to an address that was registered: by itself only to this computer."""
    from connectors.net_errors import BadAddress
    from connectors.origin import parse

    try:
        parsed = parse(address)
    except BadAddress:
        raise UsageError("The address to come back to is none.", "Give it whole, from https on.") from None
    if not parsed.is_loopback and parsed.scheme != "https":
        raise UsageError("That address would come back over an open line.", _OWN_ADDRESS)
    if paste or not parsed.is_loopback:
        return "paste"
    return "http" if parsed.scheme == "http" else "https"


def _agrees(question: str) -> bool:
    return on_terminal() and click.confirm(question, err=True)


def _open(address: str) -> None:
    from connectors.smart.opening import open_url

    if not open_url(address):
        note("No browser could be started here. Open the address yourself.")


def _pasted(attempt: "Attempt") -> str:
    """The address that the browser landed on. It holds a code, so it isn't shown while it is pasted."""
    if not on_terminal():
        return sys.stdin.readline(LONGEST_PASTE)
    note("After signing in, copy the whole address of the page you land on, also of one that can't be shown.")
    while True:
        landed: str = click.prompt("Paste it here (it stays hidden)", hide_input=True, err=True)
        if attempt.fits(landed):
            return landed
        note("That is not where this sign-in ends. Copy the last page's address, from http on.")


async def _told(signed: "Awaitable[Signed]") -> "Signed":
    from assistant.links.failing import told_plainly

    with told_plainly():
        return await signed
