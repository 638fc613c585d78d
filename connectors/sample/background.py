"""About the patient: smoking, work, relatives, and a short questionnaire on mood."""

from connectors.sample.fhir import (
    LOINC,
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
from connectors.sample.people import PATIENT

SMOKING = (
    ("2006-09-12", "Current every day smoker", "449868002"),
    ("2012-10-23", "Former smoker", "8517006"),
    ("2026-02-17", "Former smoker", "8517006"),
)
RELATIVES = (
    ("mother", "MTH", "Mother", "Breast cancer", "254837009", 52),
    ("father", "FTH", "Father", "Heart attack (myocardial infarction)", "22298006", 58),
)
QUESTIONS = (
    ("44250-9", "Little interest or pleasure in doing things"),
    ("44255-8", "Feeling down, depressed, or hopeless"),
)
ANSWERS = (("2021-09-21", (0, 1)), ("2026-02-17", (0, 0)))


def background() -> list[Resource]:
    """What the chart says about the person rather than an illness."""
    return [
        *(_smoking(*row) for row in SMOKING),
        _occupation(),
        _pregnancy(),
        *(_relative(*row) for row in RELATIVES),
        *(_questionnaire(*row) for row in ANSWERS),
    ]


def _social(key: str, day: str, code: Json, value: Json) -> Resource:
    return {
        "resourceType": "Observation",
        "id": key,
        "status": "final",
        "category": [term("observation-category", "social-history", "Social History")],
        "code": code,
        "subject": reference(PATIENT),
        "effectiveDateTime": moment(day, "09:10"),
        "valueCodeableConcept": value,
    }


def _smoking(day: str, words: str, snomed: str) -> Resource:
    code = concept("Smoking status", coding(LOINC, "72166-2", "Tobacco smoking status"))
    return _social(f"smoking-{day}", day, code, concept(words, coding(SNOMED, snomed)))


def _occupation() -> Resource:
    code = concept("Occupation", coding(LOINC, "11341-5", "History of Occupation"))
    return _social("occupation", "2006-09-12", code, {"text": "Primary school teacher"})


def _pregnancy() -> Resource:
    code = concept("Pregnancy status", coding(LOINC, "82810-3", "Pregnancy status"))
    return _social(
        "pregnancy-2012-01-17", "2012-01-17", code, concept("Not pregnant", coding(SNOMED, "60001007"))
    )


def _relative(key: str, role: str, words: str, condition: str, snomed: str, age: int) -> Resource:
    years = {"value": age, "unit": "a", "system": "http://unitsofmeasure.org", "code": "a"}
    return {
        "resourceType": "FamilyMemberHistory",
        "id": f"family-{key}",
        "status": "completed",
        "patient": reference(PATIENT),
        "date": "2006-09-12",
        "relationship": term("v3-RoleCode", role, words),
        "condition": [{"code": concept(condition, coding(SNOMED, snomed)), "onsetAge": years}],
    }


def _questionnaire(day: str, answers: tuple[int, int]) -> Resource:
    return compact(
        resourceType="QuestionnaireResponse",
        id=f"phq2-{day}",
        questionnaire="http://loinc.org/q/55757-9",
        status="completed",
        subject=reference(PATIENT),
        encounter=reference(f"Encounter/visit-{day}"),
        authored=moment(day, "08:50"),
        source=reference(PATIENT),
        item=[
            {"linkId": loinc, "text": text, "answer": [{"valueInteger": answer}]}
            for (loinc, text), answer in zip(QUESTIONS, answers, strict=True)
        ]
        + [{"linkId": "55758-7", "text": "PHQ-2 total score", "answer": [{"valueInteger": sum(answers)}]}],
    )
