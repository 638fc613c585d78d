"""What the laboratories measure: LOINC code, printed name, unit and the range they print beside it."""

from decimal import Decimal
from typing import NamedTuple

from connectors.sample.fhir import LOINC, TERMS, Json, Unit, coding, compact, concept, quantity, same_unit

MG_DL = same_unit("mg/dL")
MMOL_L = same_unit("mmol/L")
PERCENT = same_unit("%")
U_L = same_unit("U/L")
NG_ML = same_unit("ng/mL")
FLAG_WORDS = {"H": "High", "L": "Low", "N": "Normal", "A": "Abnormal", "HH": "Critical high"}
GFR = Unit("mL/min/1.73m2", "mL/min/{1.73_m2}")
THOUSANDS = Unit("10*3/uL", "10*3/uL")


class Analyte(NamedTuple):
    """One thing that a laboratory measures."""

    loinc: str
    name: str
    """As the laboratory prints it."""
    unit: Unit
    low: str = ""
    high: str = ""
    below: str = ""
    """Where normal is "less than this"."""


ANALYTES = {
    "chol": Analyte("2093-3", "Total cholesterol", MG_DL, below="200"),
    "trig": Analyte("2571-8", "Triglycerides", MG_DL, below="150"),
    "hdl": Analyte("2085-9", "HDL cholesterol", MG_DL, low="50"),
    "ldl": Analyte("18262-6", "LDL cholesterol", MG_DL, below="100"),
    "a1c": Analyte("4548-4", "Hemoglobin A1c", PERCENT, "4.0", "5.6"),
    "glucose": Analyte("2345-7", "Glucose", MG_DL, "70", "99"),
    "glucose-molar": Analyte("14749-6", "Glucose", MMOL_L, "3.9", "5.5"),
    "sodium": Analyte("2951-2", "Sodium", MMOL_L, "135", "145"),
    "potassium": Analyte("2823-3", "Potassium", MMOL_L, "3.5", "5.1"),
    "bun": Analyte("3094-0", "Urea nitrogen (BUN)", MG_DL, "7", "20"),
    "creatinine": Analyte("2160-0", "Creatinine", MG_DL, "0.50", "1.10"),
    "egfr-mdrd": Analyte("33914-3", "eGFR (MDRD)", GFR),
    "egfr": Analyte("98979-8", "eGFR (CKD-EPI 2021)", GFR, low="60"),
    "wbc": Analyte("6690-2", "White blood cells", THOUSANDS, "4.0", "11.0"),
    "hgb": Analyte("718-7", "Hemoglobin", same_unit("g/dL"), "12.0", "15.5"),
    "mcv": Analyte("787-2", "MCV", same_unit("fL"), "80", "100"),
    "platelets": Analyte("777-3", "Platelets", THOUSANDS, "150", "400"),
    "tsh": Analyte("3016-3", "TSH", Unit("mIU/L", "m[IU]/L"), "0.40", "4.50"),
    "vitamin-d": Analyte("62292-8", "Vitamin D, 25-hydroxy", NG_ML, "30.0", "100.0"),
    "alt": Analyte("1742-6", "ALT", U_L, "7", "35"),
    "ast": Analyte("1920-8", "AST", U_L, "8", "33"),
    "ferritin": Analyte("2276-4", "Ferritin", NG_ML, "15", "150"),
    "urine-albumin": Analyte("9318-7", "Urine albumin/creatinine ratio", same_unit("mg/g"), below="30"),
    "crp": Analyte("1988-5", "C-reactive protein", MG_DL, below="0.5"),
    "b12": Analyte("2132-9", "Vitamin B12", same_unit("pg/mL"), "200", "900"),
    "fsh": Analyte("15067-2", "FSH", same_unit("[iU]/L")),
}


def code(key: str) -> Json:
    """The CodeableConcept of an analyte."""
    analyte = ANALYTES[key]
    return concept(analyte.name, coding(LOINC, analyte.loinc))


def measured(key: str, printed: str) -> Json:
    """Value, interpretation and range of a result, as the laboratory prints them."""
    analyte = ANALYTES[key]
    flag = _flag(analyte, printed)
    return compact(
        valueQuantity=quantity(printed, analyte.unit),
        interpretation=[interpretation(flag)] if flag else [],
        referenceRange=_range(analyte),
    )


def interpretation(flag: str) -> Json:
    """The CodeableConcept of a laboratory's flag, one of `FLAG_WORDS`."""
    return concept(None, coding(TERMS + "v3-ObservationInterpretation", flag, FLAG_WORDS[flag]))


def _flag(analyte: Analyte, printed: str) -> str | None:
    if not _range(analyte):
        return None
    value = Decimal(printed.lstrip("<>="))
    if analyte.low and value < Decimal(analyte.low):
        return "L"
    if analyte.high and value > Decimal(analyte.high):
        return "H"
    if analyte.below and value >= Decimal(analyte.below) and not printed.startswith("<"):
        return "H"
    return "N"


def _range(analyte: Analyte) -> list[Json]:
    if analyte.below:
        # In words only: the high end of a FHIR range would be within it.
        return [{"text": f"<{analyte.below} {analyte.unit.text}"}]
    low = quantity(analyte.low, analyte.unit) if analyte.low else None
    high = quantity(analyte.high, analyte.unit) if analyte.high else None
    return [range_] if (range_ := compact(low=low, high=high)) else []
