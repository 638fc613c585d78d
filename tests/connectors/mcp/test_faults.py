"""Each fault ends in bounded time and is told for what it is; once mended, nothing is lost or doubled."""

import asyncio
import time
from collections import Counter

import msgspec
import pytest

from connectors.errors import SourceInterrupted, SourceUnreadable
from connectors.http import Network
from connectors.patience import Limits
from connectors.smart.coverage import State
from connectors.smart.errors import SignInNeeded
from tests.connectors.mcp.faults import FAULTS, HUGE, SMALL, Fault, concerns
from tests.connectors.mcp.flows import Clock, Reading, network, signed_in
from tests.connectors.smart_fetch.server import Answer
from tests.fakes.healthex.front import Asked
from tests.fakes.healthex.server import HealthExServer

SECONDS = 10.0
LABS = "get_labs"


def patience(fault: Fault) -> Network:
    """A network that gives up soon where the sync has to stop, and on a busy machine nowhere else."""
    idle = 0.3 if fault.expect == "stopped" else SECONDS / 4
    limits = Limits(connect=idle * 3, idle=idle, total=idle * 2, body=HUGE // 2)
    return Network(limits=limits, waits=Clock().waits(0.0))


def befall(server: HealthExServer, fault: Fault) -> None:
    """Let it happen, from now on."""
    left = [fault] if fault.once else None

    def happen(asked: Asked) -> Answer | None:
        if not concerns(fault, asked) or left == []:
            return None
        if left:
            left.pop()
        return fault.make(server, asked)

    server.front.faults.append(happen)


def test_the_table_is_long_enough_and_names_each_fault_once() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 60


@pytest.fixture(scope="module")
def everything() -> list[str]:
    """What a sync brings where nothing goes wrong."""

    async def read() -> list[str]:
        reading = Reading()
        async with HealthExServer(SMALL) as server, signed_in(server) as (reach, _):
            assert await reading.go_on(reach)
        return reading.keys

    return asyncio.run(read())


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_a_fault(fault: Fault, everything: list[str]) -> None:
    async with HealthExServer(SMALL) as server, signed_in(server, patience(fault)) as (reach, _):
        befall(server, fault)
        reading = Reading()
        began = time.monotonic()
        async with asyncio.timeout(SECONDS):
            ended = await reading.go_on(reach)
        assert time.monotonic() - began < SECONDS
        _check(fault, reading, ended)
        if ended:
            return
        server.front.faults.clear()
        if isinstance(reading.stopped, SignInNeeded):
            async with signed_in(server) as (reach, _):
                assert await reading.go_on(reach)
        else:
            assert await reading.go_on(msgspec.structs.replace(reach, network=network()))
        assert reading.told[-1].complete
        assert Counter(reading.keys) == Counter(everything)


def _check(fault: Fault, reading: Reading, ended: bool) -> None:
    assert [key for key, count in Counter(reading.keys).items() if count > 1] == []
    assert reading.told[-1].ended is ended
    if fault.expect in ("stopped", "unreadable"):
        error = reading.stopped
        assert not ended
        assert error is not None
        assert isinstance(error, (SourceInterrupted, SignInNeeded, SourceUnreadable))
        assert isinstance(error, SourceUnreadable) or fault.expect == "stopped"
        assert error.text.endswith(".")
        assert error.next_step.endswith(".")
        return
    assert ended, reading.stopped and reading.stopped.text
    kind = reading.kind(LABS)
    if fault.expect == "whole":
        assert kind.outcome.state is State.ALL
        assert reading.told[-1].complete
    else:
        assert kind.outcome.state is State(fault.expect)
        assert kind.outcome.text.endswith(".")
        assert "Lab results" in reading.told[-1].text
    assert all(
        reading.of(kind.part) for kind in (reading.kind("get_health_summary"), reading.kind("get_visits"))
    )
