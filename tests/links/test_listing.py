"""The list of records: what it shows, in which order, and what each line and each series says."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from assistant.links.glance import Mark, row_of
from assistant.links.listing import UNDATED, Listing, Order
from assistant.records.event import part_series_key, series_key
from assistant.records.model import (
    Category,
    Coding,
    Part,
    Quantity,
    Record,
    ReferenceRange,
    Trust,
    Value,
    ValueKind,
    When,
)
from assistant.sharing.merge import merge
from assistant.vault.query import EVERYTHING, NewRecord, RecordQuery
from assistant.vault.raws import NewRaw, RawStore
from assistant.vault.records import RecordStore
from assistant.vault.vault import Vault
from tests.vault.helpers import make_vault, new, record

LOINC = "http://loinc.org"
LDL = (Coding(LOINC, "18262-6", "LDL"),)


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    made = make_vault(tmp_path / "home")
    yield made
    made.close()


def fill(vault: Vault, rows: Sequence[NewRecord]) -> Listing:
    with vault.write() as session:
        RecordStore(session).add(rows)
        RawStore(session).add([raw_of(row) for row in rows])
    return Listing(vault)


def raw_of(row: NewRecord) -> NewRaw:
    return NewRaw(row.source, 1, "file", "entry", "json", None, None, None, None, "record", b"", b"{}")


def value(digits: str, unit: str = "mg/dL", comparator: str | None = None) -> Value:
    return Value(ValueKind.QUANTITY, Quantity(digits, comparator, unit, unit))


def measured(id: str, digits: str, day: str, **rest: object) -> Record:  # noqa: A002
    members: dict[str, object] = {"codes": LDL, "value": value(digits), "when": When(day), **rest}
    made = record(id, **members)  # type: ignore[arg-type]
    return record(id, **members, series=series_key(made))  # type: ignore[arg-type]


def kept(made: Record, **rest: object) -> NewRecord:
    """As an import keeps it: found by its title and its codes."""
    from assistant.records.words import index_texts

    return new(made, *index_texts(made), day=made.when.start or "", **rest)  # type: ignore[arg-type]


def test_each_order_is_as_it_says_and_the_undated_stand_last(vault: Vault) -> None:
    days = {"pear": "2020-01-01", "Apple": "2024-01-01", "fig": "", "banana": "2022-01-01"}
    listing = fill(vault, [new(record(title, title=title), day=day) for title, day in days.items()])
    assert listing.find(RecordQuery()).ids == ("Apple", "banana", "pear", "fig")
    assert listing.find(RecordQuery(), Order.OLDEST).ids == ("pear", "banana", "Apple", "fig")
    assert listing.find(RecordQuery(), Order.TITLE).ids == ("Apple", "banana", "fig", "pear")


@pytest.mark.parametrize(
    ("query", "year", "expected"),
    [
        (RecordQuery(words=("chol",), prefix=True), None, {"ldl", "hdl"}),
        (RecordQuery(words=("chol", "l"), prefix=True), None, {"ldl"}),
        (RecordQuery(words=("chol",)), None, set()),
        (RecordQuery(categories=(Category.NOTES,)), None, {"note", "undated"}),
        (RecordQuery(categories=(Category.NOTES,), words=("chol",), prefix=True), None, set()),
        (RecordQuery(since="2021-01-01"), None, {"hdl", "note"}),
        (RecordQuery(until="2021-12-31"), None, {"ldl", "hdl"}),
        (RecordQuery(), "2021", {"hdl"}),
        (RecordQuery(), UNDATED, {"undated"}),
        (RecordQuery(words=("chol",), prefix=True), "2022", set()),
        (RecordQuery(limit=1, offset=1), None, {"ldl", "hdl", "note", "undated"}),
    ],
)
def test_a_list_shows_what_is_asked_for(
    vault: Vault, query: RecordQuery, year: str | None, expected: set[str]
) -> None:
    listing = fill(
        vault,
        [
            new(record("ldl"), (Category.LABS, "cholesterol ldl", ""), day="2020-02-03"),
            new(record("hdl"), (Category.LABS, "cholesterol hdl", ""), day="2021-02-03"),
            new(record("note", Category.NOTES), (Category.NOTES, "a note", ""), day="2022-02-03"),
            new(record("undated", Category.NOTES), day=""),
        ],
    )
    found = listing.find(query, year=year)
    assert set(found.ids) == expected
    assert found.total == 4


def test_counts_say_what_each_category_would_show(vault: Vault) -> None:
    rows = [new(record(f"l{n}"), day=f"202{n}-01-01") for n in range(3)]
    listing = fill(vault, [*rows, new(record("n", Category.NOTES), day="2020-01-01")])
    both = {Category.LABS: 3, Category.NOTES: 1}
    assert listing.find(RecordQuery()).counts == both
    assert listing.find(RecordQuery(categories=(Category.NOTES,))).counts == both
    assert listing.find(RecordQuery(), year="2020").counts == {Category.LABS: 1, Category.NOTES: 1}
    years = listing.years()
    assert [(year.year, year.total) for year in years] == [("2022", 1), ("2021", 1), ("2020", 2)]


def told_by_several(seed: int) -> list[NewRecord]:
    """Records of three sources, many of which tell of the same few events."""
    chance = random.Random(seed)
    rows = []
    for n in range(60):
        event = chance.choice(["", *(f"e{at}" for at in range(12))])
        day = f"20{10 + (int(event[1:]) if event else n) % 12}-01-01"
        made = record(
            f"r{n}",
            chance.choice((Category.LABS, Category.VITALS)),
            chance.choice(("LDL", "HDL", "ldl")),
            event=event,
            value=value(chance.choice(("1", "2"))),
            interpretation=chance.choice(((), ("H",))),
            recorded=chance.choice((None, "2020-01-01")),
            when=When(day),
        )
        rows.append(new(made, source=chance.choice(("s1", "s2", "s3")), raw=n, day=day))
    return rows


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize(
    "query", [RecordQuery(), RecordQuery(words=("ldl",)), RecordQuery(categories=(Category.VITALS,))]
)
def test_an_event_told_by_several_stands_once_as_merging_everything_gives_it(
    vault: Vault, seed: int, query: RecordQuery
) -> None:
    listing = fill(vault, told_by_several(seed))
    with vault.read() as session:
        store = RecordStore(session)
        everything = merge(store.find(EVERYTHING, RecordQuery()))
        matching = [row.record.id for row in store.find(EVERYTHING, query)]
    told_as = {row.record.id: merged for merged in everything for row in merged.told_by}
    expected = {told_as[name].record.id: told_as[name] for name in matching}
    found = listing.find(query)
    assert found.ids == tuple(expected)
    assert found.total == len(everything)
    assert {m.record.id: m for m in listing.page(found.ids)} == expected
    assert sum(year.total for year in listing.years()) >= found.total


def test_what_comes_in_or_goes_shows_at_once(vault: Vault) -> None:
    listing = fill(vault, [new(record("a"), raw=1)])
    assert listing.find(RecordQuery()).ids == ("a",)
    fill(vault, [new(record("b"), raw=2, source="s2")])
    assert set(listing.find(RecordQuery()).ids) == {"a", "b"}
    with vault.write() as session:
        RecordStore(session).remove([1])
    assert listing.find(RecordQuery()).ids == ("b",)
    rows = listing.rows(("a", "b"))
    assert [(row.id, row.title) for row in rows] == [("a", "No longer among your records"), ("b", "LDL")]


@pytest.mark.parametrize(
    ("trust", "status", "says"),
    [
        (Trust.ERROR, "entered-in-error", "entered in error"),
        (Trust.REFUTED, "refuted", "refuted"),
        (Trust.FAMILY, "completed", "family history"),
        (Trust.PLANNED, "booked", "planned: booked"),
        (Trust.PLANNED, "order", "ordered, not known to be done: order"),
        (Trust.NOT_DONE, "not-done", "not done"),
        (Trust.UNCONFIRMED, "preliminary", "not confirmed: preliminary"),
    ],
)
def test_a_line_says_what_is_not_plain_fact(trust: Trust, status: str, says: str) -> None:
    row = row_of(record("a", trust=trust, status=status, value=value("148")))
    assert (row.value, row.state, row.doubtful) == ("148 mg/dL", says, True)


def test_a_line_keeps_date_precision_comparator_and_unit() -> None:
    made = record("a", when=When("2019-05"), value=value("5.40", "mm[Hg]", "<"), interpretation=("HH",))
    row = row_of(made)
    assert (row.date, row.value, row.mark) == ("May 2019", "<5.40 mm[Hg]", Mark.HIGH)
    assert row.flags == "far above the lab's range (critical)"
    assert row_of(record("b", when=When(None, "2020"))).date == "–2020"
    assert row_of(record("c", interpretation=("N",))).flags == ""


def pressure(id: str, day: str, high: str, low: str, **rest: object) -> Record:  # noqa: A002
    parts = (
        Part("Systolic", (Coding(LOINC, "8480-6"),), value(high, "mm[Hg]")),
        Part("Diastolic", (Coding(LOINC, "8462-4"),), value(low, "mm[Hg]")),
    )
    assert part_series_key(parts[0])
    members: dict[str, object] = {"parts": parts, "when": When(day), **rest}
    return record(id, Category.VITALS, "Blood pressure", **members)


def test_a_blood_pressure_is_one_value_in_a_line_and_two_series(vault: Vault) -> None:
    first, second = pressure("a", "2020-01-01", "120", "80"), pressure("b", "2021-01-01", "130", "85")
    wrong = pressure("c", "2020-06-01", "999", "1", trust=Trust.ERROR)
    listing = fill(vault, [kept(first), kept(second), kept(wrong)])
    assert row_of(second).value == "130/85 mm[Hg]"
    assert row_of(wrong).value == "999/1 mm[Hg]"
    systolic, diastolic = listing.series_of(second)
    assert [(s.title, s.unit) for s in (systolic, diastolic)] == [
        ("Systolic", "mm[Hg]"),
        ("Diastolic", "mm[Hg]"),
    ]
    assert [point.number for point in systolic.points] == [120, 130]
    assert [point.shown for point in diastolic.points] == ["80 mm[Hg]", "85 mm[Hg]"]


def test_a_series_holds_one_unit_only_facts_and_what_says_that_it_is_not_confirmed(vault: Vault) -> None:
    low_high = (ReferenceRange(Quantity("3", None, "mg/dL"), Quantity("5", None, "mg/dL")),)
    rows = [
        measured("a", "1.234", "2019"),
        measured("b", "7", "2020-03-01", ranges=low_high, interpretation=("H",)),
        measured("c", "9", "2021-01-01", trust=Trust.ERROR),
        measured("d", "8", "2022-01-01", trust=Trust.UNCONFIRMED, status="preliminary"),
        measured("e", "3", "2022-01-01", value=value("3", "mmol/L")),
        measured("f", "4", "2023-01-01", value=value("4", comparator="<")),
        measured("g", "5", ""),
    ]
    listing = fill(vault, [kept(row) for row in rows])
    (series,) = listing.series_of(rows[0])
    assert [point.record for point in series.points] == ["a", "b", "d", "f"]
    a, b, d, f = series.points
    assert (a.when, a.shown, a.range) == ("2019", "1.23 mg/dL", "")
    assert (b.low, b.high, b.mark, b.range) == (3.0, 5.0, Mark.HIGH, "3 to 5 mg/dL")
    assert (d.state, f.bound, f.shown) == ("not confirmed: preliminary", "<", "<4 mg/dL")
    assert listing.series_of(record("x", title="Note")) == ()


def test_a_range_in_another_unit_is_no_band(vault: Vault) -> None:
    other = (ReferenceRange(Quantity("3", None, "mmol/L"), Quantity("5", None, "mmol/L")),)
    made = measured("a", "7", "2020-03-01", ranges=other)
    (series,) = fill(vault, [kept(made)]).series_of(made)
    (point,) = series.points
    assert (point.low, point.high, point.range) == (None, None, "3 to 5 mmol/L")


def test_a_trail_ends_in_the_record_itself(vault: Vault) -> None:
    rows = [measured(f"r{n:02}", str(n), f"20{n:02}-01-01") for n in range(1, 21)]
    wrong = measured("wrong", "500", "2010-06-01", trust=Trust.ERROR)
    listing = fill(vault, [kept(row) for row in (*rows, wrong)])
    trails = listing.trails(["r01", "r03", "r20", "wrong"])
    assert trails == {"r03": (1, 2, 3), "r20": tuple(range(9, 21))}
    fill(vault, [kept(measured("r00", "0", "2000-01-01"))])
    assert listing.trails(["r01"]) == {"r01": (0, 1)}


def test_a_value_told_by_two_sources_is_one_point(vault: Vault) -> None:
    twice = [measured(name, "7", "2020-03-01", event="e") for name in ("a", "b")]
    later = measured("c", "8", "2021-03-01")
    rows = [kept(made, source=f"s{n}") for n, made in enumerate((*twice, later))]
    listing = fill(vault, rows)
    (series,) = listing.series_of(later)
    assert [point.number for point in series.points] == [7, 8]
    assert len(listing.find(RecordQuery()).ids) == 2
