"""`visit` as the contract has it: one document for each command, its codes, and files only where named."""

import stat
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.fakes import small


@pytest.fixture
def chart(run: Run, bundle: Any) -> Path:
    """A vault with a visit in 2020 and what came after it."""
    flag = [
        {
            "coding": [
                {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "code": "H"}
            ]
        }
    ]
    path: Path = bundle(
        "chart.json",
        [
            small.visit("v1", "Check up", "2020-05-05"),
            small.ldl("o1", 100, "2019-03-12"),
            small.ldl("o2", 151, "2026-02-10", interpretation=flag),
            small.medication("m1", "83367", "Atorvastatin 20 MG", "2021-04-01"),
            small.allergy("a1", "91936005", "Penicillin", "2010-05", verified="refuted"),
        ],
    )
    assert run("init").code == 0
    assert run("import", str(path)).code == 0
    return path


@pytest.fixture
def sheet(run: Run, chart: Path) -> Any:
    """A sheet, as `visit new` prints it."""
    return run("visit", "new", "--on", "2027-01", "--with", "Dr. Okafor").document["visit"]


def texts(document: Any) -> list[str]:
    return [question["text"] for question in document["visit"]["questions"]]


def test_a_new_sheet_says_for_when_why_and_from_which_records(run: Run, sheet: Any) -> None:
    assert sheet["title"] == "Visit with Dr. Okafor, Jan 2027"
    assert sheet["last_visit"]["date"] == "2020-05-05"
    assert 0 < len(sheet["questions"]) <= 10
    for question in sheet["questions"]:
        assert (question["origin"], question["done"], question["answer"]) == ("rules", False, "")
        assert question["why"]
        for record in question["records"]:
            assert run("record", record).code == 0
    assert [item["text"].split(":")[0] for item in sheet["bring"]] == ["Atorvastatin 20 MG"]
    assert any("151 mg/dL" in change["text"] for change in sheet["changes"])


def test_list_and_show_print_what_was_made(run: Run, sheet: Any) -> None:
    assert run("visit", "list").document == {"visits": [sheet]}
    assert run("visit", "show", sheet["id"]).document == {"visit": sheet}
    assert run("visit", "show", "last").document == {"visit": sheet}
    told = run("visit", "show", sheet["id"], plain=True).out
    assert all(question["text"] in told for question in sheet["questions"])


def test_every_edit_of_one_call_goes_by_the_numbers_shown(run: Run, sheet: Any) -> None:
    before = [question["text"] for question in sheet["questions"]]
    assert len(before) >= 2
    changed = run(
        *("visit", "edit", sheet["id"], "--add", "Can I fly?", "--tick", "1", "--answer", "2", "Yes.\x1b[2J"),
        *("--move", "2", "1", "--words", "I am tired.", "--with", "Dr. Sandoval"),
    ).document
    assert texts(changed) == [before[1], before[0], *before[2:], "Can I fly?"]
    first, second = changed["visit"]["questions"][:2]
    assert (first["done"], second["done"]) == (True, True)
    assert (changed["visit"]["words"], changed["visit"]["visit"]["who"]) == ("I am tired.", "Dr. Sandoval")
    assert changed["visit"]["questions"][-1]["origin"] == "me"
    assert "\x1b" not in run("visit", "show", sheet["id"], plain=True).out
    again = run(
        "visit", "edit", sheet["id"], "--untick", "2", "--reword", "1", "In my words?", "--remove", "3"
    )
    assert texts(again.document)[0] == "In my words?"
    assert len(texts(again.document)) == len(before)
    assert not again.document["visit"]["questions"][1]["done"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("edit", "last"),
        ("edit", "last", "--tick", "99"),
        ("edit", "last", "--tick", "0"),
        ("edit", "last", "--add", "  "),
        ("edit", "last", "--on", "tomorrow"),
        ("edit", "v0", "--words", "x"),
        ("show", "v0"),
        ("delete", "v0", "--yes"),
        ("new", "--on", "soon"),
        ("new", "--carry-over", "v0"),
        ("export", "last", "sheet.doc", "--yes"),
        ("export", "last", "sheet.md"),
        ("delete", "last"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_code_2_and_changes_nothing(
    run: Run, sheet: Any, arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())
    ran = run("visit", *arguments)
    assert ran.code == 2
    assert ran.document["error"]["next"]
    assert run("visit", "list").document == {"visits": [sheet]}
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_open_questions_are_carried_over(run: Run, sheet: Any) -> None:
    run("visit", "edit", sheet["id"], "--tick", "1", "--add", "Can I fly?")
    for ran in (run("visit", "carry-over", sheet["id"]), run("visit", "new", "--carry-over", sheet["id"])):
        made = ran.document["visit"]
        assert made["carried_from"] == sheet["id"]
        assert "Can I fly?" in [question["text"] for question in made["questions"]]


@pytest.mark.parametrize(
    ("name", "form", "begins"),
    [
        ("sheet.md", None, b"# Visit with Dr. Okafor, Jan 2027"),
        ("sheet.txt", None, b"Visit with Dr. Okafor, Jan 2027\n="),
        ("sheet.pdf", None, b"%PDF-"),
        ("sheet", "large", b"%PDF-"),
        ("sheet.dat", "text", b"Visit with"),
    ],
)
def test_a_sheet_is_written_where_named_after_a_warning(
    run: Run, sheet: Any, tmp_path: Path, name: str, form: str | None, begins: bytes
) -> None:
    file = tmp_path / name
    ran = run("visit", "export", sheet["id"], str(file), "--yes", *(["--format", form] if form else []))
    assert (ran.code, ran.document["files"]) == (0, [str(file)])
    assert "not encrypted" in ran.err
    assert file.read_bytes().startswith(begins)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = run("visit", "export", sheet["id"], str(file), "--format", "md", "--yes")
    assert again.code == 1
    assert file.read_bytes().startswith(begins)


def test_a_folder_that_is_not_there_is_said_so(run: Run, sheet: Any, tmp_path: Path) -> None:
    ran = run("visit", "export", sheet["id"], str(tmp_path / "nowhere" / "sheet.md"), "--yes")
    assert ran.code == 1
    assert ran.document["error"]["next"]


def test_a_sheet_is_deleted_for_good(run: Run, sheet: Any) -> None:
    assert run("visit", "delete", sheet["id"], "--yes").document == {"removed": {"visit": sheet["id"]}}
    assert run("visit", "list").document == {"visits": []}
    kinds = [entry["kind"] for entry in run("ledger").document["entries"]]
    assert [kind for kind in kinds if kind.startswith("visit sheet")] == [
        "visit sheet made",
        "visit sheet deleted",
    ]


def test_an_empty_vault_has_an_empty_sheet(run: Run) -> None:
    run("init")
    made = run("visit", "new").document["visit"]
    assert (made["questions"], made["changes"], made["bring"]) == ([], [], [])
    assert (
        "No allergy stands in my records. That doesn't mean that I have none."
        in run("visit", "show", "last", plain=True).out
    )


def test_without_a_vault_it_is_code_4(run: Run) -> None:
    assert run("visit", "list").code == 4
