"""What FHIR R4 says a resource can hold, walked from fhir.resources, and resources with all of it."""

import base64
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

SKIPPED = frozenset(
    (
        *("resourceType", "resource_type", "fhir_comments", "implicitRules", "meta", "contained"),
        *("extension", "modifierExtension", "id"),
    )
)
_TYPE = re.compile(r"\babc\.(\w+?)Type\b")
_PRIMITIVE = re.compile(
    r"\b(DateTime|Date|Instant|Time|Decimal|Integer|PositiveInt|UnsignedInt|Base64Binary|Code)\("
)


class Field(NamedTuple):
    """One element of a type: its JSON name, FHIR type, and what FHIR's model says of it."""

    name: str
    type: str
    many: bool
    extra: dict[str, Any]


def model(kind: str) -> Any:
    """The R4B model of a FHIR type."""
    return pytest.importorskip("fhir.resources.R4B").get_fhir_model_class(kind)


def fields(kind: str) -> Iterator[Field]:
    """The elements of a FHIR type that can hold something of its own."""
    fields_of = model(kind).model_fields
    for name, info in fields_of.items():
        if name.endswith("__ext"):
            continue
        json_name = info.alias or name
        if json_name in SKIPPED or name in SKIPPED or (json_name == "language" and "contained" in fields_of):
            continue
        written = str(info.annotation)
        found = _TYPE.search(written)
        primitive = _PRIMITIVE.search(written)
        if found is not None:
            kind_of = found.group(1)
        elif primitive is not None:
            kind_of = primitive.group(1)
        else:
            kind_of = "boolean" if "bool" in written else "decimal" if "Decimal" in written else "string"
        if kind_of == "Narrative":
            continue
        yield Field(json_name, kind_of, "List[" in written, info.json_schema_extra or {})


def is_backbone(kind: str, parent: str) -> bool:
    """Whether a type is an inner element of a resource (or a Dosage, which reads like one)."""
    return kind == "Dosage" or (kind.startswith(parent) and kind != parent)


def paths(kind: str, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, Field]]:
    """(dotted path, field) of every element of a resource down to its datatypes."""
    for field in fields(kind):
        path = f"{prefix}{field.name}"
        yield path, field
        if is_backbone(field.type, kind) and depth < 4:
            yield from paths(field.type, f"{path}.", depth + 1)


class Full:
    """A resource with every element filled, and which unique word stands at which path."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.words: dict[str, str] = {}
        self.json: dict[str, Any] = {"resourceType": kind, "id": "full"}
        for field in fields(kind):
            self.json[field.name] = self._filled(field, field.name, 0)

    def _word(self, path: str) -> str:
        word = f"zq{len(self.words)}x"
        self.words[word] = path
        return word

    def _filled(self, field: Field, path: str, depth: int) -> Any:
        value = self._value(field, path, depth)
        return [value] if field.many else value

    def _value(self, field: Field, path: str, depth: int) -> Any:
        kind, extra = field.type, field.extra
        if kind in ("CodeableConcept", "Coding"):
            word = self._word(path)
            coding = {"system": "http://example.org", "code": word, "display": word}
            return coding if kind == "Coding" else {"text": word, "coding": [coding]}
        if kind == "Reference":
            targets = extra.get("enum_reference_types") or ["Basic"]
            target = next((one for one in targets if one != "Patient"), targets[0])
            if path in ("subject", "patient", "beneficiary"):
                target = "Patient"
            return {"reference": f"{target}/ref", "display": self._word(path)}
        if kind == "Attachment":
            data = base64.b64encode(self._word(path).encode()).decode()
            return {"contentType": "text/plain", "data": data, "title": self._word(path)}
        if kind in ("Extension", "Resource", "SampledData"):
            return None
        return self._plain(field, path, depth)

    def _plain(self, field: Field, path: str, depth: int) -> Any:
        kind = field.type
        if kind in ("DateTime", "Date", "Instant"):
            return "2020-01-01" if kind != "Instant" else "2020-01-01T00:00:00Z"
        if kind == "boolean":
            return path.rsplit(".", 1)[-1] != "doNotPerform"
        if kind in ("Decimal", "Integer", "PositiveInt", "UnsignedInt", "decimal"):
            return 1
        enum = [code for code in field.extra.get("enum_values") or () if code != "+"]
        if enum and path in ("status", "intent", "use", "lifecycleStatus"):
            return "order" if path == "intent" else enum[0]
        if kind[0].islower() or kind in ("Code", "Time", "Base64Binary"):
            return self._word(path)
        if depth > 5:
            return None
        return {inner.name: self._filled(inner, f"{path}.{inner.name}", depth + 1) for inner in fields(kind)}
