"""Which labels a record gets, and which its elements of other categories get for themselves.

A visit whose reason is sensitive is still a plain visit: the reason carries the label, so what goes out
with the reason's category off is the same whatever the reason.
"""

import msgspec

from assistant.records.decode import Node
from assistant.records.model import Category, Coding, Element, Record, ValueKind
from assistant.records.sensitivity import code_labels, security_labels, word_labels

_PERSONAL = frozenset(("Patient", "RelatedPerson", "Coverage", "CareTeam"))
"""Kinds whose titles are names of people and companies: no place to look for sensitive words."""

Telling = tuple[list[Coding], list[str]]
"""The codes and texts by which something is found to be sensitive."""


def _of_record(record: Record) -> Telling:
    codes, texts = [*record.codes], [record.title]
    for value in (record.value, *[part.value for part in record.parts]):
        if value is not None:
            codes.extend(value.codes)
            if value.text and value.kind is not ValueKind.ABSENT:
                texts.append(value.text)
    for part in record.parts:
        codes.extend(part.codes)
        texts.append(part.title)
    texts.extend(item.display for item in record.codes if item.display and item.display != record.title)
    return codes, [] if record.kind in _PERSONAL else texts


def _is_searched(element: Element) -> bool:
    """Names of people and the words of notes are not searched; coded things and reasons are."""
    return bool(element.text) and (bool(element.codes) or element.category is Category.CONDITIONS)


def _labels(telling: Telling) -> list[str]:
    return code_labels(telling[0]) + word_labels(telling[1])


def labels_and_elements(node: Node, record: Record) -> tuple[tuple[str, ...], tuple[Element, ...]]:
    """The record's labels, and its elements with theirs."""
    given = security_labels(node)
    codes, texts = _of_record(record)
    all_codes, all_texts = [*codes], [*texts]
    for element in record.elements:
        if element.codes:
            all_codes.extend(element.codes)
        if _is_searched(element):
            all_texts.append(element.text)
    if not _labels((all_codes, all_texts)):
        return tuple(sorted(set(given))), record.elements
    elements = tuple(_labelled(element, record.category) for element in record.elements)
    for element in elements:
        if element.category is record.category:
            codes.extend(element.codes)
            if _is_searched(element):
                texts.append(element.text)
    return tuple(sorted({*given, *_labels((codes, texts))})), elements


def _labelled(element: Element, own: Category) -> Element:
    if element.category is own:
        return element
    found = _labels(([*element.codes], [element.text] if _is_searched(element) else []))
    return msgspec.structs.replace(element, labels=tuple(sorted(set(found)))) if found else element
