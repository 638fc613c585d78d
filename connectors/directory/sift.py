"""From what a reader found to what is shown: cleaned, normalised, or dropped with the reason."""

from collections.abc import Iterable, Iterator

import msgspec

from connectors.directory.address import Address, read_address, safe_https
from connectors.directory.junk import MOST_CHARACTERS, clean_name, unfit_name
from connectors.directory.model import Junk, Listed, Place
from connectors.directory.states import state_code, state_in_front, zip_code
from connectors.directory.vendors import vendor_at

MOST_ALIASES = 50
MOST_PLACES = 300
_TEXT = 100

Found = Listed | Junk


class Sifted(msgspec.Struct, frozen=True, gc=False):
    """A provider to show, and what its address is made of."""

    provider: Listed
    address: Address


def sift(found: Iterable[Found]) -> Iterator[Sifted | Junk]:
    """Each provider to show, and for each other the reason.

    One that speaks an older FHIR is let through: it may be the same practice as one that doesn't, and know
    where that is. `connectors.directory.merge` decides on it.
    """
    for one in found:
        yield one if isinstance(one, Junk) else _sifted(one)


def _sifted(listed: Listed) -> Sifted | Junk:
    name = clean_name(listed.name)
    wrong = unfit_name(name)
    if wrong is not None:
        return wrong
    address = read_address(listed.url)
    if isinstance(address, Junk):
        return address
    aliases = (clean_name(alias) for alias in listed.aliases[:MOST_ALIASES])
    provider = msgspec.structs.replace(
        listed,
        name=name,
        url=address.url,
        vendor=vendor_at(address.host, listed.vendor[:_TEXT]),
        fhir_version=listed.fhir_version or address.version,
        aliases=tuple(dict.fromkeys(a for a in aliases if a and a != name and len(a) <= MOST_CHARACTERS)),
        places=_places(listed.places, name),
        authorize=safe_https(listed.authorize),
        token=safe_https(listed.token),
        portal=" ".join(listed.portal.split())[:MOST_CHARACTERS],
        brand=clean_name(listed.brand)[:MOST_CHARACTERS],
        site=safe_https(listed.site),
    )
    return Sifted(provider, address)


def _places(places: tuple[Place, ...], name: str) -> tuple[Place, ...]:
    cleaned = (_place(place) for place in places[:MOST_PLACES])
    kept = tuple(dict.fromkeys(place for place in cleaned if place != Place()))
    state = state_in_front(name)[0]
    if not state or any(place.state for place in kept):
        return kept
    return tuple(Place(place.city, state, place.zip) for place in kept) or (Place(state=state),)


def _place(place: Place) -> Place:
    city = " ".join(place.city.split())[:_TEXT]
    return Place(city, state_code(place.state)[:_TEXT], zip_code(place.zip[:_TEXT]))
