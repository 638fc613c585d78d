"""Compressed tables: what they say comes out whole, and what can't be read for certain is named."""

from datetime import date

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.mcp import rows, windows
from connectors.mcp.healthex import NOT_A_TABLE, HealthEx
from connectors.mcp.pipe_table import TOO_MANY, UNKNOWN_ENTRY, missing, read_tables
from connectors.mcp.reader import Asking
from connectors.mcp.rows import AS_WRITTEN, Sort
from connectors.mcp.windows import Window
from tests.fakes.healthex.tables import Cells, table

TODAY = date(2026, 11, 22)
CELL = st.text("abc µ%/.<>-0123456789", min_size=1, max_size=8).map(str.strip).filter(bool)
ROW = st.fixed_dictionaries({"Date": st.dates().map(date.isoformat), "Name": CELL, "Value": CELL})


@settings(max_examples=150, deadline=None)
@given(st.lists(ROW, max_size=12))
def test_what_was_written_is_read(written: list[Cells]) -> None:
    tables, around = read_tables(table("Labs", 3, written) + "\n\nMore data available: No")
    assert [row.cells for row in tables[0].rows] == written
    assert tables[0].total == len(written)
    assert tables[0].problems == ()
    assert not windows.more(around)


def test_a_row_that_uses_an_unknown_abbreviation_is_left_out_alone() -> None:
    (read,), _ = read_tables("#Labs 3y|Total:2\nD:1=2026-01-02\nDate|Name\n@1|@7\n@1|Potassium")
    assert [row.cells["Name"] for row in read.rows] == ["Potassium"]
    assert [(one.at, one.text) for one in read.problems] == [("table 1, row 1", UNKNOWN_ENTRY)]


def test_no_date_is_taken_from_a_row_that_could_not_be_read() -> None:
    (read,), _ = read_tables("#Labs 3y\nDate|Name\n2026-01-02|A\n@9|B\n|C\n2025-01-01|D|extra\n|E")
    assert {row.cells["Name"]: row.cells.get("Date") for row in read.rows} == {
        "A": "2026-01-02",
        "C": None,
        "E": None,
    }
    assert [one.text for one in read.problems] == [UNKNOWN_ENTRY, TOO_MANY]


def test_a_blank_first_row_has_no_date_and_other_blanks_stay_blank() -> None:
    (read,), _ = read_tables("#Labs 3y|Total:3\nDate|Name|Unit\n|A|mg\n2026-01-02|B|mmol\n|C|")
    assert [row.cells for row in read.rows] == [
        {"Name": "A", "Unit": "mg"},
        {"Date": "2026-01-02", "Name": "B", "Unit": "mmol"},
        {"Date": "2026-01-02", "Name": "C"},
    ]


@pytest.mark.parametrize(("total", "short"), [(1, False), (2, False), (3, True)])
def test_a_table_that_speaks_of_more_than_it_holds(total: int, short: bool) -> None:
    (read,), _ = read_tables(f"#Labs 3y|Total:{total}\nDate|Name\n2026-01-02|A\n2026-01-03|B")
    assert (missing(read) is not None) is short


def _events(*cells: Cells) -> tuple[rows.Event, ...]:
    tables, _ = read_tables(table("Labs", 3, list(cells)))
    return rows.events(Sort("get_labs", "Observation", "laboratory"), tables)[0]


def test_repeats_are_one_event_and_fill_one_another() -> None:
    base = {"Date": "2026-01-02", "Name": "Potassium", "Value": "4.1", "Unit": ""}
    (event,) = _events(base, base | {"Unit": "mmol/L"}, base)
    assert event.cells["unit"] == "mmol/L"
    assert len(event.written) == 2


def test_rows_that_contradict_one_another_both_stay() -> None:
    base = {"Date": "2026-01-02", "Name": "Visit", "Provider": "Dr. Ito"}
    found = _events(base, base | {"Provider": "Dr. Ray"}, base)
    assert {event.cells["person"] for event in found} == {"Dr. Ito", "Dr. Ray"}
    assert len({event.id for event in found}) == 2
    again = _events(base | {"Provider": "Dr. Ray"}, base)
    assert {event.id for event in again} == {event.id for event in found}


def read_one(tool: str, cells: Cells) -> dict[str, object]:
    """The one resource that a row becomes."""
    answer = HealthEx("Patient/me").read(Asking(tool, tool, tool), table("T", 3, [cells]))
    (item,) = answer.items
    resource: dict[str, object] = msgspec.json.decode(item.record.body)
    return resource


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("4.10", "mmol/L", {"valueQuantity": {"value": 4.1, "unit": "mmol/L"}}),
        ("<0.5", "", {"valueQuantity": {"value": 0.5, "comparator": "<"}}),
        ("5.4 %", "", {"valueQuantity": {"value": 5.4, "unit": "%"}}),
        ("5.4 %", "mmol/L", {"valueString": "5.4 % mmol/L"}),
        ("120/80", "mmHg", {"valueString": "120/80 mmHg"}),
        ("Negative", "", {"valueString": "Negative"}),
        ("007", "", {"valueString": "007"}),
        ("", "mg", {}),
    ],
)
def test_a_value_keeps_what_the_row_says(value: str, unit: str, expected: dict[str, object]) -> None:
    resource = read_one("get_labs", {"Date": "2026-01-02", "Name": "X", "Value": value, "Unit": unit})
    assert {key: said for key, said in resource.items() if key.startswith("value")} == expected


