"""One table compiled into a function that reads one resource."""

from collections.abc import Callable

import msgspec

from assistant.records.attachments import narrative_text
from assistant.records.coded import plain, string
from assistant.records.decode import Node
from assistant.records.event import keys
from assistant.records.fhir.compile import at, emitters
from assistant.records.fhir.datatypes import Context, Resolve
from assistant.records.fhir.finders import MEDICATION, Odd, coder, dater, namer
from assistant.records.fhir.labelling import labels_and_elements
from assistant.records.fhir.table import Named, Table
from assistant.records.model import (
    Category,
    Element,
    Record,
    SetAside,
    Trust,
)
from assistant.records.person import subject_reference
from assistant.records.refs import contained_in, target_of, target_type
from assistant.records.trust import judge
from assistant.records.values import interpretation_of, parts_of, ranges_of, value_of

Reader = Callable[[Node, str, Resolve], Record | SetAside]

NOT_A_PATIENT = SetAside("It is about something other than a patient.")
NOT_THE_PATIENT = SetAside("It was measured on someone or something other than the patient it belongs to.")
NAMELESS = SetAside("It doesn't say what it is about.")

_FAMILY = ("family history", "fh:", "fh ", "fhx", "no family history")


def _about_other(kind: str, node: Node) -> tuple[str | None, SetAside | None]:
    """The key of the subject, and why the resource can't be used where it isn't this patient's."""
    subject = subject_reference(node)
    key = target_of(subject)
    if subject is not None:
        about = target_type(subject, key)
        if about is not None and about != "Patient":
            return key, NOT_A_PATIENT
    focus = node.get("focus") if kind == "Observation" else None
    if focus:
        for item in focus if type(focus) is list else (focus,):
            if item is not None and (key is None or target_of(item) != key):
                return key, NOT_THE_PATIENT
    return key, None


def reader(table: Table) -> Reader:
    """The function that reads resources of the table's type."""
    kind = table.type
    names, codes_in = namer(table), coder(table)
    when_in, recorded_in = dater(table.when), dater((*table.recorded, "meta.lastUpdated"))
    elements_in, members_in = _elements(table), _members(table)
    title_in = _titler(table)
    measured, needs_medicine, may_be_family = (
        table.measured,
        table.names == MEDICATION,
        kind in ("Condition", "Observation"),
    )

    def read(node: Node, record_id: str, resolve: Resolve) -> Record | SetAside:
        subject, refused = _about_other(kind, node)
        if refused is not None:
            return refused
        context = Context(resolve, contained_in(node) if "contained" in node else {}, subject)
        found, codes = names(node, context)
        if needs_medicine and found is None and "medicationReference" not in node:
            return NAMELESS
        title = title_in(node, context, found)
        if title is None:
            return NAMELESS
        own = table.pick(node) if table.pick is not None else table.category
        judged = judge(kind, node)
        family = may_be_family and judged.trust is not Trust.ERROR and title.lower().startswith(_FAMILY)
        odd: Odd = []
        when = when_in(node, odd)
        record = Record(
            record_id,
            own,
            kind,
            title,
            judged.status,
            Trust.FAMILY if family else judged.trust,
            when,
            recorded_in(node, []).start,
            judged.current,
            codes_in(node) if codes is None else codes,
            value_of(node) if measured else None,
            interpretation_of(node) if measured else (),
            ranges_of(node) if measured else (),
            parts_of(node) if measured else (),
            elements_in(node, context, own, odd),
            members_in(node),
        )
        event, series = keys(record)
        labels, elements = labels_and_elements(node, record)
        return msgspec.structs.replace(record, elements=elements, labels=labels, event=event, series=series)

    return read


def _titler(table: Table) -> Callable[[Node, Context, str | None], str | None]:
    make, prefix, noun = table.title, table.prefix, table.noun or None
    if make is None:
        return lambda _node, _context, found: f"{prefix}{found}" if found else noun

    def title(node: Node, context: Context, found: str | None) -> str | None:
        return make(node, Named(found, lambda value: _name_behind(value, context))) or noun

    return title


def _elements(table: Table) -> Callable[[Node, Context, Category, Odd], tuple[Element, ...]]:
    kind, emits = table.type, emitters(table.type, table.rules)

    def elements(node: Node, context: Context, own: Category, odd: Odd) -> tuple[Element, ...]:
        out: list[Element] = []
        for first, emit in emits:
            if first in node:
                emit(node, context, own, out)
        out.extend(Element(own, f"{kind}.{path}", "date as written", text) for path, text in odd)
        extra = narrative_text(node)
        if extra:
            out.append(Element(Category.NOTES, f"{kind}.text", "note", extra))
        return tuple(out)

    return elements


def _members(table: Table) -> Callable[[Node], tuple[str, ...]]:
    paths = table.members

    def members(node: Node) -> tuple[str, ...]:
        return tuple(
            key
            for path in paths
            if (found := node.get(path)) is not None
            for item in at(found, ())
            if (key := target_of(item)) is not None
        )

    return members if paths else lambda _node: ()


def _name_behind(value: object, context: Context) -> str | None:
    if type(value) is not dict:
        return None
    display = string(value.get("display"))
    if display is not None:
        return plain(display)
    key = target_of(value)
    found = context.supporting(key) if key is not None and key != context.subject else None
    return found.name if found is not None else None
