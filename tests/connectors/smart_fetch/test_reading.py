"""A whole reading: exact bytes, each thing once, references two steps deep, in one order."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from datetime import timedelta

import msgspec
import pytest
import pytest_asyncio

from connectors.errors import SourceUnreadable
from connectors.smart.connector import Before, Pace
from connectors.smart.coverage import State
from connectors.smart.plan import plan
from connectors.smart.scopes import Scopes
from tests.connectors.smart_fetch.chart import (
    NOW,
    SUBJECT,
    Reading,
    kind,
    linked,
    reachable,
    small_chart,
)
from tests.connectors.smart_fetch.server import (
    PATIENT,
    Answer,
    Asked,
    FhirServer,
    Resource,
    elsewhere,
    http,
    json,
    outcome,
)
from tests.contracts.connector import ConnectorContract, Make, batches

LABS = "Observation?category=laboratory"


async def test_everything_within_reach_comes_once_with_its_exact_bytes() -> None:
    chart = small_chart()
    async with FhirServer(chart) as server, linked(server) as (connector, told):
        reading = Reading()
        assert await reading.go_on(connector)
    assert sorted(map(str, reading.keys)) == sorted(map(str, reachable(chart)))
    sent = {(one["resourceType"], one["id"]): msgspec.json.encode(one) for one in chart}
    assert all(record.body == sent[record.type or "", record.id or ""] for record in reading.records)
    (coverage,) = told
    assert coverage.complete
    assert coverage.sees_deletions
    assert kind(coverage, LABS).outcome.came == 10
    assert coverage.left == 1
    assert len(set(server.paths()) & {"Organization/org3", "Binary/b2", "Binary/b3"}) == 0


async def test_bytes_are_cut_out_as_they_stand() -> None:
    odd = b'{ "resourceType":"AllergyIntolerance",\n\t"id" : "a1", "x": 1.50, "y": "\\u00e9\\/" }'
    page = b'{"entry" : [ {"search":{"mode":"match"}, "resource" :  ' + odd + b' } ],"resourceType":"Bundle"}'
    async with FhirServer(small_chart()) as server, linked(server) as (connector, _):
        server.faults.append(lambda asked: http(page) if asked.path == "AllergyIntolerance" else None)
        reading = Reading()
        assert await reading.go_on(connector)
    assert [one.body for one in reading.records if one.type == "AllergyIntolerance"] == [odd]


async def test_no_more_is_asked_at_once_than_agreed() -> None:
    async with FhirServer(small_chart(60)) as server, linked(server, pace=Pace(at_once=3)) as (connector, _):
        server.faults.append(lambda asked: msgspec.structs.replace(server.answer(asked), pause=0.01))
        assert await Reading().go_on(connector)
        assert server.most_at_once == 3


async def test_the_same_order_whatever_answers_first() -> None:
    chart = small_chart(30)

    def slow(paths: tuple[str, ...], server: FhirServer, asked: Asked) -> Answer | None:
        late = asked.path.startswith(paths)
        return msgspec.structs.replace(server.answer(asked), pause=0.02) if late else None

    orders = []
    for paths in (("Observation",), ("Patient", "Practitioner/"), ("Condition", "PractitionerRole/")):
        async with FhirServer(chart) as server, linked(server) as (connector, _):
            server.faults.append(lambda asked, s=server, p=paths: slow(p, s, asked))  # type: ignore[misc]
            read = await batches(connector)
            orders.append([(one.part, record.at) for one in read for record in one.records])
    assert orders[0] == orders[1] == orders[2]


async def test_a_refused_kind_is_said_and_the_rest_comes() -> None:
    chart = small_chart()
    async with FhirServer(chart) as server, linked(server) as (connector, told):
        server.faults.append(
            lambda asked: json(outcome("error"), 403) if asked.query.get("category") == "laboratory" else None
        )
        reading = Reading()
        assert await reading.go_on(connector)
    assert kind(told[0], LABS).outcome.state is State.REFUSED
    assert [one.part for one in told[0].short] == [LABS]
    asked = len([one for one in told[0].kinds if one.outcome.state is not State.LEFT])
    assert told[0].text == f"Got {asked - 1} of {asked} kinds: Lab results refused."
    assert not told[0].sees_deletions
    assert reading.problems(LABS) == ["The provider refused this."]
    # What a report names still comes, one by one.
    assert reading.holds("Observation", "o0")
    assert reading.holds("AllergyIntolerance", "a1")


async def test_what_was_not_granted_is_not_asked_for() -> None:
    granted = plan(Scopes.parse("patient/Patient.rs patient/Condition.rs"), None)
    async with FhirServer(small_chart()) as server, linked(server, granted) as (connector, told):
        reading = Reading()
        assert await reading.go_on(connector)
    assert set(server.paths()) == {f"Patient/{PATIENT}", "Condition"}
    assert kind(told[0], LABS).outcome.state is State.LEFT
    assert told[0].text == "Got 2 of 2 kinds."
    assert any("clinicians" in text for text in reading.problems("Condition"))


async def test_a_form_that_is_not_taken_gives_way_to_the_next() -> None:
    async with FhirServer(small_chart()) as server, linked(server) as (connector, told):
        server.faults.append(lambda asked: json(outcome("error"), 400) if "_include" in asked.query else None)
        reading = Reading()
        assert await reading.go_on(connector)
    assert kind(told[0], "MedicationRequest").outcome.state is State.ALL
    assert reading.holds("MedicationRequest", "m1")


async def test_ignored_parameters_are_told_by_the_self_link() -> None:
    async with FhirServer(small_chart()) as server, linked(server) as (connector, told):

        def ignoring(asked: Asked) -> Answer | None:
            if asked.query.get("category") != "vital-signs":
                return None
            left = {name: value for name, value in asked.query.items() if name != "category"}
            return server.answer(Asked(asked.path, left, asked.headers))

        server.faults.append(ignoring)
        assert await Reading().go_on(connector)
    outcome_ = kind(told[0], "Observation?category=vital-signs").outcome
    assert outcome_.state is State.PART
    assert "category" in outcome_.text


async def test_warnings_inside_a_page_are_said_and_are_no_records() -> None:
    async with FhirServer(small_chart()) as server, linked(server) as (connector, told):

        def warned(asked: Asked) -> Answer | None:
            if asked.query.get("category") != "laboratory" or asked.page != 2:
                return None
            bundle = server.bundle("Observation", asked)
            bundle["entry"].append(server.entry(outcome("warning"), "outcome"))
            bundle["entry"].append(server.entry(outcome("information"), "outcome"))
            return json(bundle)

        server.faults.append(warned)
        reading = Reading()
        assert await reading.go_on(connector)
    assert len(reading.problems(LABS)) == 1
    assert kind(told[0], LABS).outcome.came == 10
    assert "OperationOutcome" not in {record.type for record in reading.records}


async def test_foreign_references_are_counted_and_never_asked() -> None:
    chart = small_chart()
    async with FhirServer(chart) as server, FhirServer(chart) as other, linked(server) as (connector, told):
        asserter = {"reference": f"{other.base}/Practitioner/p2"}
        near = {"reference": f"{server.base}/Practitioner/p2/_history/3"}
        condition = {"resourceType": "Condition", "id": "c2", "subject": SUBJECT}
        server.chart = [*chart, condition | {"asserter": asserter, "recorder": near}]
        reading = Reading()
        assert await reading.go_on(connector)
        assert other.asked == []
    assert told[0].foreign == 1
    assert any("other servers" in text for text in reading.problems("Condition"))
    assert server.paths().count("Practitioner/p2") == 1


async def test_an_attachment_that_comes_as_itself_is_kept_as_it_is() -> None:
    page = b"<html><body><p>Seen today.</p></body></html>"
    async with FhirServer(small_chart()) as server, linked(server) as (connector, _):
        server.faults.append(
            lambda asked: http(page, media="text/html") if asked.path == "Binary/b1" else None
        )
        reading = Reading()
        assert await reading.go_on(connector)
    (note,) = [record for record in reading.records if record.type == "Binary"]
    assert (note.body, note.format, note.id) == (page, "text/html", "b1")


async def test_a_circle_is_left_before_it_is_gone_round() -> None:
    async with FhirServer(small_chart()) as server, linked(server) as (connector, _):

        def circling(asked: Asked) -> Answer | None:
            if asked.query.get("category") != "laboratory" or asked.page < 3:
                return None
            bundle = server.bundle("Observation", asked)
            first = {name: value for name, value in asked.query.items() if name != "page"}
            bundle["link"].append({"relation": "next", "url": server.link("Observation", first)})
            return json(bundle)

        server.faults.append(circling)
        assert await Reading().go_on(connector)
        assert [one.page for one in server.asked if one.query.get("category") == "laboratory"] == [1, 2, 3]


@pytest.mark.parametrize("says_so", [True, False])
async def test_only_changes_are_asked_for_where_that_works(says_so: bool) -> None:
    listed = [{"name": name} for name in ("patient", "category", *(["_lastUpdated"] if says_so else []))]
    statement = {"rest": [{"resource": [{"type": "Observation", "searchParam": listed}]}]}
    wanted = plan(Scopes.parse("patient/*.rs"), statement)
    before = Before(last=NOW - timedelta(days=10), full=NOW - timedelta(days=20))
    async with FhirServer(small_chart(28)) as server:
        async with linked(server, wanted, before=before) as (connector, told):
            assert await Reading().go_on(connector)
        changed = [one.query.get("_lastUpdated") for one in server.asked if one.path == "Observation"]
    # A day before the last sync, by anyone's clock.
    assert set(changed) == ({"ge2026-02-18T12:00:00Z"} if says_so else {None})
    assert kind(told[0], LABS).outcome.state is (State.CHANGES if says_so else State.ALL)
    assert kind(told[0], LABS).outcome.came == (10 if says_so else 28)
    assert told[0].sees_deletions is not says_so


@pytest.mark.parametrize("how", ["ignored", "refused"])
async def test_where_asking_for_changes_fails_everything_is_asked_for(how: str) -> None:
    listed = [{"name": name} for name in ("patient", "category", "_lastUpdated")]
    wanted = plan(
        Scopes.parse("patient/*.rs"),
        {"rest": [{"resource": [{"type": "Observation", "searchParam": listed}]}]},
    )
    before = Before(last=NOW - timedelta(days=1), full=NOW - timedelta(days=1))

    def fault(server: FhirServer, asked: Asked) -> Answer | None:
        if "_lastUpdated" not in asked.query:
            return None
        left = {name: value for name, value in asked.query.items() if name != "_lastUpdated"}
        answer = server.answer(Asked(asked.path, left, asked.headers))
        return answer if how == "ignored" else json(outcome("error"), 400)

    async with (
        FhirServer(small_chart()) as server,
        linked(server, wanted, before=before) as (connector, told),
    ):
        server.faults.append(lambda asked: fault(server, asked))
        assert await Reading().go_on(connector)
    assert kind(told[0], LABS).outcome.state is State.ALL
    assert kind(told[0], LABS).outcome.came == 10


async def test_a_full_sync_is_due_after_thirty_days() -> None:
    before = Before(last=NOW - timedelta(days=1), full=NOW - timedelta(days=30))
    listed = [{"name": "_lastUpdated"}]
    wanted = plan(
        Scopes.parse("patient/*.rs"),
        {"rest": [{"resource": [{"type": "Observation", "searchParam": listed}]}]},
    )
    async with (
        FhirServer(small_chart()) as server,
        linked(server, wanted, before=before) as (connector, told),
    ):
        assert await Reading().go_on(connector)
    assert kind(told[0], LABS).outcome.state is State.ALL
    assert not any("_lastUpdated" in one.query for one in server.asked)


async def test_a_cursor_of_another_chart_is_refused() -> None:
    async with FhirServer(small_chart()) as server, FhirServer(small_chart()) as other:
        async with linked(server) as (connector, _):
            reading = Reading()
            await reading.go_on(connector, most=3)
        async with linked(other) as (connector, _):
            with pytest.raises(SourceUnreadable):
                await batches(connector, reading.cursor)


async def test_being_stopped_stops_at_once_and_tells_how_far_it_came() -> None:
    async with FhirServer(small_chart()) as server, linked(server) as (connector, told):
        server.faults.append(
            lambda asked: Answer((b"",), then="hang") if asked.path == "AllergyIntolerance" else None
        )
        reading = asyncio.create_task(batches(connector))
        while "AllergyIntolerance" not in server.paths():
            await asyncio.wait([reading], timeout=0.01)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(reading, 0.3)
    assert not told[0].ended
    assert kind(told[0], "AllergyIntolerance").outcome.state is State.WAITING


class TestSmartConnector(ConnectorContract):
    """The contract of every connector, over a real socket; no reference leads over a page's edge."""

    @pytest.fixture
    def chart(self) -> list[Resource]:
        return [one for one in small_chart() if one["resourceType"] in ("Patient", "Observation", "Binary")]

    @pytest.fixture
    def server(self, chart: list[Resource]) -> Iterator[FhirServer]:
        for one in chart:
            one.pop("performer", None)
        with elsewhere(FhirServer(chart)) as server:
            yield server

    @pytest_asyncio.fixture
    async def make(self, server: FhirServer) -> AsyncGenerator[Make, None]:  # type: ignore[override]
        async with linked(server) as (connector, _):
            yield lambda: connector

    @pytest.fixture
    def parts(self) -> list[str]:
        return [row.search.part for row in plan(Scopes.parse("patient/*.rs"), None).coming]
