"""Linking, syncing and unlinking from the command line, over a real server on this computer."""

import asyncio
import json
import shlex
import signal
import stat
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from assistant.bootstrap import open_house
from tests.cli.conftest import PASSPHRASE, Ran, Run
from tests.cli.linking import PASTED, PROGRAM, Here, hospital, linked, program, signs_in
from tests.docs.test_commands import shell_blocks
from tests.fakes.healthex.server import HealthExServer
from tests.fakes.smart_server import Person, Registered, SmartServer
from tests.links.linking import ALL, CLIENT_ID, LABS, service_signed_in
from tests.tui.terminal import Terminal

WITH_ID = ("--client-id", CLIENT_ID, "--no-browser")
Place = tuple[SmartServer, str]


@pytest.fixture
async def clinic(run: Run) -> AsyncGenerator[Place, None]:
    """A clinic that is up, and a vault with nothing in it."""
    assert run("init").code == 0
    async with hospital() as found:
        yield found


@pytest.fixture
def here(run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Here:
    """Links within this process."""
    return Here(run, capsys, monkeypatch)


async def told(run: Run, *arguments: str) -> Ran:
    """A command within this process, beside the clinic's loop."""
    return await asyncio.to_thread(run, *arguments)


async def source_of(run: Run) -> dict[str, Any]:
    """The one source, as `sources` tells it."""
    (found,) = (await told(run, "sources")).document["sources"]
    return dict(found)


def silent(server: SmartServer, *runs: Ran) -> bool:
    """Whether no token and no code was told."""
    words = " ".join(one.out + one.err for one in runs)
    assert server.issued.secrets()
    return not [secret for secret in server.issued.secrets() if secret in words]


async def test_a_provider_is_linked_in_one_command(run: Run, clinic: Place) -> None:
    server, redirect = clinic
    done = await signs_in("link", server.base, *WITH_ID, "--redirect", redirect, "--yes", "--json")
    assert done.code == 0, done.err
    document = done.document
    assert (document["signed_in"], document["state"]) == (True, "working")
    assert {"name", "category", "comes", "why", "about"} == document["coming"][0].keys()
    assert "Lab results" in {one["name"] for one in document["coming"] if one["comes"]}
    assert document["sync"]["totals"]["new"] == ALL
    kinds = {kind["name"]: kind["came"] for kind in document["sync"]["kinds"]}
    assert kinds["Lab results"] >= LABS
    source = await source_of(run)
    assert (source["id"], source["state"]) == (document["source"], "working")
    assert sum(source["counts"].values()) == ALL
    ledger = await told(run, "ledger")
    assert {"link", "sync"} <= {entry["kind"] for entry in ledger.document["entries"]}
    assert silent(server, done, ledger)


async def test_without_a_yes_nothing_comes_and_access_goes_back(run: Run, here: Here, clinic: Place) -> None:
    server, redirect = clinic
    done = await here.signs_in("link", server.base, *WITH_ID, "--redirect", redirect)
    assert (done.code, done.document["signed_in"], done.document["sync"]) == (3, False, None)
    assert any(one["comes"] for one in done.document["coming"])
    assert "taken your access back" in done.document["access"]
    assert all(token.is_revoked() for token in server.issued.tokens)
    assert (await told(run, "sources")).document == {"sources": []}
    assert not [request for request in server.received if request.path == "/fhir/Observation"]


async def test_the_address_landed_on_can_be_pasted(here: Here, clinic: Place) -> None:
    server, _ = clinic
    done = await here.pastes("link", server.base, *WITH_ID, "--yes")
    assert (done.code, done.document["state"]) == (0, "working")
    assert silent(server, done)


@pytest.mark.parametrize(
    ("typed", "says"),
    [("http://127.0.0.1:8914/chartside?code=x&state=y", "does not belong"), ("hello", "not the address")],
)
async def test_a_wrong_page_links_nothing(run: Run, here: Here, clinic: Place, typed: str, says: str) -> None:
    server, _ = clinic
    done = await here.pastes("link", server.base, *WITH_ID, "--yes", typed=typed)
    assert done.code == 1
    assert says in done.document["error"]["text"]
    assert (await told(run, "sync")).code == 1
    assert server.issued.tokens == []


async def test_a_no_on_the_providers_page_is_told(here: Here, clinic: Place) -> None:
    server, redirect = clinic
    deny = Person(decision="deny")
    done = await here.signs_in("link", server.base, *WITH_ID, "--redirect", redirect, "--yes", person=deny)
    assert done.code == 1
    assert "refused" in done.document["error"]["text"]


async def test_without_a_client_id_the_steps_and_the_address_are_told(run: Run, clinic: Place) -> None:
    server, _ = clinic
    done = await told(run, "link", server.base)
    assert done.code == 2
    assert PASTED in done.document["register"]
    assert any("client id" in step for step in done.document["steps"])
    shown = await asyncio.to_thread(run, "link", server.base, plain=True)
    assert all(step in shown.out for step in (*done.document["steps"], PASTED))
    assert not [request for request in server.received if request.path.startswith("/auth/")]


@pytest.mark.parametrize(
    "arguments",
    [
        ("link",),
        ("link", "no-such-id"),
        ("link", "{base}", "--client-id", "x", "--redirect", "nowhere"),
        ("link", "{base}", "--client-id", "x", "--redirect", "http://example.org/back"),
        ("link", "{base}", "--client-id", "x", "--redirect", "https://example.org/back"),
        ("link", "{base}", "--client-id", "x", "--client-secret-file", "{open}"),
        ("link", "{base}", "--client-id", "x", "--client-key-file", "{mine}"),
        ("sync", "nothing"),
        ("sync", "../outside"),
        ("unlink", "nothing", "--keep"),
    ],
)
async def test_what_makes_no_sense_is_told_so(
    run: Run, clinic: Place, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    server, _ = clinic
    places = {"base": server.base, "open": str(tmp_path / "open"), "mine": str(tmp_path / "mine")}
    for name, mode in (("open", 0o644), ("mine", 0o600)):
        (tmp_path / name).write_text("secret\n")
        (tmp_path / name).chmod(mode)
    done = await told(run, *(one.format(**places) for one in arguments))
    assert (done.code, bool(done.document["error"]["next"])) == (2, True)
    assert not [request for request in server.received if request.path == "/auth/token"]


async def test_what_the_provider_takes_back_is_told_and_mended(run: Run, here: Here, clinic: Place) -> None:
    server, redirect = clinic
    source = await linked(server)
    server.issued.revoke_all()
    failed = await told(run, "sync")
    assert failed.code == 1
    (one,) = failed.document["links"]
    assert (one["state"], one["error"]) == ("needs sign-in", failed.document["error"])
    now = await source_of(run)
    assert (now["state"], now["detail"]) == ("needs sign-in", one["text"])
    assert sum(now["counts"].values()) == ALL
    mended = await here.signs_in("link", source, "--no-browser", "--redirect", redirect, "--yes")
    assert (mended.code, mended.document["source"], mended.document["state"]) == (0, source, "working")
    now = await source_of(run)
    assert (now["state"], sum(now["counts"].values())) == ("working", ALL)


async def test_access_that_only_ran_out_is_renewed_without_a_word(run: Run, clinic: Place) -> None:
    server, _ = clinic
    source = await linked(server)
    server.issued.expire_access()
    done = await told(run, "sync", source)
    (one,) = done.document["links"]
    assert (done.code, one["state"], one["totals"]["new"]) == (0, "working", 0)
    assert silent(server, done)


async def test_access_that_lasts_a_while_says_until_when(run: Run, clinic: Place) -> None:
    server, _ = clinic
    server.faults.lies.add("no-refresh")
    await linked(server)
    source, (one,) = await source_of(run), (await told(run, "sync")).document["links"]
    assert source["expires"] == one["expires"]
    assert source["detail"] == one["text"]
    assert "Access ends on" in one["text"]


async def test_a_server_that_is_down_costs_nothing(run: Run, clinic: Place) -> None:
    server, _ = clinic
    source = await linked(server)
    server.faults.retry_after = "90000"
    for path in ("metadata", "Patient/nadia", "Observation", "Condition"):
        server.faults.next(f"/fhir/{path}", *["503"] * 12)
    failed = await told(run, "sync")
    assert failed.code == 1
    now = await source_of(run)
    assert (now["id"], now["state"], sum(now["counts"].values())) == (source, "partly failed", ALL)
    assert now["detail"]
    server.faults.clear()
    assert (await told(run, "sync")).document["links"][0]["state"] == "working"


async def test_one_that_fails_does_not_stop_the_others(run: Run, clinic: Place) -> None:
    server, _ = clinic
    async with hospital() as (other, _redirect):
        down, up = await linked(server), await linked(other)
        server.issued.revoke_all()
        done = await told(run, "sync")
    assert done.code == 0
    assert {one["source"]: one["state"] for one in done.document["links"]} == {
        down: "needs sign-in",
        up: "working",
    }


@pytest.mark.parametrize(("how", "left"), [("--keep", ALL), ("--delete", 0)])
async def test_unlinking_needs_no_network(run: Run, clinic: Place, how: str, left: int) -> None:
    async with hospital() as (gone, _redirect):
        source = await linked(gone)
    assert (await told(run, "unlink", source)).code == 2
    done = await told(run, "unlink", source, how)
    assert (done.code, done.document["removed"]) == (0, ALL - left)
    assert "may still list" in done.document["access"]
    assert (await told(run, "records")).document["total"] == left
    assert (await told(run, "sync", source)).code == 2
    states = [one["state"] for one in (await told(run, "sources")).document["sources"]]
    assert states == (["unlinked"] if left else [])


async def test_someone_elses_chart_is_refused_and_told(run: Run, here: Here, clinic: Place) -> None:
    server, redirect = clinic
    await linked(server)
    otto = {"resourceType": "Patient", "id": "otto", "name": [{"family": "Kern"}], "birthDate": "1950-01-01"}
    server.chart.put(otto)
    arguments = ("link", server.base, *WITH_ID, "--redirect", redirect, "--yes")
    done = await here.signs_in(*arguments, person=Person(patient="otto"))
    assert "another person" in done.document["sync"]["error"]["text"]
    assert (await told(run, "records")).document["total"] == ALL
    assert (await told(run, "sync", done.document["source"])).code == 1


@pytest.mark.skipif(sys.platform != "linux", reason="the opener of other systems can't be stood in for")
@pytest.mark.parametrize(
    ("said", "opens"), [(("--yes",), True), (("--yes", "--no-browser"), False), ((), False)]
)
async def test_a_browser_is_opened_after_a_yes_only(
    here: Here,
    clinic: Place,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    said: tuple[str, ...],
    opens: bool,
) -> None:
    server, redirect = clinic
    browser = tmp_path / "bin" / "xdg-open"
    browser.parent.mkdir()
    browser.write_text(f'#!/bin/sh\nprintf %s "$*" > {tmp_path}/visited\n')
    browser.chmod(0o700)
    monkeypatch.setenv("PATH", str(browser.parent))
    monkeypatch.setenv("DISPLAY", ":0")
    await here.signs_in("link", server.base, "--client-id", CLIENT_ID, "--redirect", redirect, *said)
    visited = tmp_path / "visited"
    async with asyncio.timeout(10):
        while opens and not (visited.exists() and visited.read_text()):
            await asyncio.sleep(0.02)
    assert (visited.read_text() if visited.exists() else "") == (here.address if opens else "")


async def test_unlinking_takes_access_back_at_the_provider(run: Run, clinic: Place) -> None:
    server, _ = clinic
    done = await told(run, "unlink", await linked(server), "--keep")
    assert "taken your access back" in done.document["access"]
    assert all(token.is_revoked() for token in server.issued.tokens)


async def test_stopping_while_it_waits_leaves_nothing(run: Run, clinic: Place) -> None:
    server, redirect = clinic
    async with program("link", server.base, *WITH_ID, "--redirect", redirect, "--yes", "--json") as one:
        await one.comes_to_the_page()
        one.process.send_signal(signal.SIGINT)
        done = await one.ends()
    assert (done.code, bool(done.document["error"]["text"])) == (130, True)
    assert (await told(run, "sync")).code == 1


async def test_stopping_once_access_is_given_gives_it_back(clinic: Place) -> None:
    server, redirect = clinic
    server.faults.pause = 20.0
    server.faults.next("/fhir/metadata", "slow")
    async with program("link", server.base, *WITH_ID, "--redirect", redirect, "--yes", "--json") as one:
        await one.comes_to_the_page()
        await Person().signs_in(one.address)
        async with asyncio.timeout(20):
            while not server.requests("/fhir/metadata"):
                await asyncio.sleep(0.02)
        one.process.send_signal(signal.SIGINT)
        assert (await one.ends()).code == 130
    assert [token.is_revoked() for token in server.issued.tokens] == [True]


@pytest.mark.parametrize(("key", "code"), [(b"y", 0), (b"\x03", 130)])
async def test_on_a_terminal_it_asks_and_what_is_pasted_stays_hidden(
    run: Run, clinic: Place, key: bytes, code: int
) -> None:
    server, _ = clinic
    arguments = ("link", server.base, *WITH_ID, "--paste")
    terminal = Terminal("-c", PROGRAM, *arguments, columns=2000, lines=60)
    await asyncio.to_thread(terminal.until, b"stays hidden")
    address = next(word for word in terminal.written.decode().split() if "/auth/authorize?" in word)
    await asyncio.to_thread(terminal.press, b"https://example.org/\r", b"stays hidden")
    landed = await Person().lands_on(address)
    await asyncio.to_thread(terminal.press, landed.encode() + b"\r", b"fetch this?")
    assert b"Lab results" in terminal.written
    await asyncio.to_thread(terminal.press, key if code else key + b"\r")
    assert await asyncio.to_thread(terminal.end) == code
    assert [token.is_revoked() for token in server.issued.tokens] == [bool(code)]
    shown = terminal.written.decode()
    assert silent(server, Ran(code, shown, ""))
    assert (await told(run, "sync")).code == (1 if code else 0)


@pytest.mark.parametrize("kind", ["ES384", "RS384"])
async def test_a_key_of_ones_own_is_made_and_signs(
    run: Run, here: Here, clinic: Place, tmp_path: Path, kind: str
) -> None:
    server, _ = clinic
    file = tmp_path / "clinic.key"
    made = (await told(run, "link", "--make-key", str(file), "--key-kind", kind)).document
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    public = json.loads(Path(made["public"]).read_text())
    assert not {"d", "p", "q"} & public["keys"][0].keys()
    assert (await told(run, "link", "--make-key", str(file))).code == 1
    server.clients.add(
        Registered("signer", redirect_uris=(PASTED,), method="client_assertion_jwt", jwks=public)
    )
    arguments = ("--client-id", "signer", "--client-key-file", str(file), "--no-browser", "--yes")
    done = await here.pastes("link", server.base, *arguments)
    assert (done.code, done.document["state"]) == (0, "working"), done.err
    assert json.loads(file.read_text())["d"] not in done.out + done.err


async def test_every_command_of_the_page_on_linking_works(
    run: Run, here: Here, clinic: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    server, _ = clinic
    monkeypatch.chdir(tmp_path)
    commands = [command for block in shell_blocks("docs/linking.md") for command in block]
    assert len(commands) > 5
    source = ""
    for command in commands:
        words = shlex.split(command)[1:]
        words = [source if word == "SOURCE" else word for word in words]
        if words[0] == "link" and "--make-key" not in words:
            words = [server.base if "://" in word else word for word in words]
            words += [] if "--client-id" in words else ["--client-id", CLIENT_ID]
            done = await here.pastes(*words, "--no-browser", "--yes")
            source = done.document["source"]
        else:
            done = await told(run, *words)
        assert done.code == 0, f"{command}: {done.out}{done.err}"


async def test_a_service_that_changed_what_it_offers_is_no_success(run: Run) -> None:
    assert (await told(run, "init")).code == 0
    async with HealthExServer() as server:
        with open_house(lambda: PASSPHRASE) as house:
            link = house.links.keep(await service_signed_in(house.links, server.address))
            await house.links.sync(link.source)
        server.tools.add_tool(lambda: "x", name="another", description="Something else.")
        done = await told(run, "sync", link.source)
        assert done.code == 1
        assert "no longer offers what you approved" in done.document["error"]["text"]
        assert (await source_of(run))["state"] == "partly failed"
