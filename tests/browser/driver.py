"""A small WebDriver client (W3C WebDriver, level 2): what a person does in front of a real browser."""

import re
import shutil
import subprocess
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import IO, Any, cast

import httpx

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # It reaches this computer and nothing else, whatever it would like to ask its maker.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
PATIENCE = 30.0
"""Seconds within which a page must come, or what is looked for on it."""
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The standard's own key of a reference to an element."""


class BrowserFailed(Exception):
    """The browser did not do what it was told; the message is the driver's."""


class Browser:
    """One browser window. What is looked for on a page is waited for, up to `PATIENCE`."""

    def __init__(self, session: httpx.AsyncClient) -> None:
        self._session = session

    async def go(self, address: str) -> None:
        """Open an address, until it is loaded.

        Raises:
            BrowserFailed: nothing answers there.
        """
        await self._tell("url", url=address)

    async def click(self, css: str) -> None:
        """Click the first element that fits."""
        await self._tell(f"element/{await self._element(css)}/click")

    async def write(self, css: str, text: str) -> None:
        """Type at the end of a field."""
        await self._tell(f"element/{await self._element(css)}/value", text=text)

    async def text(self, css: str = "body") -> str:
        """What can be read in an element."""
        return str(await self._ask(f"element/{await self._element(css)}/text"))

    async def address(self) -> str:
        """What the address bar says."""
        return str(await self._ask("url"))

    async def run(self, script: str, *arguments: str) -> Any:
        """Run the body of a function as if typed into the browser's console; its value, a promise's too."""
        return await self._tell("execute/sync", script=script, args=list(arguments))

    async def _element(self, css: str) -> str:
        return str((await self._tell("element", using="css selector", value=css))[ELEMENT])

    async def _tell(self, command: str, **said: object) -> Any:
        return _value(await self._session.post(command, json=said))

    async def _ask(self, command: str) -> Any:
        return _value(await self._session.get(command))


def _value(answer: httpx.Response) -> Any:
    value = answer.json()["value"]
    if answer.is_error:
        raise BrowserFailed(value["message"].splitlines()[0])
    return value


def programs() -> tuple[str, str] | None:
    """The driver and the browser that are on this computer."""
    driver = shutil.which("chromedriver")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    return (driver, browser) if driver and browser else None


@contextmanager
def running(driver: str) -> Iterator[str]:
    """The driver, listening on a port of its own choice; its address."""
    with subprocess.Popen(
        [driver, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            port = _port(cast(IO[str], process.stdout))
            assert port, f"the driver ended with {process.wait()}"
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _port(lines: IO[str]) -> int | None:
    said = (re.search(r"on port ([1-9]\d*)", line) for line in lines)
    return next((int(one[1]) for one in said if one), None)


@contextmanager
def started(driver: str, browser: str, profile: Path) -> Iterator[str]:
    """A browser with this profile, for as long as the block lasts; the address of its session.

    Raises:
        BrowserFailed: it can't be started.
    """
    options = {"binary": browser, "args": [*FLAGS, f"--user-data-dir={profile}"]}
    wait = round(PATIENCE * 1000)
    wanted = {
        "goog:chromeOptions": options,
        "timeouts": {"implicit": wait, "pageLoad": wait, "script": wait},
    }
    with httpx.Client(base_url=driver, trust_env=False, timeout=2 * PATIENCE) as client:
        made = _value(client.post("session", json={"capabilities": {"alwaysMatch": wanted}}))
        session = f"{driver}/session/{made['sessionId']}"
        try:
            yield session
        finally:
            _value(client.delete(session))


@asynccontextmanager
async def used(session: str) -> AsyncGenerator[Browser, None]:
    """A browser that runs, at an empty page."""
    async with httpx.AsyncClient(base_url=session, trust_env=False, timeout=2 * PATIENCE) as client:
        made = Browser(client)
        await made.go("about:blank")
        yield made