def test_digits_are_kept_as_they_were_written() -> None:
    cells = {"Date": "2026-01-02", "Name": "X", "Value": "4.10"}
    answer = HealthEx("Patient/me").read(Asking("get_labs", "get_labs", ""), table("T", 3, [cells]))
    assert b'"value":4.10' in answer.items[0].record.body


@pytest.mark.parametrize(
    ("tool", "key"),
    [
        ("get_labs", "status"),
        ("get_medications", "status"),
        ("get_procedures", "status"),
        ("get_visits", "status"),
    ],
)
def test_a_status_that_the_row_does_not_have_is_unknown(tool: str, key: str) -> None:
    assert read_one(tool, {"Date": "2026-01-02", "Name": "X"})[key] == "unknown"
    assert read_one(tool, {"Date": "2026-01-02", "Name": "X", "Status": "odd"})[key] == "unknown"


def test_nothing_is_said_of_a_condition_beyond_the_row() -> None:
    resource = read_one("get_conditions", {"Date": "2026-01-02", "Name": "Asthma"})
    assert not {"clinicalStatus", "verificationStatus", "severity", "onsetDateTime"} & resource.keys()
    assert resource["recordedDate"] == "2026-01-02"


def test_a_date_that_is_none_is_kept_in_the_source_s_words_only() -> None:
    resource = read_one("get_labs", {"Date": "last spring", "Name": "X", "Value": "1"})
    assert "effectiveDateTime" not in resource
    assert "last spring" in str(resource["extension"])


def test_the_row_stands_in_the_record_as_it_was_written() -> None:
    resource = read_one("get_labs", {"Date": "2026-01-02", "Name": "X", "Lab notes": "hemolyzed"})
    (extension,) = resource["extension"]  # type: ignore[misc]
    said = {part["url"]: part["valueString"] for part in extension["extension"]}  # type: ignore[has-type]
    assert extension["url"] == AS_WRITTEN  # type: ignore[has-type]
    assert said == {
        "tool": "get_labs",
        "header": "Date|Name|Lab notes",
        "row": "2026-01-02|X|hemolyzed",
    }
    assert resource["note"] == [{"text": "Lab notes: hemolyzed"}]


def test_an_answer_that_is_no_table_is_kept_as_a_document() -> None:
    reader = HealthEx("Patient/me")
    answer = reader.read(Asking("get_labs", "get_labs", "Lab results"), '{"results": []}')
    assert [item.record.type for item in answer.items] == ["DocumentReference"]
    assert [problem.text for problem in answer.problems] == [NOT_A_TABLE]
    nothing = reader.read(Asking("get_labs", "get_labs", "Lab results"), "No lab results found.")
    assert (nothing.items, nothing.problems) == ((), ())


@pytest.mark.parametrize(
    ("said", "days", "before"),
    [
        ('More data available: Yes\nget_labs(beforeDate="2023-11-22", years=3)', (), "2023-11-22"),
        ("More data available: Yes. Use beforeDate: 2020-01-01 and years: 5", (), "2020-01-01"),
        ("More data available: yes", ("2025-03-04", "2024-02-02T10:00:00Z"), "2024-02-03"),
        ("More data available: Yes", (), "2023-11-23"),
    ],
)
def test_the_next_window_is_where_the_answer_says(said: str, days: tuple[str, ...], before: str) -> None:
    following = windows.after(Window(), said, days, TODAY)
    assert following.window is not None
    assert following.window.arguments["beforeDate"] == before


@pytest.mark.parametrize("said", ["", "More data available: No", "No more data available."])
def test_without_more_it_ends(said: str) -> None:
    assert windows.after(Window(), said, (), TODAY) == windows.NextWindow(None)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.dates(), min_size=1, max_size=5), st.booleans())
def test_whatever_a_server_says_its_windows_end(days: list[date], named: bool) -> None:
    """A server that always has more, and points wherever it likes."""
    window: Window | None = Window()
    count = 0
    while window is not None:
        count += 1
        pointed = f' beforeDate="{days[count % len(days)]}"' if named else ""
        came = () if named else (days[count % len(days)].isoformat(),)
        window = windows.after(window, "More data available: Yes" + pointed, came, TODAY).window
        assert count <= windows.MOST
