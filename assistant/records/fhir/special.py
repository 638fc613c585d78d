"""Renderers that need their rule: extensions by URL, encounter classes, questionnaire answers."""

from collections.abc import Callable, Iterator
from typing import Any

from assistant.records.coded import coding, plain, string
from assistant.records.decode import Node
from assistant.records.fhir.datatypes import RENDERERS, Context, Piece, Render
from assistant.records.fhir.table import Rule
from assistant.records.fhir.visits import class_words
from assistant.records.model import Coding

_VALUES = (
    ("valueString", "string"),
    ("valueCoding", "Coding"),
    ("valueCodeableConcept", "CodeableConcept"),
    ("valueCode", "code"),
    ("valueDecimal", "decimal"),
    ("valueInteger", "integer"),
    ("valueDate", "date"),
    ("valueDateTime", "dateTime"),
    ("valueTime", "time"),
    ("valueQuantity", "Quantity"),
    ("valueAddress", "Address"),
    ("valueReference", "Reference"),
    ("valueUri", "string"),
    ("valueAttachment", "Attachment"),
)
DEEPEST = 30
"""Levels of nested questionnaire items that are read."""


def _value(node: Node, context: Context) -> Piece | None:
    for name, kind in _VALUES:
        found = node.get(name)
        if found is not None:
            return RENDERERS[kind](found, context)
    truth = node.get("valueBoolean")
    return ("yes" if truth else "no", (), None) if isinstance(truth, bool) else None


def _extension(rule: Rule) -> Render:
    url = rule.said

    def render(value: Any, context: Context) -> Piece | None:
        if type(value) is not dict or value.get("url") != url:
            return None
        inner = value.get("extension")
        if type(inner) is not list:
            return _value(value, context)
        nested = [item for item in inner if type(item) is dict]
        for wanted in ("text", "ombCategory", "value", "tribalAffiliation"):
            pieces = [
                piece for item in nested if item.get("url") == wanted and (piece := _value(item, context))
            ]
            if pieces:
                return ", ".join(piece[0] for piece in pieces), pieces[0][1], None
        return None

    return render


def _class(_rule: Rule) -> Render:
    def render(value: Any, _context: Context) -> Piece | None:
        words = class_words({"class": value})
        if words is None:
            return None
        code = coding(value)
        return words, () if code is None else (code,), None

    return render


def _answers(_rule: Rule) -> Render:
    def render(value: Any, context: Context) -> Piece | None:
        """One top-level item: its own answers and those of the items nested in it."""
        lines: list[str] = []
        codes: list[Coding] = []
        for question, item in _asked(value, 0):
            pieces = [piece for answer in _list(item.get("answer")) if (piece := _value(answer, context))]
            if pieces:
                lines.append(f"{question} {', '.join(piece[0] for piece in pieces)}".strip())
                codes.extend(code for piece in pieces for code in piece[1])
                link = string(item.get("linkId"))
                if link is not None and (loinc := _loinc_link(link)) is not None:
                    codes.append(loinc)
        return ("; ".join(lines), tuple(codes), None) if lines else None

    return render


def _loinc_link(link: str) -> Coding | None:
    """Forms made from LOINC panels carry each question's code as the last step of `linkId`."""
    tail = link.rsplit("/", 1)[-1]
    number, dash, check = tail.partition("-")
    if "/" in link and dash and number.isdigit() and check.isdigit() and len(check) == 1:
        return Coding("http://loinc.org", tail)
    return None


def _list(found: Any) -> list[Node]:
    items = found if type(found) is list else [found]
    return [item for item in items if type(item) is dict]


def _asked(item: Any, depth: int) -> Iterator[tuple[str, Node]]:
    if type(item) is not dict or depth > DEEPEST:
        return
    text = string(item.get("text"))
    question = plain(text) if text else ""
    yield question if question.endswith(("?", ":")) or not question else f"{question}:", item
    for inner in _list(item.get("item")):
        yield from _asked(inner, depth + 1)
    for answer in _list(item.get("answer")):
        for inner in _list(answer.get("item")):
            yield from _asked(inner, depth + 1)


SPECIAL: dict[str, Callable[[Rule], Render]] = {"Extension": _extension, "Class": _class, "Answers": _answers}
"""Kinds of rules that no FHIR datatype covers."""
