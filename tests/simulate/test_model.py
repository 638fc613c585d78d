"""A session with a model behind a server: what arrives there is what the report says."""

import asyncio
import json
from pathlib import Path

import pytest

from assistant.simulate.junit import junit
from assistant.simulate.page import page
from assistant.simulate.plan import keys, load
from assistant.simulate.report import as_json, report
from assistant.simulate.run import replay, whereto
from tests.fakes import openai_wire
from tests.fakes.model_server import ModelServer
from tests.simulate.conftest import Write

KEY = "sk-a-key-of-a-test"


def session(base_url: str, granted: str = "local") -> str:
    """A session with one question to a model."""
    return f"""
        [[destinations]]
        id = "local"
        adapter = "openai"
        model = "m-1"
        base_url = "{base_url}"
        key_file = "key"
        [[grants]]
        to = ["{granted}"]
        categories = ["labs"]
        [[questions]]
        ask = "What was my last LDL?"
        to = ["local"]
        expect = {{says = ["96 mg/dL"], cites = 1, sends = ["96 mg/dL"], sends_not = ["Atorvastatin"]}}
        """


async def test_what_arrives_is_what_is_reported(write: Write, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{KEY}\n")
    (tmp_path / "key").chmod(0o600)
    replies = [
        openai_wire.cited("It was 96 mg/dL.", 1),
        openai_wire.failures()["400-context_length_exceeded"][0],
    ]
    async with ModelServer({openai_wire.PATH: openai_wire.refusal}, *replies) as server:
        plan = load(write(session(f"{server.url}/v1")))
        assert whereto(plan) == ()
        found = keys(plan, lambda path: path.read_text().strip())
        replayed = await asyncio.to_thread(replay, plan, keys=found, times=2)
    made = report([replayed], times=2, seconds=0.0)
    (result,) = made.sessions[0].questions[0].results
    good, bad = result.runs
    assert good.reasons == ()
    assert good.sent[0].sha256 == server.received[0].sha256
    assert server.received[0].header("authorization") == f"Bearer {KEY}"
    assert (good.usage.input, good.usage.output, good.usage.cost) == (10, 9, 0.0)
    assert good.timing.first is not None
    assert 0 < good.timing.first <= good.timing.total
    assert (bad.state, bad.passed, bad.failure is not None) == ("failed", False, True)
    assert result.spread.input is not None
    assert (result.passed, result.spread.answers, result.spread.input.max) == (1, 1, 10)
    for written in (json.dumps(as_json(made)), junit(made).decode(), page(made)):
        assert KEY not in written
        assert openai_wire.SERVER_TEXT not in written


@pytest.mark.parametrize(("granted", "hosts"), [("local", ["models.example"]), ("scripted", [])])
def test_it_is_known_what_leaves_the_computer(write: Write, granted: str, hosts: list[str]) -> None:
    plan = load(write(session("https://models.example/v1", granted)))
    assert [destination.host for destination in whereto(plan)] == hosts
