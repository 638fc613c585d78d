"""A small chart with everything that is followed, and what a reading of it should bring."""

from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime

from connectors.errors import SourceInterrupted
from connectors.http import Network, Pinned
from connectors.model import Batch, SourceInfo, SourceRecord
from connectors.origin import Origin
from connectors.patience import Limits, Waits
from connectors.smart.connector import Before, Pace, SmartConnector
from connectors.smart.coverage import Coverage, Kind
from connectors.smart.following import Kept, nothing_kept
from connectors.smart.plan import Plan, plan
from connectors.smart.scopes import Scopes
from tests.connectors.smart_fetch.server import PATIENT, FhirServer, Resource

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SUBJECT = {"reference": f"Patient/{PATIENT}"}
Key = tuple[str | None, str | None]


async def _at_once(_: float) -> None:
    return


NETWORK = Network(
    limits=Limits(connect=2.0, idle=0.4, total=3.0, tries=3, body=4 * 1024 * 1024),
    waits=Waits(sleep=_at_once, dice=lambda: 0.0, now=lambda: NOW),
)
EVERYTHING = plan(Scopes.parse("patient/*.rs"), None)


def small_chart(labs: int = 10) -> list[Resource]:
    """A patient with labs on several pages, reports, notes, a medicine; and those who made them."""
    made: list[Resource] = [{"resourceType": "Patient", "id": PATIENT, "name": [{"family": "Brandt"}]}]
    made += [_lab(n, "laboratory") for n in range(labs)] + [_lab(100, "vital-signs"), _lab(200, "odd")]
    made += [
        {"resourceType": "Condition", "id": "c1", "subject": SUBJECT, "asserter": _ref("Practitioner/p1")},
        {
            "resourceType": "DiagnosticReport",
            "id": "r1",
            "subject": SUBJECT,
            "result": [_ref("Observation/o0"), _ref("Observation/o200")],
            "performer": [_ref("PractitionerRole/role1")],
        },
        _document("d1", [("text/html", "Binary/b1"), ("application/pdf", "Binary/b2")]),
        _document("d2", [("image/jpeg", "Binary/b3")]),
        {
            "resourceType": "MedicationRequest",
            "id": "m1",
            "subject": SUBJECT,
            "medicationReference": _ref("Medication/med1"),
        },
        {"resourceType": "Medication", "id": "med1", "manufacturer": _ref("Organization/org2")},
        {"resourceType": "AllergyIntolerance", "id": "a1", "patient": SUBJECT},
        {
            "resourceType": "PractitionerRole",
            "id": "role1",
            "practitioner": _ref("Practitioner/p2"),
            "organization": _ref("Organization/org1"),
        },
        {"resourceType": "Practitioner", "id": "p1"},
        {"resourceType": "Practitioner", "id": "p2"},
        {"resourceType": "Organization", "id": "org1", "partOf": _ref("Organization/org3")},
        {"resourceType": "Organization", "id": "org2"},
        {"resourceType": "Organization", "id": "org3"},
        {"resourceType": "Binary", "id": "b1", "contentType": "text/html", "data": "PHA+"},
        {"resourceType": "Binary", "id": "b2", "contentType": "application/pdf", "data": "JVBERg=="},
        {"resourceType": "Binary", "id": "b3", "contentType": "image/jpeg", "data": "AA=="},
    ]
    return made


OUT_OF_REACH = {("Organization", "org3"), ("Binary", "b2"), ("Binary", "b3")}
"""Three steps away, the same note in another form, and a picture."""


def reachable(chart: list[Resource]) -> set[Key]:
    """What a whole reading brings."""
    return {(one["resourceType"], one["id"]) for one in chart} - OUT_OF_REACH


def _ref(text: str) -> dict[str, str]:
    return {"reference": text}


def _lab(number: int, category: str) -> Resource:
    return {
        "resourceType": "Observation",
        "id": f"o{number}",
        "meta": {"lastUpdated": f"2026-02-{1 + number % 28:02}T00:00:00Z"},
        "category": [{"coding": [{"code": category}]}],
        "subject": SUBJECT,
        "performer": [_ref("Practitioner/p1")],
        "valueQuantity": {"value": 5.4, "unit": "µmol/L"},
    }


def _document(id_: str, forms: list[tuple[str, str]]) -> Resource:
    content = [{"attachment": {"contentType": media, "url": url}} for media, url in forms]
    return {"resourceType": "DocumentReference", "id": id_, "subject": SUBJECT, "content": content}


@asynccontextmanager
async def linked(
    server: FhirServer,
    wanted: Plan = EVERYTHING,
    *,
    network: Network = NETWORK,
    before: Before | None = None,
    kept: Kept = nothing_kept,
    pace: Pace | None = None,
) -> AsyncGenerator[tuple[SmartConnector, list[Coverage]], None]:
    """A connector to this server, and what it tells of its readings."""
    told: list[Coverage] = []
    async with pinned(server, network) as client:
        info = SourceInfo("smart", server.base, "Test Clinic")
        yield (
            SmartConnector(
                *(info, client, wanted, PATIENT),
                before=before,
                kept=kept,
                told=told.append,
                pace=pace,
                now=lambda: NOW,
            ),
            told,
        )


def pinned(server: FhirServer, network: Network = NETWORK) -> Pinned:
    """A client for this server."""
    return network.pinned(Origin.of(server.base, typed=True), typed=True)


class Reading:
    """A caller that keeps what it is given up to each cursor, as a vault does."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.cursor: str | None = None
        self._since_cursor: list[Batch] = []
        self.stopped: SourceInterrupted | None = None

    async def go_on(self, connector: SmartConnector, *, most: int | None = None) -> bool:
        """Read from the last cursor; True at the end. With `most`, it is dropped after so many batches."""
        self._since_cursor = []
        taken = 0
        try:
            async with aclosing(connector.read(self.cursor)) as batches:
                async for batch in batches:
                    self._since_cursor.append(batch)
                    if batch.cursor is not None:
                        assert len(batch.cursor) <= 8192
                        self.batches += self._since_cursor
                        self.cursor, self._since_cursor = batch.cursor, []
                    taken += 1
                    if taken == most:
                        return False
        except SourceInterrupted as error:
            self.stopped = error
            return False
        return True

    @property
    def records(self) -> list[SourceRecord]:
        """What is kept."""
        return [record for batch in self.batches for record in batch.records]

    @property
    def keys(self) -> list[Key]:
        """Type and id of what is kept."""
        return [(record.type, record.id) for record in self.records]

    def holds(self, type_: str, id_: str) -> bool:
        """Whether this is kept."""
        return (type_, id_) in self.keys

    def problems(self, part: str) -> list[str]:
        """What was said about one part."""
        return [p.text for batch in self.batches if batch.part == part for p in batch.problems]


def kind(coverage: Coverage, part: str) -> Kind:
    """One row of what came."""
    return next(row for row in coverage.kinds if row.part == part)
