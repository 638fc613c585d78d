"""HealthEx read from sign-in to the last window; killed and resumed; and what the records mean."""

import logging
from collections import Counter
from typing import Any

import msgspec
import pytest

from assistant.records.decode import decode
from assistant.records.model import Record
from assistant.records.read import read
from connectors.errors import SourceUnreadable
from connectors.http import Network
from connectors.mcp.asked_for import records_status, update_records
from connectors.mcp.connector import McpConnector
from connectors.mcp.healthex import NOT_OFFERED, HealthEx
from connectors.mcp.reach import Reach
from connectors.model import FHIR_R4_JSON, SourceInfo
from connectors.smart.connector import Pace
from connectors.smart.coverage import State
from tests.connectors.mcp.faults import SMALL
from tests.connectors.mcp.flows import SUBJECT, Reading, signed_in
from tests.connectors.smart_fetch.server import http
from tests.fakes.healthex.server import HealthExServer
from tests.fakes.healthex.tables import CHART, LABS, VACCINES


def doubled(reading: Reading) -> list[str]:
    """What is there more than once."""
    return [key for key, count in Counter(reading.keys).items() if count > 1]


async def test_every_event_comes_once_and_every_window_is_asked() -> None:
    async with HealthExServer() as server, signed_in(server) as (reach, _):
        reading = Reading()
        assert await reading.go_on(reach)
        asked = [given.get("beforeDate") for given in server.called("get_labs")]
        assert server.called("update_records") == []
    assert doubled(reading) == []
    assert len(reading.of("get_labs")) == len(LABS)
    assert len(reading.of("get_immunizations")) == len(VACCINES)
    assert {kind.part for kind in reading.told[-1].kinds} == {"get_health_summary", *CHART}
    assert reading.told[-1].complete
    days = [day for day in asked if day is not None]
    assert asked == [None, *sorted(set(days), reverse=True)]


async def test_what_came_is_read_as_records() -> None:
    """Every record means something to the program, and the second sync brings the very same bytes."""
    async with HealthExServer() as server, signed_in(server) as (reach, _):
        first, second = Reading(), Reading()
        assert await first.go_on(reach)
        assert await second.go_on(reach)
    meanings = [read(decode(record.body), id="x", resolve=lambda _: None) for record in first.records]
    assert all(isinstance(meaning, Record) for meaning in meanings)
    assert {record.format for record in first.records} == {FHIR_R4_JSON}
    assert [record.digest for record in first.records] == [record.digest for record in second.records]


async def test_killed_after_every_batch_nothing_is_lost_or_doubled() -> None:
    async with HealthExServer(SMALL) as server, signed_in(server) as (reach, _):
        whole = Reading()
        assert await whole.go_on(reach)
        for step in range(1, len(whole.batches)):
            reading = Reading()
            assert not await reading.go_on(reach, most=step)
            before = len(server.front.asked)
            assert await reading.go_on(reach)
            assert reading.keys == whole.keys
            assert [r.digest for r in reading.records] == [r.digest for r in whole.records]
            assert reading.told[-1].complete
            asked = sum(one.tool is not None for one in server.front.asked[before:])
            assert asked == len(whole.batches) - step


async def test_a_cursor_of_another_server_is_refused() -> None:
    async with HealthExServer({}) as server, signed_in(server) as (reach, _):
        reading = Reading()
        for cursor in ("{}", "x", '{"source":"0","began":"2026-01-01T00:00:00Z"}'):
            reading.cursor = cursor
            assert not await reading.go_on(reach)
            assert isinstance(reading.stopped, SourceUnreadable)


async def test_a_sync_that_takes_too_long_stops_and_goes_on() -> None:
    async with HealthExServer() as server, signed_in(server) as (reach, _):
        reading = Reading()
        assert not await reading.go_on(reach, pace=Pace(seconds=0.0))
        assert reading.stopped is not None
        assert not reading.told[-1].ended
        assert await reading.go_on(reach)


async def test_what_a_server_does_not_offer_is_said() -> None:
    chart = {name: CHART[name] for name in ("get_vitals",)}
    async with HealthExServer(chart) as server, signed_in(server) as (reach, _):
        reading = Reading()
        assert await reading.go_on(reach)
    labs = reading.kind("get_labs").outcome
    assert (labs.state, labs.text) == (State.LEFT, NOT_OFFERED)
    assert reading.kind("get_vitals").outcome.came == 1


