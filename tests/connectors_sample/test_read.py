"""Read as records, the sample fills the screen of the design and shows every turn that a record can take."""

from collections import Counter

import pytest

from assistant.records.decode import decode
from assistant.records.model import Category, Record, Supporting, Trust
from assistant.records.person import Match, compare, read_person
from assistant.records.read import names_used, read
from connectors.model import SourceRecord

Read = dict[str, Record | Supporting]


def _read(records: list[SourceRecord]) -> Read:
    named: dict[str, Supporting] = {}
    done: Read = {}
    for record in records:
        resource = decode(record.body)
        # Whoever is named comes first in the sample, so that one pass is enough.
        assert all(name in named or name.startswith("Patient/") for name in names_used(resource))
        key = f"{record.type}/{record.id}"
        result = read(resource, id=key, resolve=named.get)
        assert isinstance(result, Record | Supporting), key
        if isinstance(result, Supporting):
            named[key] = result
        done[key] = result
    return done


@pytest.fixture
def mercy(mercy_records: list[SourceRecord]) -> dict[str, Record]:
    """The hospital's records."""
    return {key: value for key, value in _read(mercy_records).items() if isinstance(value, Record)}


@pytest.fixture
def quest(quest_records: list[SourceRecord]) -> dict[str, Record]:
    """The laboratory's records."""
    return {key: value for key, value in _read(quest_records).items() if isinstance(value, Record)}


def test_every_category_is_there(mercy: dict[str, Record]) -> None:
    assert {record.category for record in mercy.values()} == set(Category)


def test_the_counts_are_those_of_the_designs_screen(mercy: dict[str, Record]) -> None:
    counts = Counter(record.category for record in mercy.values())
    assert counts[Category.MEDICATIONS] == 7
    assert counts[Category.CONDITIONS] == 12
    assert counts[Category.VITALS] == 233
    assert counts[Category.NOTES] == 9
    assert counts[Category.LABS] >= 41


def test_every_degree_of_trust_is_there(mercy: dict[str, Record]) -> None:
    assert {record.trust for record in mercy.values()} == set(Trust)


def test_both_sources_are_one_person(
    mercy_records: list[SourceRecord], quest_records: list[SourceRecord]
) -> None:
    ours = read_person(decode(mercy_records[0].body), None)
    theirs = read_person(decode(quest_records[0].body), None)
    assert ours.name == "Nadia Brandt"
    assert ours.born == "1968-05-17"
    assert compare(ours, theirs) is Match.SAME


def test_the_laboratorys_results_are_the_hospitals_copies(
    mercy: dict[str, Record], quest: dict[str, Record]
) -> None:
    ours = {record.event for record in mercy.values() if record.event}
    repeated = {key for key, record in quest.items() if record.event in ours}
    assert set(quest) - repeated == {"Patient/q-7730184", "Observation/q-a1c-2024-02-06"}


def test_no_two_records_of_one_source_are_one_event(mercy: dict[str, Record]) -> None:
    events = [record.event for record in mercy.values() if record.event]
    assert len(set(events)) == len(events)


def test_sensitive_records_are_labelled(mercy: dict[str, Record]) -> None:
    assert "PSY" in mercy["DocumentReference/note-behavioral-health"].labels
    assert "PSY" in mercy["Condition/condition-depression"].labels


def test_names_stand_where_a_reference_was(mercy: dict[str, Record]) -> None:
    assert mercy["MedicationRequest/prescription-losartan"].title == "Losartan 50 mg tablet"
