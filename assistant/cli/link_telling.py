"""Offers, sign-ins and syncs as documents, and as lines for a person. Names come from outside."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from assistant.clock import stamp
from assistant.safe_text import safe_line, safe_text

if TYPE_CHECKING:
    from assistant.cli.syncing import Fetched
    from assistant.links.providers.door import Offer, Signed
    from assistant.links.providers.link import Kind
    from assistant.links.report import Totals

_WORDS = {
    "all": "came",
    "changes": "changed",
    "part": "came, not all",
    "refused": "came, the rest was refused",
    "failed": "came, the rest failed",
    "waiting": "came, the rest was not reached",
}


def offer_document(offer: "Offer") -> dict[str, Any]:
    """A provider that nobody signed in to, and how to register with its vendor."""
    return {
        "source": None,
        "name": offer.name,
        "host": offer.host,
        "address": offer.address,
        "vendor": offer.vendor,
        "signed_in": False,
        "steps": list(offer.steps),
        "notes": list(offer.notes),
        "register": [address for _, address in offer.ways if address],
    }


def register_lines(offer: "Offer") -> Iterator[str]:
    """The steps to a client id, and the address to register."""
    yield f"To link {safe_line(offer.name)} you need a client id of your own:"
    for number, step in enumerate(offer.steps, 1):
        yield f"{number:3}. {step}"
    addresses = [address for _, address in offer.ways if address]
    if addresses:
        yield f"The address to come back to, exactly: {addresses[0]}"
    for address in addresses[1:]:
        yield f"If that is refused: {address} (then add `--redirect {address}`)"


def signed_document(signed: "Signed") -> dict[str, Any]:
    """A sign-in that worked, with what it would bring; no token stands in it."""
    return {
        "source": signed.link.source,
        "name": signed.link.info.name,
        "state": None,
        "signed_in": True,
        "lasting": signed.lasting,
        "whose": signed.whose,
        "coming": [msgspec.to_builtins(one) for one in signed.coming],
        "sync": None,
    }


def coming_lines(signed: "Signed") -> Iterator[str]:
    """What will come and what won't."""
    yield f"You are signed in at {safe_line(signed.link.info.name)}. {signed.lasting}"
    yield "This will come:"
    for one in signed.coming:
        if one.comes:
            yield f"  + {safe_line(one.name)}"
            yield from (f"      {line}" for line in safe_text(one.about).splitlines())
    left = [one for one in signed.coming if not one.comes]
    if left:
        yield "This will not:"
    yield from (f"  - {safe_line(one.name)}: {one.why}" for one in left)
    if signed.whose:
        yield signed.whose


def fetched_document(done: "Fetched") -> dict[str, Any]:
    """What came of one sync."""
    document: dict[str, Any] = {
        "source": done.link.source,
        "name": done.link.info.name,
        "state": done.standing.state,
        "text": done.standing.text,
        "expires": None if done.standing.expires is None else stamp(done.standing.expires),
        "kinds": [msgspec.to_builtins(kind) for kind in done.kinds],
        "totals": None if done.report is None else msgspec.to_builtins(done.report.totals),
        "gone": done.gone,
        "foreign": done.foreign,
        "left": done.left,
        "import": None if done.report is None else done.report.id,
    }
    if done.error is not None:
        told = {"title": done.error.title, "text": done.error.text, "next": done.error.next_step}
        document["error"] = told
    return document


def fetched_lines(done: "Fetched") -> Iterator[str]:
    """The same for a person."""
    yield safe_line(
        f"{done.link.info.name} ({done.link.source}): {done.standing.state}. {done.standing.text}"
    )
    if done.error is not None and done.error.text != done.standing.text:
        yield f"  {done.error.text}"
    if done.error is not None:
        yield f"  {done.error.next_step}"
    yield from (safe_line(f"  {_kind(kind)}") for kind in done.kinds if kind.came or kind.text)
    if done.report is not None:
        yield f"  Records: {_counts(done.report.totals) or 'none'}."
    if done.gone:
        yield f"  No longer at the provider, so no longer used: {done.gone}."
    if done.foreign:
        yield f"  References to other servers, not followed: {done.foreign}."
    if done.left:
        yield f"  Attachments left at the provider: {done.left}."
    if done.report is not None and done.report.id is not None:
        yield f"  To take it back: chartside import undo {done.report.id}"


def _kind(kind: "Kind") -> str:
    """`Lab results: 7 came.`, with what is wrong."""
    if kind.state == "left" or not kind.came:
        return f"{kind.name}: {kind.text or 'none.'}"
    of = f" of {kind.promised}" if kind.promised is not None and kind.promised > kind.came else ""
    return f"{kind.name}: {kind.came}{of} {_WORDS.get(kind.state, 'came')}. {kind.text}".rstrip()


def _counts(totals: "Totals") -> str:
    named = msgspec.to_builtins(totals) | {"problems": 0}
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in named.items() if count)
