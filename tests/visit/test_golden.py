"""Golden patients have golden visit sheets."""

import re
from pathlib import Path

import pytest

from tests.visit.golden import PATIENTS, Patient, path_of, sheet_of

SAMPLE, *OTHERS = PATIENTS


def test_the_sample_patients_sheet() -> None:
    assert sheet_of(SAMPLE, None) == path_of(SAMPLE).read_text()


@pytest.mark.parametrize("patient", OTHERS, ids=lambda patient: patient.file)
def test_a_synthetic_patients_sheet(patient: Patient, material: Path) -> None:
    assert sheet_of(patient, material) == path_of(patient).read_text()


@pytest.mark.parametrize("patient", PATIENTS, ids=lambda patient: patient.file)
def test_every_date_has_its_month_by_name(patient: Patient) -> None:
    assert not re.search(r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b", path_of(patient).read_text())


def test_what_is_in_error_refuted_or_of_the_family_is_not_on_the_sample_sheet() -> None:
    sheet = path_of(SAMPLE).read_text()
    for told_otherwise in ("9.9", "Type 1 diabetes", "Asthma", "Penicillin", "Heart attack", "Breast cancer"):
        assert told_otherwise not in sheet
