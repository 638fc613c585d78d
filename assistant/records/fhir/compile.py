"""Turns the tables into functions: one closure for each rule, nothing looked up twice while reading."""

from collections.abc import Callable, Iterator
from typing import Any

from assistant.records.decode import Node
from assistant.records.fhir.datatypes import RENDERERS, Context, Piece, Render
from assistant.records.fhir.special import SPECIAL
from assistant.records.fhir.table import Rule
from assistant.records.model import Category, Coding, Element
from assistant.records.refs import target_type

Emit = Callable[[Node, Context, Category, list[Element]], None]
"""Adds what one rule finds in a resource, given the resource's own category."""

_OF_TYPE: dict[str, Category] = {
    "Patient": Category.ABOUT,
    "RelatedPerson": Category.ABOUT,
    "FamilyMemberHistory": Category.ABOUT,
    "QuestionnaireResponse": Category.ABOUT,
    "Condition": Category.CONDITIONS,
    "DocumentReference": Category.NOTES,
    "AllergyIntolerance": Category.ALLERGIES,
    "Immunization": Category.IMMUNIZATIONS,
    "Encounter": Category.VISITS,
    "Coverage": Category.INSURANCE,
    "MedicationRequest": Category.MEDICATIONS,
    "MedicationStatement": Category.MEDICATIONS,
    "Procedure": Category.PROCEDURES,
}
"""What a reference tells belongs to what it points at, unless its rule puts it with conditions."""


def choices(rule: Rule) -> Iterator[Rule]:
    """The rules that one rule with a choice of types stands for."""
    kinds = rule.kind.split("|")
    if len(kinds) == 1:
        yield rule
        return
    for kind in kinds:
        path = rule.path + kind[0].upper() + kind[1:]
        yield Rule(path, kind, rule.label, rule.category, rule.parts, rule.pick, rule.said)


def at(node: Any, path: tuple[str, ...]) -> Iterator[Any]:
    """Every value at a path, lists opened; None and what is not an object on the way are skipped."""
    for item in node if type(node) is list else (node,):
        if not path:
            if item is not None:
                yield item
        elif type(item) is dict:
            found = item.get(path[0])
            if found is not None:
                yield from at(found, path[1:])


def _boolean(said: str) -> Render:
    piece = (said, (), None)
    return lambda value, _context: piece if value is True else None


def _renderer(rule: Rule) -> Render:
    if rule.kind == "boolean":
        return _boolean(rule.said)
    if rule.kind in SPECIAL:
        return SPECIAL[rule.kind](rule)
    return RENDERERS[rule.kind]


def emitter(kind: str, rule: Rule) -> Emit:
    """The closure for one rule of a type."""
    if rule.kind == "Group":
        return _group(kind, rule)
    path = f"{kind}.{rule.path}"
    first, *others = rule.path.split(".")
    rest = tuple(others)
    render = _renderer(rule)
    label, fixed, pick = rule.label, rule.category, rule.pick
    points = rule.kind in ("Reference", "Who") and fixed is not Category.CONDITIONS

    def add(value: Any, node: Node, context: Context, own: Category, out: list[Element]) -> None:
        piece = render(value, context)
        if piece is None:
            return
        category = fixed or own
        if pick is not None:
            category = pick(value, node)
        elif points:
            category = _pointed(value, piece[2], context) or category
        out.append(Element(category, path, label, piece[0], piece[1], piece[2]))

    def emit(node: Node, context: Context, own: Category, out: list[Element]) -> None:
        found = node.get(first)
        if found is None:
            return
        if rest or type(found) is list:
            for value in at(found, rest):
                add(value, node, context, own, out)
        else:
            add(found, node, context, own, out)

    return emit


def _pointed(value: Any, key: str | None, context: Context) -> Category | None:
    if key is None:
        return None
    if key == context.subject:
        return Category.ABOUT
    return _OF_TYPE.get(target_type(value, key) or "")


Part = tuple[str, tuple[str, ...], Render, str, bool]
"""First key, rest of the path, renderer, word before, whether it points at another resource."""


def _parts(rule: Rule) -> tuple[Part, ...]:
    parts: list[Part] = []
    for given in rule.parts:
        for one in choices(given):
            first, *rest = one.path.split(".")
            parts.append((first, tuple(rest), _renderer(one), one.label, one.kind in ("Reference", "Who")))
    return tuple(parts)


def _pieces(parts: tuple[Part, ...], item: Node, context: Context) -> Iterator[tuple[Any, str, Piece, bool]]:
    for name, inner, render, before, points in parts:
        found = item.get(name)
        if found is None:
            continue
        for value in at(found, inner):
            piece = render(value, context)
            if piece is not None:
                yield value, before, piece, points


def _group(kind: str, rule: Rule) -> Emit:
    path = f"{kind}.{rule.path}"
    first, *others = rule.path.split(".")
    rest = tuple(others)
    parts = _parts(rule)
    label, fixed, pick = rule.label, rule.category, rule.pick

    def add(item: Any, node: Node, context: Context, own: Category, out: list[Element]) -> None:
        if type(item) is not dict:
            return
        words: dict[str, None] = {}
        codes: tuple[Coding, ...] = ()
        target: str | None = None
        category = pick(item, node) if pick is not None else fixed or own
        for value, before, piece, points in _pieces(parts, item, context):
            if piece[0]:
                words[f"{before} {piece[0]}" if before else piece[0]] = None
            codes += piece[1]
            if points and piece[2] is not None:
                target = target or piece[2]
                if category is not Category.CONDITIONS:
                    category = _pointed(value, piece[2], context) or category
        if words or target is not None:
            out.append(Element(category, path, label, ", ".join(words), codes, target))

    def emit(node: Node, context: Context, own: Category, out: list[Element]) -> None:
        found = node.get(first)
        if found is not None:
            for item in at(found, rest):
                add(item, node, context, own, out)

    return emit


def emitters(kind: str, rules: tuple[Rule, ...]) -> tuple[tuple[str, Emit], ...]:
    """(first key, closure) for each rule of a type, in the table's order."""
    return tuple((one.path.split(".", 1)[0], emitter(kind, one)) for given in rules for one in choices(given))
