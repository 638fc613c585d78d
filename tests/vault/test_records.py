"""Records: kept, found, counted and dropped; the order is by date, title and content."""

import random
from collections.abc import Sequence

import pytest

from assistant.records.model import Category, Coding, Element, Quantity, Value, ValueKind
from assistant.records.words import code_token
from assistant.vault.query import EVERYTHING, Atom, NewRecord, Reach, RecordQuery
from assistant.vault.records import RecordStore
from assistant.vault.rows import Rows
from assistant.vault.vault import Vault
from tests.vault.helpers import new, record

LOINC = "http://loinc.org"
LABS: Reach = (Atom(Category.LABS),)
MEDICATIONS: Reach = (Atom(Category.MEDICATIONS),)


def fill(vault: Vault, rows: Sequence[NewRecord]) -> None:
    with vault.write() as session:
        RecordStore(session).add(rows)


def found(vault: Vault, query: RecordQuery | None = None, reach: Reach = EVERYTHING) -> list[str]:
    """Ids found, after checking that the count agrees."""
    query = query or RecordQuery()
    with vault.read() as session:
        store = RecordStore(session)
        rows = store.find(reach, query)
        if query.limit is None and not query.offset:
            assert store.count(reach, query) == len(rows)
    return [row.record.id for row in rows]


def quantity(digits: str) -> Value:
    return Value(ValueKind.QUANTITY, Quantity(digits, None, "mg/dL"))


def test_a_record_comes_back_as_it_was(vault: Vault) -> None:
    kept = record(
        "a",
        codes=(Coding(LOINC, "18262-6", "LDL µ"),),
        value=quantity("5.40"),
        elements=(Element(Category.CONDITIONS, "Observation.reason", "for", "diabetes\n2"),),
        labels=("R",),
        event="e1",
        series="ldl mg/dL",
    )
    fill(vault, [new(kept, raw=7, source="s9")])
    with vault.read() as session:
        stored = RecordStore(session).by_id("a")
    assert stored is not None
    assert (stored.record, stored.raw, stored.source) == (kept, 7, "s9")


def test_the_newest_comes_first_and_the_undated_last(vault: Vault) -> None:
    days = ["2020-01-02", "", "2024-05-06", "2019-12-31", "2024-05-07"]
    rows = [new(record(day or "undated"), day=day) for day in days]
    random.Random(3).shuffle(rows)
    fill(vault, rows)
    assert found(vault) == [*sorted(filter(None, days), reverse=True), "undated"]


def test_one_day_is_ordered_by_title_then_value_whatever_the_ids(vault: Vault) -> None:
    fill(
        vault,
        [
            new(record("1", title="B", value=quantity("2"))),
            new(record("2", title="B", value=quantity("1"))),
            new(record("3", title="A", value=quantity("9"))),
        ],
    )
    assert found(vault) == ["3", "2", "1"]


def test_pages_put_together_are_the_whole(vault: Vault) -> None:
    numbers = random.Random(1).sample(range(1000), 100)
    fill(vault, [new(record(f"r{n}", title=f"T{n % 7}"), day=f"20{n % 20:02}-01-01") for n in numbers])
    whole = found(vault)
    pages = [found(vault, RecordQuery(limit=17, offset=offset)) for offset in range(0, 100, 17)]
    assert [one for page in pages for one in page] == whole
    assert len(whole) == 100
    assert found(vault, RecordQuery(offset=90)) == whole[90:]
    assert found(vault, RecordQuery(words=("t3",), limit=3)) == found(vault, RecordQuery(words=("t3",)))[:3]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (RecordQuery(categories=(Category.LABS,)), {"ldl", "hdl"}),
        (RecordQuery(categories=()), set()),
        (RecordQuery(words=("cholesterol",)), {"ldl", "hdl"}),
        (RecordQuery(words=("cholesterol", "ldl")), {"ldl"}),
        (RecordQuery(words=("metformin", "ldl")), set()),
        (RecordQuery(words=("metformin", "ldl"), any_words=True), {"ldl", "met"}),
        (RecordQuery(words=("chol",)), set()),
        (RecordQuery(words=("chol",), prefix=True), {"ldl", "hdl"}),
        (RecordQuery(words=("chol", "met"), prefix=True, any_words=True), {"ldl", "hdl", "met"}),
        (RecordQuery(words=("metformin", "diabetes")), {"met"}),
        (RecordQuery(words=("diabetes",), categories=(Category.MEDICATIONS,)), {"met"}),
        (RecordQuery(codes=((LOINC, "18262-6"),)), {"ldl"}),
        (RecordQuery(codes=((LOINC, "18262-6"), (LOINC, "2085-9"))), {"ldl", "hdl"}),
        (RecordQuery(codes=((LOINC, "18262-6"),), words=("hdl",)), set()),
        (RecordQuery(words=("18262",)), set()),
        (RecordQuery(since="2021-01-01"), {"hdl", "met"}),
        (RecordQuery(until="2021-01-01"), {"ldl"}),
        (RecordQuery(since="2020-03-01", until="2022-01-01"), {"hdl"}),
        (RecordQuery(ids=("ldl", "none")), {"ldl"}),
        (RecordQuery(ids=()), set()),
        (RecordQuery(events=("e1", "")), {"ldl"}),
        (RecordQuery(series=("",)), set()),
        (RecordQuery(series=("hdl mg/dL",)), {"hdl"}),
        (RecordQuery(kinds=("MedicationRequest",)), {"met"}),
        (RecordQuery(words=("***", "---")), set()),
        (RecordQuery(words=('"', "cholesterol")), {"ldl", "hdl"}),
        (RecordQuery(words=("choles OR ldl",)), set()),
        (RecordQuery(words=("total-cholesterol",)), {"ldl"}),
    ],
)
def test_a_query_finds_what_it_says(vault: Vault, query: RecordQuery, expected: set[str]) -> None:
    met = record("met", Category.MEDICATIONS, "Metformin", kind="MedicationRequest")
    fill(
        vault,
        [
            new(
                record("ldl", event="e1"),
                (Category.LABS, "ldl cholesterol total", code_token(LOINC, "18262-6")),
                day="2020-02-03",
            ),
            new(
                record("hdl", title="HDL", series="hdl mg/dL"),
                (Category.LABS, "hdl cholesterol", code_token(LOINC, "2085-9")),
                day="2021-02-03",
            ),
            new(
                met,
                (Category.MEDICATIONS, "metformin", ""),
                (Category.CONDITIONS, "diabetes", ""),
                day="2022-02-03",
            ),
            new(record("undated", Category.NOTES, "Note"), day=""),
        ],
    )
    assert set(found(vault, query)) == expected


