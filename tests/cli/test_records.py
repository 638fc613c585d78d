"""Importing and looking, as the contract has them."""

import json
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Run
from tests.fakes import small

Bundle = Callable[..., Path]


def test_an_import_counts_and_a_second_changes_nothing(run: Run, bundle: Bundle) -> None:
    path = bundle("a.json", [small.ldl("o1", 96, "2026-02-10")])
    run("init")
    first = run("import", str(path)).document
    assert first["owner"] == {"name": "Nadia Brandt", "born": "1968-04-12"}
    assert first["totals"] == {
        "new": 2, "updated": 0, "unchanged": 0, "merged": 0, "refused": 0, "set_aside": 0, "problems": 0,
    }  # fmt: skip
    again = run("import", str(path)).document
    assert (again["totals"]["new"], again["totals"]["unchanged"]) == (0, 2)
    assert run("records").document["total"] == 2


def test_a_dry_run_keeps_nothing(run: Run, bundle: Bundle) -> None:
    path = bundle("a.json", [small.ldl("o1", 96, "2026-02-10")])
    run("init")
    tried = run("import", str(path), "--dry-run")
    assert (tried.code, tried.document["totals"]["new"], tried.document["import"]) == (0, 2, None)
    assert run("records").document["total"] == 0
    assert run("sources").document["sources"] == []


def test_undo_brings_back_the_version_before(run: Run, bundle: Bundle) -> None:
    path = bundle("a.json", [small.ldl("o1", 96, "2026-02-10")])
    run("init")
    run("import", str(path))
    bundle("a.json", [small.ldl("o1", 97, "2026-02-10"), small.ldl("o2", 90, "2026-03-10")])
    second = run("import", str(path)).document
    assert (second["totals"]["updated"], second["totals"]["new"]) == (1, 1)
    assert run("import", "undo", second["import"]).document == {"removed": 2, "restored": 1}
    values = [r["value"] for r in run("records", "--category", "labs").document["records"]]
    assert values == ["96"]
    assert run("import", "undo", second["import"]).code == 2


def test_two_sources_of_one_event_are_one_record(run: Run, bundle: Bundle) -> None:
    one = bundle("mercy.json", [small.ldl("o1", 96, "2026-02-10T08:30:00Z")])
    two = bundle(
        "quest.json", [small.ldl("q1", 96, "2026-02-10T08:30:00Z", subject="q9")], owner=small.patient("q9")
    )
    run("init")
    run("import", str(one))
    assert run("import", str(two)).document["totals"]["merged"] >= 1
    (record,) = run("records", "--category", "labs").document["records"]
    assert len(record["sources"]) == 2
    raws = run("record", record["id"], "--raw").document["raws"]
    assert {json.loads(raw["resource"])["id"] for raw in raws} == {"o1", "q1"}


def test_another_person_is_refused_and_named(run: Run, bundle: Bundle) -> None:
    mine = bundle("mine.json", [small.ldl("o1", 96, "2026-02-10")])
    child = small.patient("p2", family="Other", born="2015-01-01")
    theirs = bundle("theirs.json", [small.ldl("o9", 66, "2026-02-10", subject="p2")], owner=child)
    run("init")
    run("import", str(mine))
    ran = run("import", str(theirs))
    assert ran.code == 1
    assert ran.document["totals"]["refused"] == 2
    assert "Other" in ran.document["files"][0]["refused"][0]["what"]
    assert run("records").document["total"] == 2


def test_two_people_in_one_file_need_a_word_on_whose_chart_it_is(run: Run, bundle: Bundle) -> None:
    child = small.patient("p2", family="Other", born="2015-01-01")
    both = bundle(
        "both.json", [small.ldl("o1", 96, "2026-02-10"), child, small.ldl("o9", 66, "2026", subject="p2")]
    )
    run("init")
    asked = run("import", str(both))
    assert (asked.code, asked.document["owner"]) == (1, None)
    told = run("import", str(both), "--patient", "Nadia Brandt").document
    assert (told["totals"]["new"], told["totals"]["refused"]) == (2, 2)


def test_init_can_say_whose_chart_it_is(run: Run, bundle: Bundle) -> None:
    mine = bundle("mine.json", [small.ldl("o1", 96, "2026-02-10")])
    child = small.patient("p2", family="Other", born="2015-01-01")
    theirs = bundle("theirs.json", [small.ldl("o9", 66, "2026-02-10", subject="p2")], owner=child)
    run("init", "--owner-from", str(mine))
    assert run("import", str(theirs)).code == 1
    assert run("import", str(mine)).document["totals"]["new"] == 2


def test_what_says_nobody_is_set_aside_and_can_be_released(run: Run, bundle: Bundle) -> None:
    stray = small.ldl("o2", 66, "2026-02-10")
    del stray["subject"]
    run("init")
    done = run("import", str(bundle("a.json", [small.ldl("o1", 96, "2026-02-10"), stray])))
    assert (done.code, done.document["totals"]["set_aside"]) == (0, 1)
    assert run("records", "--category", "labs").document["total"] == 1
    (kept,) = run("set-aside").document["set_aside"]
    assert run("set-aside", "release", str(kept["number"])).document["set_aside"] == []
    assert run("records", "--category", "labs").document["total"] == 2


def test_a_record_says_everything_about_itself(run: Run, chart: Path) -> None:
    found = run("records", "--search", "LDL", "--until", "2020").document
    assert found["total"] == 1
    (record,) = found["records"]
    assert (record["value"], record["unit"], record["date"]) == ("148", "mg/dL", "2019-03-12")
    assert (record["category"], record["trust"], record["kind"]) == ("labs", "fact", "Observation")
    assert "130" in record["range"]
    whole = run("record", record["id"]).document
    assert whole["provenance"][0]["resource_id"] == "o1"
    assert whole["validation"] == []


def test_the_raw_resource_is_the_very_bytes(run: Run, chart: Path) -> None:
    (record,) = run("records", "--search", "weight").document["records"]
    (raw,) = run("record", record["id"], "--raw").document["raws"]
    assert raw["resource"] in chart.read_text()
    assert record["value"] == "71.25"


def test_a_refuted_allergy_says_so_wherever_it_stands(run: Run, chart: Path) -> None:
    (record,) = run("records", "--category", "allergies").document["records"]
    assert record["trust"] == "refuted"
    assert "refuted" in record["text"]
    assert "refuted" in run("ask", "Am I allergic to penicillin?").document["answer"]["text"]


def test_records_can_be_limited_and_still_say_how_many(run: Run, chart: Path) -> None:
    every = run("records").document
    few = run("records", "--limit", "2").document
    assert (few["total"], len(few["records"])) == (every["total"], 2)
    assert few["records"] == every["records"][:2]
    assert run("records", "--since", "nonsense").code == 2
    assert run("records", "--category", "nonsense").code == 2


def test_facts_come_with_the_records_behind_them(run: Run, chart: Path) -> None:
    (fact, *_) = run("facts", "What was my first LDL?").document["facts"]
    assert (fact["value"], fact["unit"], fact["date"]) == ("148", "mg/dL", "2019-03-12")
    assert run("record", fact["records"][0]).document["value"] == "148"
    assert run("facts").document["facts"]


def test_sources_count_what_they_told(run: Run, chart: Path) -> None:
    (source,) = run("sources").document["sources"]
    assert (source["kind"], source["state"], source["name"]) == ("file", "working", "chart.json")
    assert source["counts"]["labs"] == 3
