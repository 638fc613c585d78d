"""Vaccines and allergies."""

from typing import NamedTuple

from connectors.sample.fhir import (
    CVX,
    RXNORM,
    SNOMED,
    Json,
    Resource,
    coding,
    compact,
    concept,
    moment,
    reference,
    term,
)
from connectors.sample.people import PATIENT, clinician, organization

FLU = ("141", "Flu vaccine")
FLU_QUADRIVALENT = ("150", "Flu vaccine, quadrivalent")
FLU_TRIVALENT = ("140", "Flu vaccine, trivalent")
TDAP = ("115", "Tdap vaccine (tetanus, diphtheria, whooping cough)")
SHINGLES = ("187", "Shingles vaccine (recombinant)")
COVID = ("208", "COVID-19 vaccine, mRNA")
COVID_BIVALENT = ("300", "COVID-19 vaccine, mRNA, bivalent")
COVID_2023 = ("309", "COVID-19 vaccine, mRNA, 2023-2024 formula")
PNEUMOCOCCAL = ("216", "Pneumococcal conjugate vaccine (PCV20)")

VACCINES = (
    ("2007-10-16", FLU),
    ("2008-10-21", FLU),
    ("2009-09-29", TDAP),
    ("2009-10-20", FLU),
    ("2010-10-19", FLU),
    ("2011-10-25", FLU),
    ("2012-10-23", FLU),
    ("2014-10-14", FLU_QUADRIVALENT),
    ("2015-10-13", FLU_QUADRIVALENT),
    ("2016-10-18", FLU_QUADRIVALENT),
    ("2017-10-10", FLU_QUADRIVALENT),
    ("2018-11-20", FLU_QUADRIVALENT),
    ("2018-11-20", SHINGLES),
    ("2019-03-19", SHINGLES),
    ("2019-09-24", TDAP),
    ("2019-10-15", FLU_QUADRIVALENT),
    ("2020-09-29", FLU_QUADRIVALENT),
    ("2021-03-30", COVID),
    ("2021-04-20", COVID),
    ("2021-10-12", FLU_QUADRIVALENT),
    ("2021-11-09", COVID),
    ("2022-10-11", FLU_QUADRIVALENT),
    ("2022-10-11", COVID_BIVALENT),
    ("2023-02-21", PNEUMOCOCCAL),
    ("2023-10-10", FLU_QUADRIVALENT),
    ("2023-10-10", COVID_2023),
    ("2024-10-08", FLU_TRIVALENT),
    ("2025-10-14", FLU_TRIVALENT),
)
FLU_NOT_GIVEN = "2013-10-21"


class Allergy(NamedTuple):
    """One allergy or intolerance, as a table row."""

    id: str
    name: str
    code: Json
    kind: str
    category: str
    clinical: str
    verification: str
    onset: str
    recorded: str
    reaction: str = ""
    severity: str = ""
    note: str = ""


ALLERGIES = (
    Allergy(
        "sulfa", "Sulfa antibiotics (sulfamethoxazole)", coding(RXNORM, "10180"), "allergy", "medication",
        "active", "confirmed", "2005", "2006-09-12", "Hives", "moderate",
    ),
    Allergy(
        "penicillin", "Penicillin", coding(SNOMED, "764146007"), "allergy", "medication",
        "inactive", "refuted", "1974", "2006-09-12", "Rash", "mild",
        "Childhood rash. Skin test and oral challenge on 5 May 2015 were negative: not allergic.",
    ),
    Allergy(
        "pollen", "Grass and birch pollen", coding(SNOMED, "256277009"), "allergy", "environment",
        "active", "confirmed", "1990", "2015-05-05", "Sneezing and itchy eyes", "mild",
    ),
    Allergy(
        "lisinopril", "Lisinopril", coding(RXNORM, "29046"), "intolerance", "medication",
        "active", "confirmed", "2014-01", "2014-03-11", "Dry cough", "mild",
    ),
)  # fmt: skip


def immunizations() -> list[Resource]:
    """Every vaccine given, and the one that was not."""
    given = [_immunization(day, vaccine, "completed") for day, vaccine in VACCINES]
    refused = _immunization(FLU_NOT_GIVEN, FLU_QUADRIVALENT, "not-done")
    refused["statusReason"] = term("v3-ActReason", "PATOBJ", "Patient had a cold and chose to wait")
    return [*given, refused]


def allergies() -> list[Resource]:
    """Every allergy and intolerance, the refuted one too."""
    return [_allergy(row) for row in ALLERGIES]


def _immunization(day: str, vaccine: tuple[str, str], status: str) -> Resource:
    cvx, name = vaccine
    return {
        "resourceType": "Immunization",
        "id": f"vaccine-{cvx}-{day}",
        "status": status,
        "vaccineCode": concept(name, coding(CVX, cvx)),
        "patient": reference(PATIENT),
        "occurrenceDateTime": day,
        "primarySource": True,
        "performer": [{"actor": organization("mercy")}],
    }


def _allergy(row: Allergy) -> Resource:
    return compact(
        resourceType="AllergyIntolerance",
        id=f"allergy-{row.id}",
        clinicalStatus=term("allergyintolerance-clinical", row.clinical),
        verificationStatus=term("allergyintolerance-verification", row.verification),
        type=row.kind,
        category=[row.category],
        code=concept(row.name, row.code),
        patient=reference(PATIENT),
        onsetDateTime=row.onset,
        recordedDate=moment(row.recorded, "10:00"),
        recorder=clinician("sandoval" if row.id == "pollen" else "okafor"),
        note=[{"text": row.note}] if row.note else [],
        reaction=[{"manifestation": [{"text": row.reaction}], "severity": row.severity}],
    )
