"""What the page that the browser lands on may do there: nothing."""

from collections.abc import AsyncGenerator

import pytest

from assistant.bootstrap import House
from tests.browser.driver import Browser
from tests.browser.signing_in import OURS, awaited, begun, clinic, fill_in, links_of
from tests.fakes.smart_server import SmartServer

ADD_SCRIPT = (
    "const added = document.createElement('script'); added.textContent = 'window.ran = true';"
    " document.head.append(added); return window.ran === true"
)
ADD_LINK = (
    "const added = document.createElement('a'); added.id = 'away'; added.href = arguments[0];"
    " added.textContent = 'away'; document.body.prepend(added)"
)


@pytest.fixture
async def server() -> AsyncGenerator[SmartServer, None]:
    async with clinic() as made:
        yield made


async def test_nothing_runs_there(browser: Browser, opened: House, server: SmartServer) -> None:
    async with begun(links_of(opened), server) as attempt, awaited(attempt):
        await browser.go(attempt.address)
        assert await browser.run(ADD_SCRIPT)
        await fill_in(browser)
        await browser.text(OURS)
        assert await browser.run("return document.scripts.length") == 0
        assert not await browser.run(ADD_SCRIPT)


async def test_whoever_is_visited_next_is_not_told_of_it(
    browser: Browser, opened: House, server: SmartServer
) -> None:
    async with begun(links_of(opened), server) as attempt, awaited(attempt):
        await browser.go(attempt.address)
        await browser.run(ADD_LINK, f"{server.origin}/from-the-form")
        await browser.click("#away")
        await browser.text("pre")
        await browser.go(attempt.address)
        await fill_in(browser)
        await browser.text(OURS)
        await browser.run(ADD_LINK, f"{server.origin}/from-ours")
        await browser.click("#away")
        await browser.text("pre")
    (form,), (ours,) = server.requests("/from-the-form"), server.requests("/from-ours")
    assert form.headers["referer"] == attempt.address
    assert "referer" not in ours.headers
