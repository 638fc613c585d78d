"""What one twin has and the other hasn't: a count, a value, an order, a merge, an element, a label."""

from typing import Any

from tests.fakes import small
from tests.invariants.twins import Secret


def gone(source: str, category: str, *resources: dict[str, Any], **more: Any) -> Secret:
    """Resources that only one twin has."""
    return Secret(source, category, one=resources, other=(), **more)


def changed(source: str, category: str, one: dict[str, Any], other: dict[str, Any], **more: Any) -> Secret:
    """One resource that the twins have in different versions."""
    return Secret(source, category, one=(one,), other=(other,), **more)


SECRETS = (
    gone(
        "mercy", "conditions", small.condition("x1", "86406008", "Human immunodeficiency virus", "2018-01-01")
    ),
    gone("mercy", "conditions", small.condition("x2", "195967001", "Asthma", "2020-01-01"), day="2020-01-01"),
    gone("mercy", "labs", small.ldl("x3", 201, "2026-03-01"), day="2026-03-01"),
    gone("mercy", "labs", *(small.ldl(f"x4-{n}", 100 + n, f"2020-01-{n:02}") for n in range(1, 12))),
    changed(
        "mercy",
        "labs",
        small.ldl("x5", 77, "2018-05-05"),
        small.ldl("x5", 78, "2018-05-05"),
        day="2018-05-05",
    ),
    gone("quest", "labs", small.ldl("x6", 148, "2019-03-04"), day="2019-03-04"),
    gone(
        "quest",
        "labs",
        small.a1c("x7", 6.1, "2025-05-05", interpretation=[{"coding": [{"code": "H"}]}]),
        day="2025-05-05",
    ),
    gone("mercy", "medications", small.medication("x8", "860975", "Metformin 500 MG", "2020-01-01")),
    changed(
        "mercy",
        "conditions",
        small.medication("x9", "314076", "Lisinopril 10 MG", "2020-01-01", reason="Heart failure"),
        small.medication("x9", "314076", "Lisinopril 10 MG", "2020-01-01"),
        within="medications",
    ),
    changed(
        "mercy",
        "conditions",
        small.visit("x10", "Office visit", "2020-01-01", reason="Depression"),
        small.visit("x10", "Office visit", "2020-01-01"),
        within="visits",
    ),
    changed(
        "mercy",
        "notes",
        small.ldl("x11", 120, "2020-01-01", note=[{"text": "Patient says atorvastatin makes her sleepy"}]),
        small.ldl("x11", 120, "2020-01-01"),
        within="labs",
    ),
    gone("mercy", "allergies", small.allergy("x12", "91936005", "Allergy to penicillin", "2020-01-01")),
    gone(
        "mercy",
        "allergies",
        small.allergy("x13", "91936005", "Allergy to penicillin", "2020-01-01", verified="refuted"),
    ),
    gone("quest", "vitals", small.weight("x14", 71, "2024-01-01"), day="2024-01-01"),
    gone("mercy", "vitals", *(small.weight(f"x15-{n}", 60 + n, f"2020-02-{n:02}") for n in range(1, 25))),
    gone("mercy", "visits", *(small.visit(f"x16-{n}", "Check up", f"2020-03-{n:02}") for n in range(1, 6))),
    gone("mercy", "procedures", small.procedure("x17", "73761001", "Colonoscopy", "2020-01-01")),
    gone("mercy", "immunizations", small.immunization("x18", "140", "Influenza vaccine", "2020-10-01")),
    gone(
        "mercy",
        "labs",
        small.ldl("x19", 55, "2026-04-01", meta=small.SENSITIVE),
        day="2026-04-01",
        sensitive=True,
    ),
    gone(
        "mercy",
        "labs",
        small.ldl("x20", 155, "2020-01-01", status="entered-in-error"),
    ),
    gone("quest", "medications", small.medication("x21", "83367", "Atorvastatin 20 MG", "2019-04-01")),
)
