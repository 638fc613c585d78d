"""A real browser, where there is one. `make test-browser` demands it; `make test` does without."""

import os
from collections.abc import AsyncGenerator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

import pytest

from assistant.bootstrap import House
from tests.browser.driver import Browser, BrowserFailed, programs, running, started, used
from tests.links.linking import house


@pytest.fixture(scope="session")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A browser that nobody has used, for all tests here; the address to drive it at."""
    found = programs()
    if found is None:
        without("no chromedriver with a Chromium or Chrome on PATH")
    with ExitStack() as until_done:
        driver = until_done.enter_context(running(found[0]))
        try:
            at = until_done.enter_context(started(driver, found[1], tmp_path_factory.mktemp("profile")))
        except BrowserFailed as failure:
            without(f"the browser does not start: {failure}")
        yield at


@pytest.fixture
async def browser(session: str) -> AsyncGenerator[Browser, None]:
    """The browser, at an empty page."""
    async with used(session) as made:
        yield made


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[House]:
    """An empty vault."""
    made = house(tmp_path / "home")
    yield made
    made.vault.close()


def without(why: str) -> NoReturn:
    """Skip, or fail where a browser was demanded."""
    if os.environ.get("CHARTSIDE_TEST_BROWSER"):
        pytest.fail(why)
    pytest.skip(why)
