"""A sync that is killed after any batch and resumed loses nothing and doubles nothing."""

from collections import Counter

import pytest

from connectors.smart.connector import SmartConnector
from connectors.smart.coverage import State
from tests.connectors.smart_fetch.chart import EVERYTHING, Reading, kind, linked, reachable, small_chart
from tests.connectors.smart_fetch.server import FhirServer, json, outcome

LABS = "Observation?category=laboratory"


def doubled(reading: Reading) -> list[object]:
    """What is there more than once."""
    return [key for key, count in Counter(reading.keys).items() if count > 1]


async def test_killed_after_a_batch_nothing_is_lost_or_doubled() -> None:
    chart = small_chart(30)
    async with FhirServer(chart) as server:
        whole = Reading()
        async with linked(server) as (connector, _):
            assert await whole.go_on(connector)
        steps = len(whole.batches)
        assert steps > len(EVERYTHING.coming)
        for step in (*range(1, steps, 3), steps):
            reading = Reading()
            async with linked(server, kept=reading.holds) as (connector, _):
                assert not await reading.go_on(connector, most=step)
            async with linked(server, kept=reading.holds) as (connector, told):
                assert await reading.go_on(connector)
            assert set(reading.keys) == reachable(chart)
            assert doubled(reading) == []
            assert [r.digest for r in reading.records] == [r.digest for r in whole.records]
            assert told[-1].complete


async def test_killed_again_and_again() -> None:
    chart = small_chart(30)
    async with FhirServer(chart) as server:
        reading = Reading()
        rounds = 0
        ended = False
        while not ended:
            async with linked(server, kept=reading.holds) as (connector, told):
                ended = await reading.go_on(connector, most=1)
            rounds += 1
    assert rounds > len(EVERYTHING.coming)
    assert set(reading.keys) == reachable(chart)
    assert doubled(reading) == []
    assert told[-1].complete
    assert kind(told[-1], LABS).outcome.came == 30


async def test_without_knowing_what_is_kept_nothing_is_lost() -> None:
    chart = small_chart(30)
    async with FhirServer(chart) as server:
        reading = Reading()
        async with linked(server) as (connector, _):
            await reading.go_on(connector, most=4)
        async with linked(server) as (connector, _):
            assert await reading.go_on(connector)
    assert set(reading.keys) == reachable(chart)


@pytest.mark.parametrize("status", [400, 404, 410, 412, 500])
async def test_a_place_that_the_server_forgot_is_reached_from_the_start(status: int) -> None:
    chart = small_chart(30)
    async with FhirServer(chart) as server:
        reading = Reading()
        async with linked(server) as (connector, _):
            await _into_the_labs(reading, connector)
        lost = [json(outcome("error"), status)]
        server.faults.append(lambda asked: lost.pop() if lost and asked.page > 1 else None)
        async with linked(server, kept=reading.holds) as (connector, told):
            assert await reading.go_on(connector)
        assert not lost
    assert set(reading.keys) == reachable(chart)
    assert kind(told[-1], LABS).outcome.state is State.ALL


async def test_pages_that_were_kept_are_not_asked_for_again() -> None:
    chart = small_chart(30)
    async with FhirServer(chart) as server:
        reading = Reading()
        async with linked(server) as (connector, _):
            await _into_the_labs(reading, connector)
        async with linked(server, kept=reading.holds) as (connector, told):
            assert await reading.go_on(connector)
        assert kind(told[-1], LABS).outcome.came == 30
        pages = [one.page for one in server.asked if one.query.get("category") == "laboratory"]
    assert Counter(pages)[1] == 1


async def _into_the_labs(reading: Reading, connector: SmartConnector) -> None:
    """Stop in the middle of the lab results."""
    parts = [row.search.part for row in EVERYTHING.coming]
    assert not await reading.go_on(connector, most=parts.index(LABS) + 2)
    assert reading.batches[-1].part == LABS
