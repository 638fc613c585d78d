"""When two rows are the same provider, and what stays when they are put together."""

from collections.abc import Sequence
from hashlib import blake2b

import msgspec

from connectors.directory.fold import fold, words
from connectors.directory.model import R4, READ_VERSIONS, Listed
from connectors.directory.sift import MOST_ALIASES, MOST_PLACES, Sifted
from connectors.directory.states import state_in_front


def name_key(name: str) -> str:
    """A name as it is compared: folded, without a state in front, without the small words."""
    return " ".join(words(state_in_front(name)[1]) or words(name))


def same_key(sifted: Sifted) -> str:
    """Rows with this in common are one provider: the same name, and an address of the same owner.

    A vendor lists one practice once for each version, for each way in, and in each of its lists. An address
    alone doesn't tell: 17,000 practices share one. Nor does a name: many towns have an "Internal Medicine".
    """
    portal = fold(sifted.provider.portal)
    return f"{name_key(sifted.provider.name)}|{sifted.address.owner}|{portal}"


def preference(listed: Listed) -> int:
    """The better of two rows has the lower number: R4 before untold before older, then one that says more.

    Veradigm's `/open/` is for patients, its `/fhir/` for those who treat them.
    """
    version = 0 if listed.fhir_version == R4 else 4 if listed.fhir_version in READ_VERSIONS else 16
    way_in = 0 if "/fhirroute/fhir/" not in listed.url and "/fhir-Prod" not in listed.url else 2
    return version + way_in + (0 if listed.authorize else 1)


def merged(rows: Sequence[Listed]) -> Listed | None:
    """One provider of rows in order of preference; None where each speaks an older FHIR only."""
    best = rows[0]
    if best.fhir_version not in READ_VERSIONS:
        return None
    if len(rows) == 1:
        return best
    same = [row for row in rows if row.url == best.url]
    aliases = dict.fromkeys(alias for row in rows for alias in row.aliases)
    places = dict.fromkeys(place for row in rows for place in row.places)
    fuller = [place for place in places if place.city or place.zip] or list(places)
    return msgspec.structs.replace(
        best,
        aliases=tuple(aliases)[:MOST_ALIASES],
        places=tuple(fuller)[:MOST_PLACES],
        authorize=next((row.authorize for row in same if row.authorize), ""),
        token=next((row.token for row in same if row.token), ""),
        portal=best.portal or next((row.portal for row in rows if row.portal), ""),
        brand=best.brand or next((row.brand for row in rows if row.brand), ""),
        site=best.site or next((row.site for row in rows if row.site), ""),
        facilities=max(row.facilities for row in rows),
    )


def stable_id(listed: Listed) -> str:
    """An id that stays the same while name and address do, whichever list they stand in."""
    said = f"{name_key(listed.name)}|{listed.url.rstrip('/').lower()}|{fold(listed.portal)}"
    return blake2b(said.encode(), digest_size=8).hexdigest()
