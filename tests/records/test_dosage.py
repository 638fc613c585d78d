from typing import Any

import pytest

from assistant.records.fhir.dosage import dosage_words
from assistant.records.model import Category
from tests.records.samples import medication, record


def repeat(**given: Any) -> dict[str, Any]:
    return {"timing": {"repeat": given}}


@pytest.mark.parametrize(
    ("dosage", "words"),
    [
        ({"text": " Take one daily ", "route": {"text": "oral"}}, "Take one daily"),
        (repeat(frequency=1, period=1, periodUnit="d"), "once a day"),
        (repeat(frequency=2, period=1, periodUnit="d"), "twice a day"),
        (repeat(frequency=3, period=1, periodUnit="wk"), "3 times a week"),
        (repeat(frequency=1, period=6, periodUnit="h"), "every 6 hours"),
        (repeat(frequency=1, period=4, periodMax=6, periodUnit="h"), "every 4 to 6 hours"),
        (repeat(frequency=1, frequencyMax=2, period=1, periodUnit="d"), "1 to 2 times a day"),
        (repeat(when=["HS"], dayOfWeek=["mon", "fri"]), "at bedtime, on Monday, Friday"),
        (repeat(count=10), "10 times in all"),
        (repeat(count=1), "once"),
        ({"timing": {"code": {"text": "BID"}}}, "BID"),
        ({"doseAndRate": [{"doseQuantity": {"value": 2.5, "unit": "mg"}}]}, "dose 2.5 mg"),
        ({"doseAndRate": [{"doseQuantity": {"value": 1}}], "asNeededBoolean": True}, "dose 1, as needed"),
        (
            {"doseAndRate": [{"doseRange": {"low": {"value": 1}, "high": {"value": 2, "unit": "tab"}}}]},
            "dose 1 to 2 tab",
        ),
        (
            {
                "doseAndRate": [
                    {
                        "rateRatio": {
                            "numerator": {"value": 1, "unit": "L"},
                            "denominator": {"value": 8, "unit": "h"},
                        }
                    }
                ]
            },
            "rate 1 L per 8 h",
        ),
        ({"dose": {"value": 5, "unit": "mL"}, "route": {"text": "oral"}}, "dose 5 mL, oral"),
        (
            {"additionalInstruction": [{"text": "with food"}], "patientInstruction": "Swallow whole"},
            "with food, Swallow whole",
        ),
        ({"asNeededBoolean": False}, None),
        ({}, None),
        ("daily", None),
        (repeat(frequency="x", period={}, when=[5], dayOfWeek=["someday"]), None),
    ],
)
def test_a_dose_reads_as_its_text_or_as_its_structure_says(dosage: Any, words: str | None) -> None:
    assert dosage_words(dosage) == words


def test_what_a_dose_is_for_is_not_in_its_words() -> None:
    told = medication(
        dosageInstruction=[{"asNeededCodeableConcept": {"text": "migraine"}, "route": {"text": "oral"}}]
    )
    found = record(told)
    assert {(item.category, item.text) for item in found.elements} == {
        (Category.MEDICATIONS, "as needed, oral"),
        (Category.CONDITIONS, "migraine"),
    }
