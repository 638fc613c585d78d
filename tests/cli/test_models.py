"""Models on the command line, in processes of their own, as a tester runs them; a server records."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant.llm.failures import Why
from tests.cli.conftest import Run
from tests.fakes import claude_wire, openai_wire
from tests.fakes.model_server import ModelServer, Reply

CHECKS = {claude_wire.PATH: claude_wire.refusal, openai_wire.PATH: openai_wire.refusal}
KEY = "sk-test-0123456789abcdef"
QUESTION = "What was my last LDL?"
REAL_PROGRAM = "from assistant.cli.main import main; main()"


class Program:
    """The program as a process of its own, which watches over its connections."""

    def __init__(self, **more: str) -> None:
        self._environment = os.environ | {"CHARTSIDE_TEST_KDF": "1"} | more

    async def __call__(self, *arguments: str) -> tuple[int, Any]:
        ran = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-c", REAL_PROGRAM, *arguments, "--json"],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert KEY not in ran.stdout + ran.stderr
        assert "Traceback" not in ran.stderr
        return ran.returncode, json.loads(ran.stdout)


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """A key that only its owner can read."""
    path = tmp_path / "key"
    path.write_text(f"{KEY}\n")
    path.chmod(0o600)
    return path


def test_a_model_is_listed_with_where_it_is(run: Run, chart: Path, key_file: Path) -> None:
    run("models", "add", "claude", "--adapter", "anthropic", "--model", "m-1", "--key-file", str(key_file))
    run("models", "add", "here", "--adapter", "openai", "--model", "m", "--base-url", "http://127.0.0.1:9/v1")
    listed = {model["id"]: model for model in run("models", "list").document["models"]}
    assert list(listed) == ["offline", "scripted", "claude", "here"]
    assert (listed["claude"]["host"], listed["claude"]["stays_here"]) == ("api.anthropic.com", False)
    assert (listed["here"]["host"], listed["here"]["stays_here"]) == ("127.0.0.1:9", True)
    assert run("models", "remove", "claude").code == 0
    assert "claude" not in {model["id"] for model in run("models").document["models"]}


def test_without_a_vault_the_two_that_are_always_there_are_listed(run: Run) -> None:
    assert [model["id"] for model in run("models").document["models"]] == ["offline", "scripted"]


@pytest.mark.parametrize(
    "wrong",
    [
        ("m", "--adapter", "openai", "--model", "m", "--base-url", "http://evil.example/v1"),
        ("m", "--adapter", "openai", "--model", "m", "--base-url", "http://127.0.0.1.evil.example/v1"),
        ("m", "--adapter", "openai", "--model", "m", "--base-url", "https://user:pass@host.example/v1"),
        ("m", "--adapter", "openai", "--model", "m", "--base-url", "https://host.example/v1?to=evil"),
        ("m", "--adapter", "openai", "--model", "m", "--base-url", "https://host.example\\@evil.example"),
        ("m", "--adapter", "openai", "--model", "m", "--base-url", "ftp://host.example/v1"),
        ("m", "--adapter", "openai", "--model", "m", "--base-url", "https://"),
        ("m", "--adapter", "litellm", "--model", "vertex_ai/gemini"),
        ("m", "--adapter", "litellm", "--model", "azure/one"),
        ("offline", "--adapter", "openai", "--model", "m"),
        ("A Name", "--adapter", "openai", "--model", "m"),
        ("m", "--adapter", "openai", "--model", "a\x1b[2Jb"),
    ],
)
def test_what_can_not_be_a_model_is_told(run: Run, chart: Path, wrong: tuple[str, ...]) -> None:
    assert run("models", "add", *wrong).code == 2
    assert len(run("models").document["models"]) == 2


def test_a_key_that_others_can_read_is_refused(run: Run, chart: Path, key_file: Path) -> None:
    key_file.chmod(0o644)
    add = ("models", "add", "m", "--adapter", "anthropic", "--model", "m", "--key-file", str(key_file))
    ran = run(*add)
    assert ran.code == 2
    assert "Others on this computer can read" in ran.document["error"]["text"]


async def asked(
    run: Run, key_file: Path, adapter: str, *replies: Reply, **more: str
) -> tuple[Any, ModelServer]:
    """Ask through the whole program; its code and document, and the server."""
    under = "/v1" if adapter == "openai" else ""
    async with ModelServer(CHECKS, *replies) as server:
        where = ("--base-url", server.url + under, "--key-file", str(key_file))
        run("models", "add", "m", "--adapter", adapter, "--model", "m-1", *where)
        run("share", "--with", "m", "labs")
        done = await Program(**more)("ask", QUESTION, "--to", "m", "--yes")
    return done, server


HOSTILE = {
    "ANTHROPIC_BASE_URL": "https://evil.example",
    "OPENAI_BASE_URL": "https://evil.example",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "ALL_PROXY": "http://127.0.0.1:9",
    "ANTHROPIC_LOG": "debug",
    "OPENAI_LOG": "debug",
}


@pytest.mark.parametrize(("adapter", "wire"), [("anthropic", claude_wire), ("openai", openai_wire)])
@pytest.mark.parametrize("around", [{}, HOSTILE], ids=["plain", "hostile"])
async def test_the_document_holds_the_bytes_that_arrived(
    run: Run, chart: Path, key_file: Path, adapter: str, wire: Any, around: dict[str, str]
) -> None:
    (code, document), server = await asked(
        run, key_file, adapter, wire.cited("It was 55 mg/dL on 3 Mar 2026", 1), **around
    )
    (got,) = server.received
    assert code == 0
    assert document["sent"] is True
    assert document["outgoing"]["body"].encode() == got.body
    assert document["outgoing"]["sha256"] == got.sha256
    assert document["outgoing"]["headers"]["content-length"] == str(len(got.body))
    assert [citation["ref"] for citation in document["answer"]["citations"]] == [1]
    assert document["usage"]["input"] == 10
    entries = run("ledger").document["entries"]
    assert [e["kind"] for e in entries if e["sha256"] == got.sha256] == ["intent", "outcome"]


async def test_what_fails_is_told_with_its_code_and_nothing_of_the_server(
    run: Run, chart: Path, key_file: Path
) -> None:
    reply, _ = claude_wire.failures()["401"] if "401" in claude_wire.failures() else _first_failure()
    (code, document), _ = await asked(run, key_file, "anthropic", reply)
    assert code == 1
    assert document["sent"] is True
    assert claude_wire.SERVER_TEXT not in json.dumps(document["error"])


def _first_failure() -> tuple[Reply, Any]:
    return next(iter(claude_wire.failures().values()))


async def test_without_a_yes_or_a_terminal_nothing_connects(run: Run, chart: Path) -> None:
    async with ModelServer(CHECKS) as server:
        run("models", "add", "m", "--adapter", "openai", "--model", "m", "--base-url", f"{server.url}/v1")
        program = Program()
        refused, document = await program("ask", QUESTION, "--to", "m")
        dry, shown = await program("ask", QUESTION, "--to", "m", "--dry-run")
        assert await server.connections() == 0
    assert (refused, document["sent"]) == (3, False)
    assert (dry, shown["sent"]) == (0, False)
    assert shown["outgoing"]["url"].endswith("/v1/chat/completions")


def test_a_comparison_gives_all_the_same_records(run: Run, chart: Path) -> None:
    run("share", "--with", "scripted", "labs", "medications")
    run("unshare", "--with", "offline", "medications")
    ran = run("compare", "Which medicines do I take?", "--to", "offline", "--to", "scripted", "--yes")
    assert ran.code == 0
    outgoing = ran.document["outgoing"]
    assert outgoing["offline"]["items"] == outgoing["scripted"]["items"] == []
    both = run("compare", QUESTION, "--to", "offline", "--to", "scripted", "--yes").document
    assert both["outgoing"]["offline"]["items"] == both["outgoing"]["scripted"]["items"] != []
    assert set(both["timing"]["scripted"]) == {"first", "total"}
    assert both["answers"]["scripted"]["unsupported"] == []


def test_a_comparison_needs_two_and_asks(run: Run, chart: Path) -> None:
    assert run("compare", QUESTION, "--to", "offline").code == 2
    assert run("compare", QUESTION, "--to", "scripted", "--to", "scripted").code == 2
    ran = run("compare", QUESTION, "--to", "offline", "--to", "scripted", "--once", "labs")
    assert ran.document["answers"]["scripted"] == {"sent": False, "not_sent": "not approved"}


async def test_a_list_of_models_is_asked_for_with_the_key_and_nothing_else(
    run: Run, chart: Path, key_file: Path
) -> None:
    listed = Reply(chunks=(b'{"data": [{"id": "one"}, {"id": "two"}]}',))
    async with ModelServer({"/v1/models": lambda _: None}, listed) as server:
        where = ("--base-url", f"{server.url}/v1", "--key-file", str(key_file))
        run("models", "add", "m", "--adapter", "openai", "--model", "m-1", *where)
        code, document = await Program()("models", "names", "m")
    (got,) = server.received
    assert (code, document) == (0, {"names": ["one", "two"]})
    assert (got.method, got.body, got.header("authorization")) == ("GET", b"", f"Bearer {KEY}")


async def test_models_on_this_computer_are_found_when_asked_for(run: Run, chart: Path) -> None:
    listed = Reply(chunks=(b'{"data": [{"id": "small"}]}',))
    async with ModelServer({"/v1/models": lambda _: None}, listed) as server:
        url = f"{server.url}/v1"
        code, document = await Program()("models", "find", str(server.port), "1")
    assert code == 0
    assert document["found"] == [{"base_url": url, "program": "a model server", "models": ["small"]}]


async def test_a_message_that_is_too_long_names_what_to_keep_out(
    run: Run, chart: Path, key_file: Path
) -> None:
    too_long = next(reply for reply, why in openai_wire.failures().values() if why is Why.TOO_LONG)
    (code, document), _ = await asked(run, key_file, "openai", too_long)
    assert code == 1
    assert "Keep its largest records out of the message ([1] with" in document["error"]["next"]
