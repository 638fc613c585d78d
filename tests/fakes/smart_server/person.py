"""Someone in front of a browser: opens the sign-in address, fills in the form, and lands somewhere.

Over the standard library's client: the program's own one must be the only one whose notes are heard.
"""

import asyncio
import http.client
import ssl
from collections.abc import Mapping
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

import msgspec

SECONDS = 20.0


class Page(msgspec.Struct, frozen=True):
    """What a browser got."""

    status: int
    location: str | None
    text: str


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the form's address and its fields."""
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = values.get("action", "")
        if tag == "input" and values.get("name"):
            self.fields[values["name"]] = values.get("value", "")


class Person(msgspec.Struct, frozen=True):
    """What this person answers at the sign-in page."""

    user: str = "nadia"
    password: str = "correct horse"
    patient: str = "nadia"
    decision: str = "allow"

    async def lands_on(self, address: str) -> str:
        """Go through the sign-in page; the address at the end, which is not visited."""
        page = await browse(address)
        if page.location is not None:
            return page.location
        assert page.status == 200, f"the sign-in page answered {page.status}"
        form = _Form()
        form.feed(page.text)
        answers = msgspec.structs.asdict(self)
        answer = await browse(urljoin(address, form.action), form.fields | answers)
        assert answer.location is not None, f"the form was answered with {answer.status}"
        return answer.location

    async def signs_in(self, address: str) -> str:
        """Go through the sign-in page and visit where it ends; what that page says."""
        return (await browse(await self.lands_on(address))).text


async def browse(address: str, form: Mapping[str, str] | None = None) -> Page:
    """Get a page, or post a form to it; redirects are not followed."""
    return await asyncio.to_thread(_browse, address, form)


def _browse(address: str, form: Mapping[str, str] | None) -> Page:
    parts = urlsplit(address)
    connection = _connection(parts.scheme, parts.netloc)
    try:
        target = f"{parts.path}?{parts.query}"
        if form is None:
            connection.request("GET", target)
        else:
            kind = {"content-type": "application/x-www-form-urlencoded"}
            connection.request("POST", target, urlencode(form), kind)
        answer = connection.getresponse()
        return Page(answer.status, answer.getheader("location"), answer.read().decode())
    finally:
        connection.close()


def _connection(scheme: str, place: str) -> http.client.HTTPConnection:
    if scheme == "http":
        return http.client.HTTPConnection(place, timeout=SECONDS)
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(place, timeout=SECONDS, context=trusting)
