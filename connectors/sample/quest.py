"""The same person at an outside laboratory: lipids Mercy has copies of, and one result that contradicts."""

from connectors.sample import analytes
from connectors.sample.fhir import Resource, moment, universal
from connectors.sample.labs import LIPID, LIPIDS_AT_QUEST, Laboratory, observation, panel_results
from connectors.sample.people import QUEST_PATIENT, organization, quest_people

QUEST = Laboratory("q", QUEST_PATIENT, organization("quest-lab"))
CONTRADICTING_A1C = ("2024-02-06", "08:05", "6.9")
"""The day on which Mercy measured 6.4 %."""


def quest() -> list[Resource]:
    """Everything the laboratory holds, with its times in UTC."""
    resources = quest_people()
    for day, time, *values in LIPIDS_AT_QUEST:
        resources += panel_results(QUEST, LIPID, universal(moment(day, time)), values)
    day, time, printed = CONTRADICTING_A1C
    a1c = observation(QUEST, "a1c", universal(moment(day, time))) | analytes.measured("a1c", printed)
    return [*resources, a1c]
