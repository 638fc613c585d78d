"""HealthEx: a patient's records from many providers behind one sign-in, as compressed tables."""

import re
from collections.abc import Sequence

import msgspec

from connectors.mcp import rows
from connectors.mcp.documents import document
from connectors.mcp.pipe_table import missing, read_tables
from connectors.mcp.reader import Answer, Asking, Item
from connectors.mcp.rows import Sort
from connectors.mcp.tool import Tool
from connectors.mcp.windows import more
from connectors.model import Problem

ADDRESS = "https://api.healthex.io/mcp"
SUMMARY = "get_health_summary"
NOTES = "search_clinical_notes"
UPDATE = "update_records"
STATUS = "check_records_status"

NOT_OFFERED = "This server does not offer it."
NOT_READ_ONLY = "The server does not say that this only reads, so it is not asked."
NOT_A_TABLE = "The answer is not a table that this version reads; it was kept as a document."

_NOTHING = re.compile(r"\s*no\b[^\n]{0,80}\b(?:found|available|records?|data)\b[^\n]{0,80}\s*", re.IGNORECASE)
_SORTS = (
    (Sort("get_conditions", "Condition"), "Health problems"),
    (Sort("get_medications", "MedicationStatement"), "Medicines"),
    (Sort("get_allergies", "AllergyIntolerance"), "Allergies"),
    (Sort("get_labs", "Observation", "laboratory"), "Lab results"),
    (Sort("get_vitals", "Observation", "vital-signs"), "Vital signs"),
    (Sort("get_procedures", "Procedure"), "Procedures"),
    (Sort("get_immunizations", "Immunization"), "Vaccinations"),
    (Sort("get_visits", "Encounter"), "Visits"),
)
_BY_TOOL = {sort.tool: sort for sort, _ in _SORTS}


class HealthEx(msgspec.Struct, frozen=True):
    """Reads HealthEx. `subject` is the reference under which all of it is one person's.

    `searches` are words that the patient wants clinical notes searched for: they leave this computer, so
    there are none unless the patient typed them for this.
    """

    subject: str
    searches: tuple[str, ...] = ()

    @property
    def format(self) -> str:
        """What its answers are."""
        return "HealthEx table"

    def plan(self, address: str, tools: Sequence[Tool]) -> tuple[Asking, ...]:
        """All read tools: the summary first, then kind by kind."""
        offered = {tool.name: tool for tool in tools}
        wanted = [Asking(SUMMARY, SUMMARY, "Health summary")]
        wanted += [
            Asking(sort.tool, sort.tool, name, sort.category, windowed=_dated(offered.get(sort.tool)))
            for sort, name in _SORTS
        ]
        wanted += [
            Asking(f"{NOTES}:{number}", NOTES, f"Notes about “{words}”", arguments={"query": words})
            for number, words in enumerate(self.searches, 1)
        ]
        return tuple(_allowed(asking, offered.get(asking.tool)) for asking in wanted)

    def read(self, asking: Asking, text: str) -> Answer:
        """The rows of an answer's tables as records; anything else as a document."""
        sort = _BY_TOOL.get(asking.tool)
        if sort is None:
            return self._document(asking, text)
        tables, around = read_tables(text)
        if not tables:
            if not text.strip() or _NOTHING.fullmatch(text):
                return Answer((), around=around)
            return self._document(asking, text, NOT_A_TABLE)
        found, problems = rows.events(sort, tables)
        items = tuple(Item(rows.record(sort, event, self.subject), rows.day(event.cells)) for event in found)
        fewer = () if more(around) else tuple(one for one in map(missing, tables) if one is not None)
        return Answer(
            items=items,
            problems=(*problems, *fewer),
            around=around,
            days=tuple(item.day for item in items if item.day),
            left_out=len(problems),
            short=fewer[0].text if fewer else "",
        )

    def _document(self, asking: Asking, text: str, short: str = "") -> Answer:
        if not text.strip():
            return Answer(())
        key = (asking.tool, *asking.arguments.values())
        made = document(asking.name, text, key=key, subject=self.subject)
        problems = (Problem(asking.name, short),) if short else ()
        return Answer((Item(made),), problems, short=short)


def _dated(tool: Tool | None) -> bool:
    return tool is not None and {"years", "beforeDate"} <= tool.arguments


def _allowed(asking: Asking, tool: Tool | None) -> Asking:
    if tool is None:
        return msgspec.structs.replace(asking, text=NOT_OFFERED)
    return asking if tool.reads_only else msgspec.structs.replace(asking, text=NOT_READ_ONLY)
