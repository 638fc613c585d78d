"""Whatever JSON comes in: reading never raises, and never forgets what it can't understand."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.records.decode import decode
from assistant.records.event import part_series_key
from assistant.records.fhir.supporting import SUPPORTING
from assistant.records.fhir.tables import TABLES
from assistant.records.model import Category, Record, SetAside, Supporting
from assistant.records.person import compare, contained_person, person_reference, read_person
from assistant.records.read import names_used, read
from assistant.records.show import line
from assistant.records.words import index_text, index_texts
from tests.records.fhir_models import Full
from tests.records.samples import R4, nothing, resources

ODD: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        2**70,
        1.5,
        "",
        " ",
        "x",
        "2020",
        "\u200b",
        "(finding)",
        "\ud800",
        "a" * 5000,
    ),
    *(
        [],
        [None],
        [[]],
        [[[[1]]]],
        [{}],
        ["x", 1, None],
        {},
        {"x": 1},
        {"reference": 5},
        {"reference": "Patient/"},
    ),
    *({"coding": "x"}, {"coding": [1, None, {"code": 5}]}, {"text": 5}, {"value": "x"}, {"value": {}}),
    *({"start": 5, "end": "x"}, {"reference": "#x"}, {"code": {"text": "x"}}, [{"code": [1]}]),
)
EXAMPLES = settings(
    deadline=None,
    database=None,
    max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def real(material: Path) -> list[str]:
    """One of each kind of resource of each folder, and a full one of each type, as JSON text."""
    seen: dict[tuple[Any, ...], str] = {}
    for folder in R4:
        for resource in resources(material, folder):
            seen.setdefault((folder, resource.get("resourceType")), json.dumps(resource))
    return [*seen.values(), *(json.dumps(Full(kind).json) for kind in TABLES)]


def places(node: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place inside a JSON value."""
    found = [at] if at else []
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        found += places(value, (*at, key))
    return found


def change(node: Any, at: tuple[Any, ...], value: Any, delete: bool) -> None:
    for key in at[:-1]:
        node = node[key]
    if delete:
        del node[at[-1]]
    else:
        node[at[-1]] = copy.deepcopy(value)


def use(resource: Any) -> None:
    """Everything that is done with a resource that comes in."""
    found = read(resource, id="r", resolve=lambda _: Supporting("Practitioner", "Dr A"))
    assert isinstance(found, Record | Supporting | SetAside)
    names_used(resource)
    person = read_person(resource, "urn:uuid:x")
    compare(person, contained_person(resource) or person)
    reference = person_reference(resource)
    assert reference is None or reference
    if isinstance(found, Record):
        text = line(found, found.elements)
        assert "\n" not in text
        assert found.title
        assert index_texts(found)[0] == (found.category, *index_text(found, found.category))
        for category in Category:
            index_text(found, category)
        for part in found.parts:
            part_series_key(part)


@given(data=st.data())
@EXAMPLES
def test_reading_never_raises_on_changed_real_resources(real: list[str], data: st.DataObject) -> None:
    resource = json.loads(data.draw(st.sampled_from(real)))
    for _ in range(data.draw(st.integers(1, 4))):
        everywhere = places(resource)
        if not everywhere:
            break
        at = data.draw(st.sampled_from(everywhere))
        change(resource, at, data.draw(st.sampled_from(ODD)), data.draw(st.booleans()))
    use(resource)


def test_every_place_of_every_kind_takes_every_odd_value(real: list[str]) -> None:
    for number, text in enumerate(real):
        resource = json.loads(text)
        everywhere = places(resource)
        for step, at in enumerate(everywhere):
            changed = json.loads(text)
            change(changed, at, ODD[(number + step) % len(ODD)], False)
            read(changed, id="r", resolve=nothing)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


@given(kind=st.sampled_from([*sorted(TABLES), *sorted(SUPPORTING)]), data=st.data())
@EXAMPLES
def test_reading_never_raises_on_any_object(kind: str, data: st.DataObject) -> None:
    fields = sorted(Full(kind).json) if kind in TABLES else ["name", "code", "title", "type"]
    resource = data.draw(st.dictionaries(st.sampled_from(fields), JSON, max_size=6))
    use({**resource, "resourceType": kind})


@given(kind=st.sampled_from(sorted(TABLES)), data=st.data())
@EXAMPLES
def test_an_unknown_qualifier_anywhere_sets_the_whole_resource_aside(kind: str, data: st.DataObject) -> None:
    resource = Full(kind).json
    objects = [at for at in places(resource) if isinstance(_at(resource, at), dict)]
    at = data.draw(st.sampled_from([(), *objects]))
    _at(resource, at)["modifierExtension"] = [{"url": "http://example.org/not", "valueBoolean": True}]
    assert isinstance(read(decode(json.dumps(resource).encode()), id="r", resolve=nothing), SetAside)


def _at(node: Any, at: tuple[Any, ...]) -> Any:
    for key in at:
        node = node[key]
    return node
