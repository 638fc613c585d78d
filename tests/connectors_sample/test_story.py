"""The facts that the demo, the documentation and the guided questions rely on."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from tests.connectors_sample.conftest import Chart

LDL = "18262-6"
A1C = "4548-4"
POTASSIUM = "2823-3"


def _results(chart: Chart, loinc: str) -> list[dict[str, Any]]:
    found = [
        resource
        for resource in chart
        if resource["resourceType"] == "Observation"
        and any(coding["code"] == loinc for coding in resource["code"].get("coding", []))
    ]
    return sorted(found, key=lambda resource: datetime.fromisoformat(resource["effectiveDateTime"]))


def _value(resource: dict[str, Any]) -> str:
    quantity = resource["valueQuantity"]
    return f"{quantity.get('comparator', '')}{quantity['value']} {quantity['unit']}"


def _instant(resource: dict[str, Any]) -> float:
    return datetime.fromisoformat(resource["effectiveDateTime"]).timestamp()


def _by_id(chart: Chart, id_: str) -> dict[str, Any]:
    return next(resource for resource in chart if resource["id"] == id_)


def test_both_sources_mean_the_same_woman(mercy: Chart, quest: Chart) -> None:
    ours, theirs = mercy[0], quest[0]
    assert ours["birthDate"] == theirs["birthDate"]
    assert ours["birthDate"].startswith("1968")
    for patient in (ours, theirs):
        assert (patient["name"][0]["given"][0], patient["name"][0]["family"]) == ("Nadia", "Brandt")
    assert ours["id"] != theirs["id"]
    assert ours["identifier"][0]["system"] != theirs["identifier"][0]["system"]


def test_ldl_fell_from_148_to_96(mercy: Chart) -> None:
    since = [result for result in _results(mercy, LDL) if result["effectiveDateTime"] >= "2019"]
    assert (_value(since[0]), since[0]["effectiveDateTime"][:7]) == ("148 mg/dL", "2019-03")
    assert (_value(since[-1]), since[-1]["effectiveDateTime"][:7]) == ("96 mg/dL", "2026-02")


def test_the_laboratory_repeats_what_the_hospital_copied(mercy: Chart, quest: Chart) -> None:
    copies = {_instant(result): result for result in _results(mercy, LDL)}
    for original in _results(quest, LDL):
        copy = copies[_instant(original)]
        assert _value(copy) == _value(original)
        assert copy["id"] != original["id"]
        assert "referenceRange" in original
        assert "referenceRange" not in copy


def test_two_results_of_one_day_contradict(mercy: Chart, quest: Chart) -> None:
    (theirs,) = _results(quest, A1C)
    day = theirs["effectiveDateTime"][:10]
    ours = [result for result in _results(mercy, A1C) if result["effectiveDateTime"].startswith(day)]
    assert [_value(result) for result in ours] != [_value(theirs)]
    assert ours[0]["valueQuantity"]["unit"] == theirs["valueQuantity"]["unit"]


def test_lipids_add_up(mercy: Chart) -> None:
    """Friedewald: what a reader with a pocket calculator would check."""
    by_code = {code: {_instant(r): r["valueQuantity"]["value"] for r in _results(mercy, code)}
               for code in ("2093-3", "2571-8", "2085-9", LDL)}  # fmt: skip
    for when, ldl in by_code[LDL].items():
        total, triglycerides, hdl = (by_code[code][when] for code in ("2093-3", "2571-8", "2085-9"))
        assert ldl == total - hdl - Decimal(triglycerides) / 5


def test_a_critical_potassium_is_followed_by_a_normal_one(mercy: Chart) -> None:
    results = _results(mercy, POTASSIUM)
    critical = [n for n, result in enumerate(results) if _flag(result) == "HH"]
    assert len(critical) == 1
    assert _flag(results[critical[0] + 1]) == "N"


def _flag(result: dict[str, Any]) -> str:
    return str(result["interpretation"][0]["coding"][0]["code"])


def test_flags_agree_with_the_printed_ranges(mercy: Chart, quest: Chart) -> None:
    looked = 0
    for result in mercy + quest:
        for range_ in result.get("referenceRange", []):
            value = result["valueQuantity"]["value"]
            low = range_.get("low", {"value": value})["value"]
            high = range_.get("high", {"value": value})["value"]
            below = Decimal(range_["text"].lstrip("<").split()[0]) if "text" in range_ else value + 1
            expected = "L" if value < low else "H" if value > high or value >= below else "N"
            assert _flag(result)[0] == expected, result["id"]
            looked += 1
    assert looked


def test_every_status_that_needs_a_word_is_there(mercy: Chart) -> None:
    statuses = {resource["status"] for resource in mercy if resource["resourceType"] == "Observation"}
    assert {"final", "preliminary", "corrected", "entered-in-error", "registered"} <= statuses
    verifications = {
        resource["verificationStatus"]["coding"][0]["code"]
        for resource in mercy
        if "verificationStatus" in resource
    }
    assert {"confirmed", "refuted", "provisional", "entered-in-error"} <= verifications
    assert {"not-done"} <= {r["status"] for r in mercy if r["resourceType"] == "Immunization"}
    assert {"stopped", "active", "completed"} <= {
        r["status"] for r in mercy if r["resourceType"] == "MedicationRequest"
    }


def test_a_medicine_stopped_for_its_side_effect_says_so(mercy: Chart) -> None:
    stopped = _by_id(mercy, "prescription-lisinopril")
    assert stopped["status"] == "stopped"
    assert "cough" in stopped["statusReason"]["text"]
    assert (
        _by_id(mercy, "prescription-losartan")["authoredOn"][:10]
        == (stopped["dosageInstruction"][0]["timing"]["repeat"]["boundsPeriod"]["end"])
    )


def test_values_speak_many_units(mercy: Chart) -> None:
    units = {resource["valueQuantity"]["code"] for resource in mercy if "valueQuantity" in resource}
    units |= {part["valueQuantity"]["code"] for r in mercy for part in r.get("component", [])}
    assert {"mm[Hg]", "[degF]", "Cel", "[iU]/L", "mmol/L", "mg/dL", "mL/min/{1.73_m2}"} <= units
    comparators = {r["valueQuantity"].get("comparator") for r in mercy if "valueQuantity" in r}
    assert {"<", ">"} <= comparators


def test_sensitive_records_carry_the_sources_label(mercy: Chart) -> None:
    labelled = {r["id"] for r in mercy if r.get("meta", {}).get("security")}
    assert {"note-behavioral-health", "condition-depression", "visit-2010-03-09"} == labelled


def test_body_mass_index_follows_from_weight_and_height(mercy: Chart) -> None:
    def values(loinc: str) -> dict[str, Decimal]:
        return {r["encounter"]["reference"]: r["valueQuantity"]["value"] for r in _results(mercy, loinc)}

    weights, heights, indexes = values("29463-7"), values("8302-2"), values("39156-5")
    for visit, height in heights.items():
        assert abs(indexes[visit] - weights[visit] / (Decimal(height) / 100) ** 2) <= Decimal("0.05")
