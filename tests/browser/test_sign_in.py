"""Signing in as a person does, in a real browser: its warnings, its own visits, its way back."""

import pytest

from assistant.bootstrap import House
from connectors.smart.errors import Denied, SignInFailed
from tests.browser.driver import Browser, BrowserFailed
from tests.browser.signing_in import (
    NOWHERE,
    OURS,
    Scheme,
    awaited,
    begun,
    clinic,
    fill_in,
    links_of,
    open_past_the_warning,
    past_the_warning,
    way_back,
)
from tests.fakes.smart_server import SmartServer
from tests.links.linking import ALL


def exchanges(server: SmartServer) -> int:
    """How often an answer was traded for access."""
    return len(server.requests("/auth/token"))


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_the_answer_comes_back_and_the_records_follow(
    browser: Browser, opened: House, scheme: Scheme
) -> None:
    links = links_of(opened)
    async with clinic(scheme) as server, begun(links, server) as attempt, awaited(attempt) as waiting:
        if scheme == "http":
            await browser.go(attempt.address)
        else:
            await open_past_the_warning(browser, attempt.address)
        await fill_in(browser)
        assert "Go back to the terminal" in await browser.text(OURS)
        assert "You can close this page" in await browser.text("h1")
        signed = await waiting
        assert links.all() == ()

        with pytest.raises(BrowserFailed, match="ERR_CONNECTION_REFUSED"):
            await browser.go(await browser.address())
        assert exchanges(server) == 1

        link = links.keep(signed)
        assert (await links.sync(link.source)).standing.state == "working"
        assert sum(opened.shelf.counts().values()) == ALL


async def test_it_comes_back_over_https_once_the_person_goes_past_the_warning(
    browser: Browser, opened: House
) -> None:
    links = links_of(opened)
    async with clinic() as server, begun(links, server, "https") as attempt, awaited(attempt) as waiting:
        await browser.go(attempt.address)
        await fill_in(browser)
        assert "localhost" in await browser.text("#main-message")
        assert not waiting.done()
        await past_the_warning(browser)
        assert "Go back to the terminal" in await browser.text(OURS)
        link = links.keep(await waiting)
        assert (await links.sync(link.source)).standing.state == "working"


async def test_no_on_the_providers_page_is_told_as_no(browser: Browser, opened: House) -> None:
    links = links_of(opened)
    async with clinic() as server, begun(links, server) as attempt, awaited(attempt) as waiting:
        await browser.go(attempt.address)
        await fill_in(browser, "#deny")
        assert "Go back to the terminal" in await browser.text(OURS)
        with pytest.raises(Denied) as caught:
            await waiting
        assert caught.value.code == "access_denied"
        assert exchanges(server) == 0
    assert links.all() == ()


@pytest.mark.parametrize("host", ["this computer", "my-records.example"])
async def test_the_address_that_nobody_answers_at_can_be_pasted(
    browser: Browser, opened: House, host: str
) -> None:
    links = links_of(opened)
    back = way_back() if host == "this computer" else f"https://{host}/back"
    async with clinic() as server, begun(links, server, "paste", back) as attempt:
        await browser.go(attempt.address)
        with pytest.raises(SignInFailed):
            await attempt.paste(await browser.address())
        await fill_in(browser)
        await browser.text(NOWHERE)
        landed = await browser.address()
        assert landed.startswith(f"{back}?")
        link = links.keep(await attempt.paste(landed))
        assert (await links.sync(link.source)).standing.state == "working"


async def test_what_a_browser_visits_beside_does_not_use_up_the_way_back(
    browser: Browser, opened: House
) -> None:
    links, back = links_of(opened), way_back()
    origin = back.rpartition("/")[0]
    async with (
        clinic() as server,
        begun(links, server, "http", back) as attempt,
        awaited(attempt) as waiting,
    ):
        await browser.go(attempt.address)
        for method in ("GET", "HEAD", "POST"):
            fetched = "return fetch(arguments[0], {mode: 'no-cors', method: arguments[1]}).then(r => r.type)"
            assert await browser.run(fetched, f"{back}?state=guessed", method) == "opaque"
        await browser.run(
            "return new Promise(done => { const link = document.createElement('link');"
            " Object.assign(link, {rel: 'prefetch', href: arguments[0], onload: done, onerror: done});"
            " document.head.append(link) })",
            back,
        )
        for stray in (f"{origin}/favicon.ico", f"{origin}/", f"{back}/x?state=guessed", back):
            await browser.go(stray)
            assert "There is nothing here" in await browser.text("h1")
        assert not waiting.done()
        await browser.go(attempt.address)
        await fill_in(browser)
        assert (await waiting).link.patient == "nadia"


async def test_a_sign_in_given_up_leaves_nothing_to_come_back_to(browser: Browser, opened: House) -> None:
    links = links_of(opened)
    async with clinic() as server:
        async with begun(links, server) as attempt, awaited(attempt):
            await browser.go(attempt.address)
        await fill_in(browser)
        await browser.text(NOWHERE)
        assert exchanges(server) == 0
    assert links.all() == ()
