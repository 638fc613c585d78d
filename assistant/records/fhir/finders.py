"""What a resource is called and when it was: compiled from a table's paths."""

from collections.abc import Callable
from typing import Any

from assistant.records.coded import codes_of, plain, string, words_of
from assistant.records.dates import is_date
from assistant.records.decode import Node
from assistant.records.fhir.compile import at
from assistant.records.fhir.datatypes import Context
from assistant.records.fhir.table import Table
from assistant.records.model import Coding, When
from assistant.records.refs import target_of

Names = tuple[str | None, tuple[Coding, ...] | None]
"""Words, and the codes that came with them; None where the codes stand elsewhere."""
Odd = list[tuple[str, str]]
"""(path, text) of what stands where a date should and is none."""
NO_DATE = When()
MEDICATION = ("medication[x]",)


def _medication(node: Node, context: Context) -> Names:
    """Name and codes of medication[x]: inline, contained, or in another resource."""
    concept = node.get("medicationCodeableConcept")
    words = words_of(concept)
    if words is not None:
        return words, codes_of(concept)
    reference = node.get("medicationReference")
    if type(reference) is not dict:
        return None, None
    key = target_of(reference)
    found = context.supporting(key) if key is not None else None
    display = string(reference.get("display"))
    name = found.name if found is not None and found.name else plain(display) if display else None
    return name, found.codes if found is not None else ()


def namer(table: Table) -> Callable[[Node, Context], Names]:
    """Finds the words that name a resource, and the codes where they come with them."""
    if table.names == MEDICATION:
        return _medication
    paths = tuple((path, tuple(path.split("."))) for path in table.names)
    coded = table.codes or (table.names[0] if table.names else "")

    def names(node: Node, _context: Context) -> Names:
        for path, steps in paths:
            found = node.get(steps[0])
            if found is None:
                continue
            for value in at(found, steps[1:]):
                words = words_of(value) or (plain(value) if isinstance(value, str) else None)
                if words:
                    return words, codes_of(value) if path == coded else None
        return None, None

    return names


def coder(table: Table) -> Callable[[Node], tuple[Coding, ...]]:
    """Finds the codes of a resource whose name came from elsewhere."""
    first, *rest = (table.codes or (table.names[0] if table.names else "")).split(".")
    steps = tuple(rest)

    def codes(node: Node) -> tuple[Coding, ...]:
        found = node.get(first)
        return () if found is None else next((codes_of(value) for value in at(found, steps)), ())

    return codes


def dater(table_paths: tuple[str, ...]) -> Callable[[Node, Odd], When]:
    """Finds the first date; what is no date is added to `odd`, as written."""
    paths = tuple((path, *_steps(path)) for path in table_paths)

    def dates(node: Node, odd: Odd) -> When:
        for path, first, rest in paths:
            if path == "start+end":
                found: Any = {"start": node.get("start"), "end": node.get("end")}
            else:
                found = node.get(first)
            if rest:
                found = next(at(found, rest), None)
            if found is None:
                continue
            if type(found) is dict:
                start, end = _date(found.get("start"), path, odd), _date(found.get("end"), path, odd)
            else:
                start, end = _date(found, path, odd), None
            if start is not None or end is not None:
                return When(start, end)
        return NO_DATE

    return dates


def _steps(path: str) -> tuple[str, tuple[str, ...]]:
    first, *rest = path.split(".")
    return first, tuple(rest)


def _date(value: Any, path: str, odd: Odd) -> str | None:
    if not isinstance(value, str):
        return None
    text = value.strip()
    if is_date(text):
        return text
    if text:
        odd.append((path, text))
    return None
