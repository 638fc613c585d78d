"""A reason that is told by address only is named where the condition itself may be seen."""

from pathlib import Path
from typing import Any

import pytest

from assistant.records.model import Category
from assistant.sharing.reader import SharedReader
from assistant.vault.query import Atom, Reach, RecordQuery
from assistant.vault.records import RecordStore
from tests.fakes import small
from tests.invariants.twins import Side

BOTH = (Atom(Category.CONDITIONS), Atom(Category.MEDICATIONS))


def reason_told(home: Path, reach: Reach, **condition: Any) -> list[str]:
    """What a reader with this reach says a medicine is for."""
    side = Side(home)
    medicine = small.medication(
        "m1", "312961", "Simvastatin 20 MG", "2020-01-02", reasonReference=[{"reference": "Condition/c1"}]
    )
    held = small.condition("c1", "55822004", "Hyperlipidemia", "2019-05-01", **condition)
    side.bring("mercy", [medicine, held])
    with side.house.vault.read() as session:
        (found,) = SharedReader(RecordStore(session), reach).find(RecordQuery(kinds=("MedicationRequest",)))
    side.close()
    return [element.text for element in found.elements if element.label == "for"]


def test_the_condition_is_named(tmp_path: Path) -> None:
    assert reason_told(tmp_path, BOTH) == ["Hyperlipidemia"]


@pytest.mark.parametrize(
    "reach",
    [
        (Atom(Category.MEDICATIONS),),
        (Atom(Category.CONDITIONS, since="2019-06-01"), Atom(Category.MEDICATIONS)),
        (Atom(Category.CONDITIONS, source="another"), Atom(Category.MEDICATIONS)),
    ],
    ids=["off", "before the day shared from", "of another source"],
)
def test_a_condition_out_of_reach_is_not(tmp_path: Path, reach: Reach) -> None:
    assert reason_told(tmp_path, reach) == []


def test_a_condition_marked_as_sensitive_is_not(tmp_path: Path) -> None:
    assert reason_told(tmp_path, BOTH, meta=small.SENSITIVE) == []


def test_a_condition_that_is_no_plain_fact_says_so(tmp_path: Path) -> None:
    (told,) = reason_told(tmp_path, BOTH, verificationStatus={"coding": [{"code": "refuted"}]})
    assert told.startswith("Hyperlipidemia (")
    assert "refuted" in told


def test_a_condition_entered_in_error_names_nothing(tmp_path: Path) -> None:
    wrong = {"coding": [{"code": "entered-in-error"}]}
    assert reason_told(tmp_path, BOTH, verificationStatus=wrong) == [""]
