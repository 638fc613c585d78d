"""The table of searches covers what US Core describes; the plan says what will come, what won't, and why."""

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.records.model import Category
from connectors.smart.plan import Plan, Why, capability, plan
from connectors.smart.scopes import Scopes
from connectors.smart.searches import Search, address, searches
from connectors.smart.vendors import vendors
from tests.connectors.smart_fetch.chart import pinned
from tests.connectors.smart_fetch.server import PATIENT, FhirServer, http

ALL = Scopes.parse("patient/*.rs")
ABOUT_A_PATIENT = ("subject", "patient", "beneficiary")


def examples(material: Path) -> list[dict[str, Any]]:
    """Every resource of US Core's examples that is about a patient."""
    found = [json.loads(path.read_bytes()) for path in sorted((material / "us-core").glob("*.json"))]
    inner = [entry["resource"] for one in found for entry in one.get("entry", []) if "resource" in entry]
    about = [one for one in [*found, *inner] if any(name in one for name in ABOUT_A_PATIENT)]
    return [one for one in about if one["resourceType"] not in ("Library", "Questionnaire", "Group")]


def codes(resource: dict[str, Any]) -> set[str]:
    """The category codes of a resource."""
    return {code["code"] for one in resource.get("category", []) for code in one.get("coding", [])}


@pytest.mark.parametrize("vendor", [None, "epic", "oracle", "athena"])
def test_a_search_reaches_every_example_of_us_core(material: Path, vendor: str | None) -> None:
    rows = plan(ALL, None, vendor).coming
    found = examples(material)
    assert len(found) > 100
    missed = [
        one["id"]
        for one in found
        if not any(
            row.search.type == one["resourceType"] and (not row.search.codes or row.search.codes & codes(one))
            for row in rows
        )
    ]
    assert missed == []


def test_every_row_is_named_once_and_belongs_to_a_category() -> None:
    rows = searches()
    assert len({row.id for row in rows}) == len(rows)
    assert {row.category for row in rows} <= {category.value for category in Category}
    known = {vendor.id for vendor in vendors()}
    for row in rows:
        assert {*row.vendors, *row.refused, *row.split_for} <= known
    for vendor in (None, *known):
        parts = [row.search.part for row in plan(ALL, None, vendor).coming]
        assert len(set(parts)) == len(parts)


def by_type(planned: Plan) -> dict[str, set[Why]]:
    found: dict[str, set[Why]] = {}
    for row in planned.rows:
        found.setdefault(row.search.type, set()).add(row.why)
    return found


def test_what_was_asked_for_and_not_granted_differs_from_what_was_not_asked_for() -> None:
    granted = Scopes.parse("launch/patient patient/Patient.read patient/Condition.rs")
    asked = Scopes.parse("launch/patient patient/Patient.read patient/Condition.rs patient/Immunization.rs")
    why = by_type(plan(granted, None, asked=asked))
    assert why["Condition"] == {Why.COMES}
    assert why["Patient"] == {Why.COMES}
    assert why["Immunization"] == {Why.NOT_GRANTED}
    assert why["Observation"] == {Why.SIGN_IN}
    assert all(row.text.endswith(".") for row in plan(granted, None, asked=asked).left)


def test_a_scope_of_one_category_brings_that_category() -> None:
    lab = "http://terminology.hl7.org/CodeSystem/observation-category|laboratory"
    problems = "http://terminology.hl7.org/CodeSystem/condition-category|problem-list-item"
    planned = plan(
        Scopes.parse(f"patient/Observation.rs?category={lab} patient/Condition.rs?category={problems}"), None
    )
    assert [row.search.part for row in planned.coming] == [
        "Observation?category=laboratory",
        "Condition?category=problem-list-item",
    ]


def test_reading_without_searching_brings_no_search() -> None:
    assert [row.search.type for row in plan(Scopes.parse("patient/*.r"), None).coming] == ["Patient"]


def test_what_the_server_does_not_list_is_not_offered() -> None:
    statement = {
        "rest": [
            {
                "mode": "server",
                "resource": [
                    {"type": "Condition", "interaction": [{"code": "read"}, {"code": "search-type"}]},
                    {"type": "Goal", "interaction": [{"code": "read"}]},
                    {"type": "Procedure", "searchParam": [{"name": "subject"}, {"name": "_lastUpdated"}]},
                    {"type": 7},
                ],
            }
        ]
    }
    planned = plan(ALL, statement)
    why = by_type(planned)
    assert why["Condition"] == why["Procedure"] == {Why.COMES}
    assert why["Goal"] == why["Observation"] == {Why.NOT_OFFERED}
    (procedure,) = [row for row in planned.coming if row.search.type == "Procedure"]
    assert procedure.names == "subject"
    assert procedure.changes


@pytest.mark.parametrize(
    "statement", [None, {}, {"rest": []}, {"rest": "x"}, {"rest": [{"resource": [None]}]}]
)
def test_a_statement_that_says_nothing_rules_nothing_out(statement: dict[str, Any] | None) -> None:
    assert plan(ALL, statement).left == ()


def test_what_a_vendor_refuses_is_said_in_words() -> None:
    rows = (Search("x", "Goal", "Goals", "conditions", refused={"epic": "Epic keeps no goals."}),)
    assert plan(ALL, None, "epic", table=rows).left[0].text == "Epic keeps no goals."
    assert plan(ALL, None, "oracle", table=rows).left == ()


def test_a_vendor_s_own_form_goes_first_and_the_others_follow() -> None:
    (row,) = [one for one in searches() if one.type == "MedicationRequest"]
    assert "intent=" in row.queries("athena")[0]
    assert set(row.queries(None)) == set(row.queries("athena"))


def test_an_id_cannot_change_the_question() -> None:
    row = searches()[2]
    made = address(row, row.query, "a&category=x/../b c")
    assert made.count("category=") == 1
    assert made.startswith("Observation?patient=a%26category%3Dx")
    assert address(searches()[0], "", "../metadata") == "Patient/..%2Fmetadata"


async def test_a_statement_is_read_where_there_is_one() -> None:
    async with FhirServer([]) as server:
        async with pinned(server) as client:
            assert await capability(client) is not None
        for body in (b"", b"{}", b"<html>", b'{"resourceType":"Patient"}', b"["):
            server.faults[:] = [lambda _, body=body: http(body)]  # type: ignore[misc]
            async with pinned(server) as client:
                assert await capability(client) is None
    assert PATIENT not in str(server.asked)
