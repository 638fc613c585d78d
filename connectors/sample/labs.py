"""Twenty years of laboratory results at Mercy: panels and single values, as tables.

Lipids from 2019 on are measured by the Quest lab (`LIPIDS_AT_QUEST`); Mercy keeps a copy without a range.
"""

from typing import NamedTuple

from connectors.sample import analytes
from connectors.sample.fhir import (
    LOINC,
    Json,
    Resource,
    coding,
    compact,
    concept,
    later,
    moment,
    reference,
    term,
)
from connectors.sample.people import PATIENT, organization

LIPID_KEYS = ("chol", "trig", "hdl", "ldl")
LIPIDS_AT_MERCY = (
    ("2007-09-20", "07:55", "198", "120", "55", "119"),
    ("2010-10-14", "08:10", "206", "130", "53", "127"),
    ("2013-10-15", "07:40", "217", "155", "51", "135"),
    ("2016-09-15", "08:05", "222", "155", "50", "141"),
)
LIPIDS_AT_QUEST = (
    ("2019-03-12", "07:50", "232", "165", "51", "148"),
    ("2019-09-17", "08:20", "196", "140", "52", "116"),
    ("2021-03-09", "08:00", "205", "170", "49", "122"),
    ("2021-09-14", "07:45", "184", "145", "50", "105"),
    ("2022-02-15", "08:15", "180", "135", "51", "102"),
    ("2023-02-14", "07:50", "186", "140", "52", "106"),
    ("2024-02-06", "08:05", "176", "125", "53", "98"),
    ("2025-02-11", "08:10", "179", "130", "52", "101"),
    ("2026-02-10", "08:00", "171", "105", "54", "96"),
)
METABOLIC_KEYS = ("glucose", "sodium", "potassium", "bun", "creatinine")
METABOLIC = (
    ("2007-09-20", "07:55", "86", "139", "4.1", "12", "0.70"),
    ("2013-10-15", "07:40", "94", "140", "4.3", "13", "0.74"),
    ("2016-09-15", "08:05", "101", "141", "4.2", "14", "0.76"),
    ("2019-03-12", "07:50", "106", "138", "4.4", "13", "0.78"),
    ("2021-03-09", "08:00", "131", "139", "4.5", "15", "0.80"),
    ("2023-02-14", "07:50", "118", "140", "4.6", "16", "0.83"),
    ("2024-02-06", "08:05", "121", "138", "4.4", "15", "0.82"),
    ("2025-02-11", "08:10", "112", "139", "4.5", "17", "0.85"),
    ("2026-02-10", "08:00", "108", "140", "4.4", "16", "0.84"),
)
BLOOD_COUNT_KEYS = ("wbc", "hgb", "mcv", "platelets")
BLOOD_COUNTS = (
    ("2007-09-20", "07:55", "6.2", "13.4", "88", "251"),
    ("2014-06-10", "10:20", "6.8", "10.9", "76", "322"),
    ("2014-12-09", "10:05", "6.4", "13.1", "86", "287"),
    ("2019-03-12", "07:50", "5.9", "13.6", "89", "262"),
    ("2023-02-14", "07:50", "6.1", "13.3", "90", "248"),
    ("2026-02-10", "08:00", "5.80", "13.5", "89", "255"),
)
SINGLES = (
    ("2007-09-20", "07:55", "egfr-mdrd", ">60"),
    ("2013-10-15", "07:40", "egfr-mdrd", ">60"),
    ("2016-09-15", "08:05", "egfr-mdrd", ">60"),
    ("2022-02-15", "08:15", "egfr", "91"),
    ("2024-02-06", "08:05", "egfr", "83"),
    ("2026-02-10", "08:00", "egfr", "80"),
    ("2013-10-15", "07:40", "a1c", "5.4"),
    ("2016-09-15", "08:05", "a1c", "5.6"),
    ("2017-02-21", "08:30", "a1c", "5.9"),
    ("2018-11-13", "08:15", "a1c", "6.0"),
    ("2019-09-17", "08:20", "a1c", "6.1"),
    ("2021-03-09", "08:00", "a1c", "6.7"),
    ("2021-03-23", "08:10", "a1c", "6.8"),
    ("2021-09-14", "07:45", "a1c", "6.4"),
    ("2022-02-15", "08:15", "a1c", "6.3"),
    ("2023-02-14", "07:50", "a1c", "6.4"),
    ("2023-08-15", "08:00", "a1c", "6.2"),
    ("2024-02-06", "10:15", "a1c", "6.4"),
    ("2024-08-13", "08:20", "a1c", "6.3"),
    ("2025-02-11", "08:10", "a1c", "6.2"),
    ("2025-08-12", "08:05", "a1c", "6.1"),
    ("2026-02-10", "08:00", "a1c", "6.1"),
    ("2026-08-11", "08:10", "a1c", "6.0"),
    ("2010-10-14", "08:10", "tsh", "2.10"),
    ("2014-06-10", "10:20", "tsh", "2.64"),
    ("2019-03-12", "07:50", "tsh", "3.02"),
    ("2026-02-10", "08:00", "tsh", "2.40"),
    ("2018-11-13", "08:15", "vitamin-d", "17.2"),
    ("2019-09-17", "08:20", "vitamin-d", "28.6"),
    ("2021-03-09", "08:00", "vitamin-d", "34.5"),
    ("2026-02-10", "08:00", "vitamin-d", "38.0"),
    ("2013-10-15", "07:40", "alt", "22"),
    ("2019-03-12", "07:50", "alt", "24"),
    ("2019-09-17", "08:20", "alt", "27"),
    ("2022-02-15", "08:15", "alt", "58"),
    ("2022-08-16", "08:10", "alt", "31"),
    ("2026-02-10", "08:00", "alt", "25"),
    ("2019-03-12", "07:50", "ast", "21"),
    ("2022-02-15", "08:15", "ast", "41"),
    ("2022-08-16", "08:10", "ast", "27"),
    ("2026-02-10", "08:00", "ast", "22"),
    ("2014-06-10", "10:20", "ferritin", "8"),
    ("2014-12-09", "10:05", "ferritin", "31"),
    ("2026-02-10", "08:00", "ferritin", "58"),
    ("2021-03-23", "08:10", "urine-albumin", "38"),
    ("2022-02-15", "08:15", "urine-albumin", "24"),
    ("2024-02-06", "08:05", "urine-albumin", "<5"),
    ("2026-02-10", "08:00", "urine-albumin", "7"),
    ("2024-02-06", "08:05", "crp", "<0.1"),
    ("2025-02-11", "08:10", "b12", "412"),
    ("2019-03-12", "07:50", "fsh", "64.2"),
)


