"""Each fault ends in bounded time and is told for what it is; once mended, nothing is lost or doubled."""

import asyncio
import time
from collections import Counter

import pytest

from connectors.smart.coverage import State
from tests.connectors.smart_fetch.chart import Reading, kind, linked, reachable, small_chart
from tests.connectors.smart_fetch.faults import FAULTS, Fault, concerns
from tests.connectors.smart_fetch.server import Answer, Asked, FhirServer, json

LABS = "Observation?category=laboratory"
SECONDS = 30.0
"""Ten times what one request may take here."""


def test_the_table_is_long_enough_and_names_each_fault_once() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 60


def befall(server: FhirServer, fault: Fault) -> None:
    """Let it happen, from now on."""
    left = [fault] if fault.once else None

    def happen(asked: Asked) -> Answer | None:
        if not concerns(fault, asked) or left == []:
            return None
        if left:
            left.pop()
        return fault.make(server, asked)

    server.faults.append(happen)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_a_fault(fault: Fault) -> None:
    chart = small_chart()
    async with FhirServer(chart) as server:
        befall(server, fault)
        reading = Reading()
        began = time.monotonic()
        async with linked(server, kept=reading.holds) as (connector, told), asyncio.timeout(SECONDS):
            ended = await reading.go_on(connector)
        assert time.monotonic() - began < SECONDS
        assert [key for key, count in Counter(reading.keys).items() if count > 1] == []
        assert set(reading.keys) <= reachable(chart)
        assert ended is (fault.expect != "stopped")
        coverage = told[0]
        assert coverage.ended is ended
        if fault.expect == "stopped":
            assert reading.stopped is not None
            assert reading.stopped.text.endswith(".")
            assert reading.stopped.next_step.endswith(".")
        else:
            _check(fault, reading, told[0].text, kind(coverage, LABS).outcome.state)
            # Whatever became of the lab results, the rest came.
            others = {key for key in reachable(chart) if key[0] not in ("Observation", "Practitioner")}
            assert others <= set(reading.keys)
        server.faults.clear()
        if not ended:
            async with linked(server, kept=reading.holds) as (connector, told):
                assert await reading.go_on(connector)
            assert set(reading.keys) == reachable(chart)
            assert [key for key, count in Counter(reading.keys).items() if count > 1] == []
            assert told[0].complete


def _check(fault: Fault, reading: Reading, text: str, state: State) -> None:
    said = reading.problems(LABS)
    if fault.expect == "whole":
        assert (state, said) == (State.ALL, [])
    elif fault.expect == "missing":
        assert state is State.ALL
        assert not reading.holds("Practitioner", "p1")
        assert any("clinicians" in one for one in said)
    else:
        assert state == State(fault.expect)
        assert said
        assert all(one.endswith((".", ").")) for one in said)
        assert ("Lab results" in text) is (fault.expect != "all")


async def test_ten_thousand_pages_end_before_the_last() -> None:
    """Each page is new, so only their number tells."""
    chart = small_chart(2)
    async with FhirServer(chart) as server:

        def endless(asked: Asked) -> Answer | None:
            if asked.query.get("category") != "laboratory":
                return None
            return _page(server, asked)

        server.faults.append(endless)
        async with linked(server) as (connector, told):
            assert await Reading().go_on(connector)
    asked = sum(one.query.get("category") == "laboratory" for one in server.asked)
    assert asked < 10_000
    outcome = kind(told[0], LABS).outcome
    assert outcome.state is State.PART
    assert "pages" in outcome.text


def _page(server: FhirServer, asked: Asked) -> Answer:
    more = server.link(asked.path, asked.query | {"page": str(asked.page + 1)})
    one = {"resourceType": "Observation", "id": f"n{asked.page}"}
    links = [
        {"relation": "self", "url": server.link(asked.path, asked.query)},
        {"relation": "next", "url": more},
    ]
    return json({"resourceType": "Bundle", "link": links, "entry": [server.entry(one)]})