async def test_notes_are_searched_only_for_words_that_were_given() -> None:
    async with HealthExServer({}) as server, signed_in(server) as (reach, _):
        plain, searching = Reading(), Reading()
        assert await plain.go_on(reach)
        assert server.called("search_clinical_notes") == []
        assert await searching.go_on(reach, HealthEx(SUBJECT, searches=("cough",)))
        assert server.called("search_clinical_notes") == [{"query": "cough"}]
    assert [record.type for record in searching.of("search_clinical_notes:1")] == ["DocumentReference"]


async def test_records_are_gathered_anew_only_when_asked_for() -> None:
    async with HealthExServer({}) as server, signed_in(server) as (reach, _):
        assert "up to date" in await records_status(reach)
        assert server.updates == 0
        assert "gathered" in await update_records(reach)
        assert server.updates == 1


async def test_only_tools_and_dates_leave() -> None:
    """Everything that is told to the tools, over a whole sync."""
    async with HealthExServer() as server, signed_in(server) as (reach, _):
        assert await Reading().go_on(reach)
        messages = [one.message for one in server.front.asked if "method" in one.message]
    said = {key for message in messages for key in message.get("params", {})}
    given = [message["params"]["arguments"] for message in messages if message["method"] == "tools/call"]
    assert said <= {"name", "arguments", "protocolVersion", "capabilities", "clientInfo", "_meta"}
    assert {key for arguments in given for key in arguments} == {"years", "beforeDate"}
    hello = next(message["params"] for message in messages if message["method"] == "initialize")
    assert hello["capabilities"] == {}


@pytest.mark.parametrize(
    "address",
    [
        "http://api.example.org/mcp",
        "ftp://127.0.0.1/mcp",
        "https://user@127.0.0.1/mcp",
        "http://10.0.0.1/mcp",
    ],
)
async def test_an_address_that_is_not_safe_is_never_asked(address: str) -> None:
    reading = Reading()
    assert not await reading.go_on(Reach(Network(), address, typed=True))
    assert isinstance(reading.stopped, SourceUnreadable)


async def test_a_private_address_that_nobody_typed_is_not_connected_to() -> None:
    asked: list[Any] = []

    def allowing(host: str, port: int) -> Any:
        asked.append((host, port))
        raise AssertionError("nothing may be connected to")

    reading = Reading()
    assert not await reading.go_on(Reach(Network(allowing=allowing), "http://127.0.0.1:9/mcp"))
    assert isinstance(reading.stopped, SourceUnreadable)
    assert asked == []
    reading = Reading()
    private = Reach(Network(), "https://127.0.0.1:9/mcp")
    assert not await reading.go_on(private)
    assert reading.stopped is not None
    assert "private" in reading.stopped.title


async def test_the_process_watch_hears_of_every_connection() -> None:
    from contextlib import asynccontextmanager

    heard: list[tuple[str, int]] = []

    @asynccontextmanager
    async def allowing(host: str, port: int) -> Any:
        heard.append((host, port))
        yield

    async with HealthExServer({}) as server:
        over = Network(allowing=allowing)
        async with signed_in(server, over) as (reach, _):
            assert await Reading().go_on(reach)
        assert set(heard) == {("127.0.0.1", server.front.port)}
        posts = sum(one.headers.get("user-agent") == "chartside" for one in server.front.asked)
        assert len(heard) == posts


def test_the_connector_names_its_source_without_asking() -> None:
    info = SourceInfo("mcp", "https://api.example.org/mcp", "HealthEx")
    source = McpConnector(info, Reach(Network(), info.key), HealthEx(SUBJECT))
    assert source.info == info
    assert msgspec.to_builtins(source.info)["kind"] == "mcp"


async def test_nothing_that_a_server_says_reaches_a_log(capfd: pytest.CaptureFixture[str]) -> None:
    """Even with everything turned on: the records, a broken message, an address with its token."""
    heard: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.name.split(".")[0] in ("mcp", "client", "httpx2", "httpx", "httpcore"):
                heard.append(record.getMessage())

    ear, root = Ear(logging.DEBUG), logging.getLogger()
    before = root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    try:
        async with (
            HealthExServer({"get_vitals": CHART["get_vitals"]}) as server,
            signed_in(server) as (reach, kept),
        ):
            broken = b'{"jsonrpc":"2.0","id":1,"result":"Blood pressure'
            server.front.faults.append(
                lambda asked: http(broken, 200, "application/json") if asked.tool == "get_vitals" else None
            )
            assert await Reading().go_on(reach)
            assert kept.granted is not None
            token = kept.granted.access.value
    finally:
        root.removeHandler(ear)
        root.setLevel(before)
    said = "".join([*heard, *capfd.readouterr()])
    assert not [word for word in ("Blood", "asthma", "code=", token) if word in said]
