"""Finding a provider from the command line, with no vault anywhere."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from connectors.directory.known import KNOWN
from tests.cli.conftest import Run
from tests.connectors.directory.made import BRANDS, table
from tests.connectors.directory.test_fetch import reply, serving

REAL_PROGRAM = """
import sys
from connectors.directory import known
known.KNOWN = (known.KnownList("near", "Near by", "Epic", sys.argv.pop(1), "A list on this computer"),)
from assistant.cli.main import main
main()
"""


@pytest.fixture
def brands(tmp_path: Path) -> Path:
    path = tmp_path / "My Brands.json"
    path.write_bytes(BRANDS)
    return path


async def program(url: str, *arguments: str) -> tuple[int, Any]:
    """The program as a process of its own, watching over its connections; it knows one list, at `url`."""
    ran = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", REAL_PROGRAM, url, "providers", *arguments, "--json"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "Traceback" not in ran.stderr
    assert url in ran.stderr
    return ran.returncode, json.loads(ran.stdout)


def test_a_fresh_install_says_how_to_get_a_list_and_how_to_do_without(run: Run, home: Path) -> None:
    ran = run("providers", "search", "mercy")
    assert ran.code == 0
    assert (ran.document["providers"], ran.document["lists"]) == ([], [])
    assert "chartside providers update --list" in ran.document["next"]
    assert "chartside link ADDRESS" in ran.document["next"]
    offered = run("providers", "lists").document["available"]
    assert [one["address"] for one in offered] == [one.address for one in KNOWN]
    assert not (home / "vault.keys").exists()


def test_a_file_that_is_added_can_be_searched_and_dropped(run: Run, brands: Path) -> None:
    added = run("providers", "add", str(brands)).document["list"]
    assert (added["id"], added["rows"], added["dropped"]) == ("my-brands", added["shown"], {})
    ran = run("providers", "search", "lakeside", "rockford")
    assert ran.document["lists"] == ["my-brands"]
    (first, *_) = ran.document["providers"]
    assert {
        "id",
        "name",
        "aliases",
        "city",
        "state",
        "zip",
        "url",
        "fhir_version",
        "vendor",
        "list",
    } <= first.keys()
    assert first["name"] == "Lakeside Health"
    assert len(run("providers", "search", "lakeside", "--limit", "1").document["providers"]) == 1
    assert run("providers", "remove", "my-brands").document == {"lists": []}
    assert run("providers", "search", "lakeside").document["lists"] == []
    assert run("providers", "remove", "my-brands").code == 1


def test_adding_the_same_file_again_doubles_nothing(run: Run, brands: Path) -> None:
    run("providers", "add", str(brands))
    before = run("providers", "search", "lakeside").document
    run("providers", "add", str(brands))
    assert run("providers", "search", "lakeside").document == before


def test_the_folder_is_the_owners_alone(run: Run, home: Path, brands: Path) -> None:
    run("providers", "add", str(brands))
    for path in (home, *home.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path


def test_what_is_no_list_is_refused_and_nothing_is_lost(run: Run, brands: Path, tmp_path: Path) -> None:
    run("providers", "add", str(brands))
    (tmp_path / "page.html").write_text("<html>Sign in</html>")
    for name in ("page.html", "missing.csv"):
        ran = run("providers", "add", str(tmp_path / name))
        assert ran.code == 1
        assert ran.document["error"]["next"]
    assert run("providers", "search", "lakeside").document["providers"] != []


def test_a_listed_name_can_not_act_on_a_terminal(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(
        table([("Hill\x1b]52;c;eA==\x07 \u202eClinic [bold]", "https://fhir.hill.org/r4", "", "", "")])
    )
    run("providers", "add", str(path))
    shown = run("providers", "search", "clinic", plain=True).out
    assert "Clinic [bold]" in shown
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)


@pytest.mark.parametrize(
    "arguments", [("update",), ("update", "--list", "nothing"), ("search",), ("search", "a", "--limit", "0")]
)
def test_what_makes_no_sense_is_told_so(run: Run, arguments: tuple[str, ...]) -> None:
    assert run("providers", *arguments).code == 2


async def test_nothing_is_connected_to_without_a_yes(run: Run) -> None:
    async with serving(lambda *_: reply(BRANDS)) as (url, asked):
        code, document = await program(url, "update", "--list", "near")
    assert asked == []
    assert (code, document["updated"]) == (3, [])


async def test_a_list_is_fetched_kept_and_asked_for_only_if_it_changed(run: Run) -> None:
    def answer(_: str, headers: dict[str, str]) -> bytes:
        same = headers.get("if-none-match") == '"v1"'
        return reply(b"", status="304 Not Modified") if same else reply(BRANDS, 'etag: "v1"')

    async with serving(answer) as (url, asked):
        first = await program(url, "update", "--list", "near", "--yes")
        second = await program(url, "update", "--yes")
    assert [(code, document["updated"], document["unchanged"]) for code, document in (first, second)] == [
        (0, ["near"], []),
        (0, [], ["near"]),
    ]
    assert len(asked) == 2
    assert run("providers", "search", "lakeside").document["providers"][0]["list"] == "near"
    assert not any(b"lakeside" in json.dumps(headers).encode() for _, headers in asked)


async def test_a_fetch_that_fails_leaves_the_list_that_was_there(run: Run) -> None:
    answers = [
        reply(BRANDS),
        reply(b"", status="503 Service Unavailable"),
        reply(BRANDS[:-40]),
        reply(b"<html>"),
    ]
    async with serving(lambda *_: answers.pop(0)) as (url, _):
        await program(url, "update", "--list", "near", "--yes")
        before = run("providers", "search", "lakeside").document
        while answers:
            code, document = await program(url, "update", "--yes")
            assert code == 1
            assert [one["id"] for one in document["failed"]] == ["near"]
            assert run("providers", "search", "lakeside").document == before
