"""Activity and sleep, as summed up from a wristband and told to the clinic."""

from connectors.sample.fhir import LOINC, Resource, Unit, coding, concept, quantity, reference, term
from connectors.sample.people import PATIENT

STEPS = ("41950-7", "Steps per day, monthly average", Unit("steps/day", "{steps}/d"))
EXERCISE = ("68516-4", "Exercise, minutes per day on days with exercise", Unit("min/day", "min/d"))
SLEEP = ("93832-4", "Sleep duration, monthly average", Unit("h", "h"))

MONTHS = (
    # first day, last day, steps, exercise, sleep
    ("2025-05-01", "2025-05-31", "6120", "24", "6.4"),
    ("2025-08-01", "2025-08-31", "6480", "26", "6.3"),
    ("2025-11-01", "2025-11-30", "6905", "28", "6.6"),
    ("2026-02-01", "2026-02-28", "7240", "30", "6.9"),
    ("2026-05-01", "2026-05-31", "8110", "34", "7.0"),
    ("2026-08-01", "2026-08-31", "8365", "35", "7.1"),
)


def daily_life() -> list[Resource]:
    """Steps, exercise and sleep, month by month."""
    resources = []
    for start, end, steps, exercise, sleep in MONTHS:
        for kind, (loinc, name, unit), printed in (
            ("steps", STEPS, steps),
            ("exercise", EXERCISE, exercise),
            ("sleep", SLEEP, sleep),
        ):
            resources.append(
                {
                    "resourceType": "Observation",
                    "id": f"{kind}-{start[:7]}",
                    "status": "final",
                    "category": [term("observation-category", "activity", "Activity")],
                    "code": concept(name, coding(LOINC, loinc)),
                    "subject": reference(PATIENT),
                    "effectivePeriod": {"start": start, "end": end},
                    "performer": [reference(PATIENT)],
                    "valueQuantity": quantity(printed, unit),
                }
            )
    return resources
