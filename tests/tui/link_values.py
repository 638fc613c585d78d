"""A provider as its server would have described it, without a server: for pictures and for hostile text."""

from datetime import UTC, datetime

import msgspec

from assistant.links.providers.attempt import Attempt
from assistant.links.providers.door import Coming, Offer, Signed
from assistant.links.providers.link import Kind, Link, Registration
from assistant.links.providers.mcp_door import WHOSE
from assistant.records.identity import source_id
from connectors.mcp.other import NOT_BY_ITSELF
from connectors.model import SourceInfo
from connectors.smart.secret import Secret
from connectors.smart.token_reply import Granted
from connectors.smart.vendors import REDIRECTS, vendors

BASE = "https://fhir.lakeside.org/api/FHIR/R4"
PAGE = (
    "https://fhir.lakeside.org/oauth2/authorize?response_type=code&client_id=chartside&redirect_uri="
    "http%3A%2F%2F127.0.0.1%3A8914%2Fchartside&scope=launch%2Fpatient+openid+fhirUser&state=abc&aud="
    "https%3A%2F%2Ffhir.lakeside.org%2Fapi%2FFHIR%2FR4&code_challenge=def&code_challenge_method=S256"
)
KINDS = (
    Kind("Lab results", "all", 212, 212),
    Kind("Conditions", "refused", 0, None, "The provider's server refused this."),
    Kind("Vitals", "part", 40, 96, "The server stopped answering half-way."),
)


def offer(name: str = "Lakeside Health", *, vendor: str = "epic") -> Offer:
    """What a server of this maker says."""
    (maker,) = (one for one in vendors() if one.id == vendor)
    return Offer(
        door="smart",
        name=name,
        address=BASE,
        host="fhir.lakeside.org",
        typed=False,
        vendor=maker.id,
        vendor_name=maker.name,
        ways=tuple((way, REDIRECTS.get(way, "")) for way in maker.redirects),
        needs_client=True,
        clients=maker.clients,
        steps=maker.steps,
        notes=maker.notes,
    )


async def attempt(page: str = PAGE, host: str = "fhir.lakeside.org") -> Attempt:
    """A sign-in that nobody finishes."""

    async def finish(landed: str) -> Signed:
        return signed()

    return Attempt(page, host, None, lambda _: False, finish)


def signed(name: str = "Lakeside Health", left: str = "Claims and benefits") -> Signed:
    """A sign-in that worked."""
    info = SourceInfo("smart", f"{BASE}#chart", name)
    link = Link(info, source_id(info.kind, info.key), BASE, False, "smart", kinds=KINDS, left=2)
    coming = (
        Coming("Lab results", "labs", True),
        Coming("Conditions", "conditions", True),
        Coming("Vitals", "vitals", True),
        Coming("Pictures and recordings", "notes", False, "The provider's server does not offer this."),
        Coming(left, "insurance", False, "The provider, or you on its page, did not allow this."),
    )
    access = Granted(Secret("none"), datetime(2100, 1, 1, tzinfo=UTC), 0.0, Secret("none"))
    lasting = "You stay signed in until you unlink, or until the provider ends it."
    return Signed(link, Registration("chartside"), access, coming, lasting)


def stranger(name: str = "tools.example", about: str = "Gives the newest results.\nOf all labs.") -> Signed:
    """A sign-in at a server of tools that nothing is known of."""
    coming = (
        Coming(name, "", True, about=about),
        Coming("send_all", "", False, NOT_BY_ITSELF, "Sends everything somewhere."),
    )
    return msgspec.structs.replace(signed(name), coming=coming, whose=WHOSE)