def test_since_compares_the_earliest_day_and_until_the_latest(vault: Vault) -> None:
    row = NewRecord(record("year"), 1, "s1", "2019-01-01T00:00:00Z", "2019-01-01", "2019-12-31")
    fill(vault, [row])
    assert found(vault, RecordQuery(since="2019-01-01", until="2019-12-31")) == ["year"]
    assert found(vault, RecordQuery(since="2019-01-02")) == []
    assert found(vault, RecordQuery(until="2019-12-30")) == []
    assert found(vault, reach=(Atom(Category.LABS, since="2019-01-02"),)) == []


@pytest.mark.parametrize(
    ("reach", "expected"),
    [
        ((), set()),
        (LABS, {"plain", "s2"}),
        ((Atom(Category.LABS, labelled=True),), {"plain", "s2", "hiv"}),
        ((Atom(Category.LABS, source="s2"),), {"s2"}),
        ((Atom(Category.LABS, since="2020-01-01"),), {"s2"}),
        ((Atom(Category.LABS, record="plain"),), {"plain"}),
        ((Atom(Category.LABS, record="hiv"),), {"hiv"}),
        ((Atom(Category.LABS, record="hiv", source="s2"),), set()),
        ((Atom(Category.NOTES, record="hiv"),), set()),
        ((Atom(Category.LABS, source="s2"), Atom(Category.LABS, record="plain")), {"s2", "plain"}),
        ((Atom(Category.NOTES), Atom(Category.LABS, record="hiv")), {"hiv", "note"}),
    ],
)
def test_reach_is_the_union_of_its_atoms(vault: Vault, reach: Reach, expected: set[str]) -> None:
    fill(
        vault,
        [
            new(record("plain"), day="2019-01-01"),
            new(record("s2"), source="s2", day="2021-01-01"),
            new(record("hiv", labels=("HIV",)), day=""),
            new(record("note", Category.NOTES, "ldl note"), day=""),
        ],
    )
    assert set(found(vault, reach=reach)) == expected
    assert set(found(vault, RecordQuery(words=("ldl",)), reach)) == expected
    with vault.read() as session:
        store = RecordStore(session)
        assert sum(store.counts(reach).values()) == len(expected)
        assert [store.by_id(one, reach) is not None for one in ("plain", "hiv")] == [
            "plain" in expected,
            "hiv" in expected,
        ]


def test_a_word_of_an_element_counts_only_when_its_category_is_shared_too(vault: Vault) -> None:
    met = record("met", Category.MEDICATIONS, "Metformin")
    fill(
        vault, [new(met, (Category.MEDICATIONS, "metformin", ""), (Category.CONDITIONS, "diabetes", "s1_2"))]
    )
    word = RecordQuery(words=("diabetes",))
    both = RecordQuery(words=("diabetes", "metformin"))
    assert found(vault, word, MEDICATIONS) == []
    assert found(vault, both, MEDICATIONS) == []
    assert found(vault, word, (Atom(Category.CONDITIONS),)) == []
    for reach in (
        (*MEDICATIONS, Atom(Category.CONDITIONS)),
        (*MEDICATIONS, Atom(Category.CONDITIONS, source="s1")),
        (*MEDICATIONS, Atom(Category.CONDITIONS, record="met")),
    ):
        assert found(vault, word, reach) == ["met"]
        assert found(vault, both, reach) == ["met"]
    for elsewhere in (
        (*MEDICATIONS, Atom(Category.CONDITIONS, source="s2")),
        (*MEDICATIONS, Atom(Category.CONDITIONS, since="2024-06-01")),
        (*MEDICATIONS, Atom(Category.CONDITIONS, record="other")),
    ):
        assert found(vault, word, elsewhere) == []
        assert found(vault, both, elsewhere) == []


def test_removed_records_leave_no_words_behind(vault: Vault) -> None:
    fill(vault, [new(record("a"), raw=1), new(record("b"), raw=2), new(record("c"), raw=2)])
    with vault.write() as session:
        assert RecordStore(session).remove([2, 9]) == 2
    assert found(vault) == ["a"]
    assert found(vault, RecordQuery(words=("ldl",))) == ["a"]
    fill(vault, [new(record("d", title="HDL"), raw=3)])
    assert found(vault, RecordQuery(words=("ldl",))) == ["a"]
    with vault.read() as session:
        assert Rows(session).one("SELECT count(*) FROM record_text WHERE record_text MATCH 'ldl'") == 1


def test_adding_or_removing_nothing_is_nothing(vault: Vault) -> None:
    with vault.write() as session:
        RecordStore(session).add([])
        assert RecordStore(session).remove([]) == 0
    assert found(vault) == []
