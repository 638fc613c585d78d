"""The program as a process of its own that links a clinic, with someone in front of the browser."""

import asyncio
import os
import re
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from assistant.bootstrap import open_house
from tests.cli.conftest import PASSPHRASE, Ran, Run
from tests.fakes.smart_server import Person, Registered, SmartServer
from tests.links import linking

PROGRAM = "from assistant.cli.main import main; main()"
ADDRESS = re.compile(rb"http://[^\s]+/auth/authorize\?[^\s]+(?=\s)")
SECONDS = 30.0
PASTED = "http://127.0.0.1:8914/chartside"
"""The usual address; nobody listens there when it is pasted."""


@asynccontextmanager
async def hospital() -> AsyncGenerator[tuple[SmartServer, str], None]:
    """A clinic with a chart, and an address of this computer that is registered there and free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        redirect = f"http://127.0.0.1:{probe.getsockname()[1]}/chartside"
    async with linking.hospital() as server:
        server.clients.add(Registered(linking.CLIENT_ID, redirect_uris=(redirect, PASTED)))
        yield server, redirect


async def linked(server: SmartServer) -> str:
    """A link that was made before, of which records came; its source."""
    with open_house(lambda: PASSPHRASE) as house:
        link = await linking.linked(house, server)
        await house.links.sync(link.source)
    return link.source


class Linking:
    """One run of the program. `address` is where it wants the browser to go."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.address = ""
        self._heard = b""

    async def comes_to_the_page(self) -> None:
        """Wait for the sign-in address."""
        assert self.process.stderr is not None
        while (found := ADDRESS.search(self._heard)) is None:
            line = await asyncio.wait_for(self.process.stderr.readline(), SECONDS)
            assert line, self._heard.decode()
            self._heard += line
        self.address = found[0].decode()

    async def ends(self, typed: str = "") -> Ran:
        """What it did, after this was typed."""
        out, err = await asyncio.wait_for(self.process.communicate(typed.encode()), SECONDS)
        return Ran(self.process.returncode or 0, out.decode(), (self._heard + err).decode())


@asynccontextmanager
async def program(*arguments: str) -> AsyncGenerator[Linking, None]:
    """The program with no terminal, no screen and no browser."""
    away = {"DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"}
    environment = {name: value for name, value in os.environ.items() if name not in away}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM, *arguments),
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        env=environment,
        cwd=Path.cwd(),
    )
    try:
        yield Linking(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def signs_in(*arguments: str) -> Ran:
    """A run of `link` whose page someone signs in at; the browser comes back by itself."""
    async with program(*arguments) as one:
        await one.comes_to_the_page()
        assert "Go back to the terminal" in await Person().signs_in(one.address)
        return await one.ends()


class Here:
    """`link` within this process, which is quicker: beside the clinic's loop, with a pipe as its input."""

    def __init__(self, run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._run = run
        self._capsys = capsys
        self._monkeypatch = monkeypatch
        self.address = ""
        """Where the last run wanted the browser to go."""

    async def signs_in(self, *arguments: str, person: Person | None = None) -> Ran:
        """A run whose page this person signs in at; the browser comes back by itself."""
        done = asyncio.create_task(asyncio.to_thread(self._run, *arguments))
        address, heard = await self._address(done)
        await (person or Person()).signs_in(address)
        ended = await done
        return ended._replace(err=heard + ended.err)

    async def pastes(self, *arguments: str, typed: str | None = None) -> Ran:
        """A run to which the address landed on, or this, is given as a line of input."""
        reading, writing = os.pipe()
        with (
            os.fdopen(reading) as source,
            os.fdopen(writing, "w") as line,
            self._monkeypatch.context() as while_open,
        ):
            while_open.setattr("sys.stdin", source)
            done = asyncio.create_task(asyncio.to_thread(self._run, *arguments, "--paste"))
            address, heard = await self._address(done)
            print(await Person().lands_on(address) if typed is None else typed, file=line, flush=True)
            ended = await done
        return ended._replace(err=heard + ended.err)

    async def _address(self, done: "asyncio.Task[Ran]") -> tuple[str, str]:
        """The sign-in address once it is shown, and all that was said up to then."""
        heard = ""
        async with asyncio.timeout(SECONDS):
            while (found := ADDRESS.search(heard.encode())) is None:
                assert not done.done(), done.result()
                await asyncio.sleep(0.02)
                heard += self._capsys.readouterr().err
        self.address = found[0].decode()
        return self.address, heard
