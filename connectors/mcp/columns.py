"""What the columns of HealthEx's tables mean, by the names that have been seen or are likely.

An unknown column is kept as a note: it is read by people, and never guessed at.
"""

import re
from collections.abc import Mapping

_FIELDS: Mapping[str, tuple[str, ...]] = {
    "date": ("date", "effectivedate", "observationdate", "visitdate", "dateofservice", "collecteddate"),
    "onset": ("onset", "onsetdate"),
    "recorded": ("recordeddate", "recorded", "asserteddate"),
    "start": ("startdate", "start"),
    "end": ("enddate", "end", "abatementdate", "resolveddate"),
    "name": (
        "name",
        "display",
        "description",
        "test",
        "testname",
        "lab",
        "vital",
        "condition",
        "problem",
        "diagnosis",
        "medication",
        "drug",
        "allergen",
        "allergy",
        "substance",
        "procedure",
        "vaccine",
        "immunization",
        "visit",
        "visittype",
        "encounter",
        "encountertype",
        "type",
        "title",
    ),
    "code": ("preferredcode", "code", "loinc", "cvx", "rxnorm", "snomed", "icd10"),
    "system": ("preferredsystem", "codesystem", "system"),
    "value": ("value", "result"),
    "unit": ("unit", "units"),
    "range": ("referencerange", "range", "refrange", "normalrange"),
    "status": ("status", "clinicalstatus"),
    "flag": ("flag", "interpretation", "abnormalflag"),
    "dose": ("dosage", "dose", "sig", "instructions", "dosageinstruction"),
    "reaction": ("reaction", "reactions", "manifestation"),
    "severity": ("severity",),
    "place": ("location", "facility", "organization"),
    "person": ("provider", "practitioner", "performer", "prescriber"),
    "reason": ("reason", "reasonforvisit"),
}
_MEANING = {name: field for field, names in _FIELDS.items() for name in names}
_NOT_A_WORD = re.compile(r"[^a-z0-9]")

SYSTEMS: Mapping[str, str] = {
    "2.16.840.1.113883.6.1": "http://loinc.org",
    "2.16.840.1.113883.6.96": "http://snomed.info/sct",
    "2.16.840.1.113883.6.88": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "2.16.840.1.113883.6.90": "http://hl7.org/fhir/sid/icd-10-cm",
    "2.16.840.1.113883.6.103": "http://hl7.org/fhir/sid/icd-9-cm",
    "2.16.840.1.113883.12.292": "http://hl7.org/fhir/sid/cvx",
    "2.16.840.1.113883.6.69": "http://hl7.org/fhir/sid/ndc",
    "2.16.840.1.113883.6.12": "http://www.ama-assn.org/go/cpt",
    "loinc": "http://loinc.org",
    "snomed": "http://snomed.info/sct",
    "snomedct": "http://snomed.info/sct",
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "icd10cm": "http://hl7.org/fhir/sid/icd-10-cm",
    "icd9cm": "http://hl7.org/fhir/sid/icd-9-cm",
    "cvx": "http://hl7.org/fhir/sid/cvx",
    "ndc": "http://hl7.org/fhir/sid/ndc",
    "cpt": "http://www.ama-assn.org/go/cpt",
}
"""FHIR's names of code systems, by their OID or common name (HL7 Terminology)."""

_OID = re.compile(r"[0-2](\.(0|[1-9]\d*))+")


def fields(cells: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The cells by their meaning, and those whose column means nothing known here. The first column of a
    meaning counts; a second one is kept as unknown."""
    known: dict[str, str] = {}
    unknown: dict[str, str] = {}
    for column, value in cells.items():
        field = _MEANING.get(_NOT_A_WORD.sub("", column.lower()))
        if field is None or field in known:
            unknown[column] = value
        else:
            known[field] = value
    return known, unknown


def system(said: str | None) -> str | None:
    """The code system as FHIR names it; None where it isn't known for certain."""
    if not said:
        return None
    text = said.strip().removeprefix("urn:oid:")
    known = SYSTEMS.get(text) or SYSTEMS.get(_NOT_A_WORD.sub("", text.lower()))
    if known is not None:
        return known
    if _OID.fullmatch(text):
        return f"urn:oid:{text}"
    return text if text.startswith(("http://", "https://")) and " " not in text else None