class Panel(NamedTuple):
    """A group of results reported together."""

    id: str
    loinc: str
    name: str
    keys: tuple[str, ...]


LIPID = Panel("lipid", "24331-1", "Lipid panel", LIPID_KEYS)
METABOLIC_PANEL = Panel("metabolic", "24321-2", "Basic metabolic panel", METABOLIC_KEYS)
BLOOD_COUNT = Panel("blood-count", "58410-2", "Complete blood count", BLOOD_COUNT_KEYS)


class Laboratory(NamedTuple):
    """Who measures, and how its resources are told apart."""

    prefix: str
    patient: str
    performer: Json


MERCY = Laboratory("lab", PATIENT, organization("mercy-lab"))
MERCY_COPY = Laboratory("lab", PATIENT, organization("quest-lab"))


def mercy_labs() -> list[Resource]:
    """Every laboratory result that Mercy holds in the ordinary way."""
    resources = [result(MERCY, *row) for row in SINGLES]
    for panel, rows in ((LIPID, LIPIDS_AT_MERCY), (METABOLIC_PANEL, METABOLIC), (BLOOD_COUNT, BLOOD_COUNTS)):
        for day, time, *values in rows:
            resources += panel_results(MERCY, panel, moment(day, time), values)
    for day, time, *values in LIPIDS_AT_QUEST:
        resources += [_without_range(r) for r in panel_results(MERCY_COPY, LIPID, moment(day, time), values)]
    return resources


def result(lab: Laboratory, day: str, time: str, key: str, printed: str) -> Resource:
    """One numeric result of a laboratory."""
    return observation(lab, key, moment(day, time)) | analytes.measured(key, printed)


def panel_results(lab: Laboratory, panel: Panel, when: str, values: list[str]) -> list[Resource]:
    """The results of a panel and the report that groups them."""
    results = [
        observation(lab, key, when) | analytes.measured(key, printed)
        for key, printed in zip(panel.keys, values, strict=True)
    ]
    report = {
        "resourceType": "DiagnosticReport",
        "id": f"{lab.prefix}-report-{panel.id}-{when[:10]}",
        "status": "final",
        "category": [term("v2-0074", "LAB")],
        "code": concept(panel.name, coding(LOINC, panel.loinc)),
        "subject": reference(lab.patient),
        "effectiveDateTime": when,
        "issued": later(when, 360),
        "performer": [lab.performer],
        "result": [reference(f"Observation/{result['id']}") for result in results],
    }
    return [*results, report]


def observation(lab: Laboratory, key: str, when: str, *, suffix: str = "", status: str = "final") -> Resource:
    """A laboratory Observation that has no value yet."""
    return compact(
        resourceType="Observation",
        id=f"{lab.prefix}-{key}-{when[:10]}{suffix}",
        status=status,
        category=[term("observation-category", "laboratory", "Laboratory")],
        code=analytes.code(key),
        subject=reference(lab.patient),
        effectiveDateTime=when,
        issued=later(when, 360),
        performer=[lab.performer],
    )


def _without_range(resource: Resource) -> Resource:
    left_out = ("referenceRange", "interpretation")
    return {name: value for name, value in resource.items() if name not in left_out}
