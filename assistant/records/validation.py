"""Checks one resource against FHIR R4, on demand: fhir.resources is heavy and never on the way in.

R4 is read with the library's R4B models. Findings name the place and what is wrong, never a value.
"""

import re
from typing import Any

import msgspec

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is no element of FHIR R4",
    "string_type": "should be text",
    "string_pattern_mismatch": "is not written as FHIR R4 asks",
    "bool_type": "should be true or false",
    "bool_parsing": "should be true or false",
    "int_type": "should be a whole number",
    "int_parsing": "should be a whole number",
    "list_type": "should be a list",
    "dict_type": "should be an object",
    "model_type": "should be an object",
    "datetime_parsing": "is no date and time",
    "datetime_from_date_parsing": "is no date and time",
    "date_parsing": "is no date",
    "date_from_datetime_parsing": "is no date",
    "decimal_parsing": "is no number",
    "url_parsing": "is no address",
    "json_invalid": "is not JSON",
}
_OTHER = "is not as FHIR R4 asks"


class Finding(msgspec.Struct, frozen=True):
    """One thing that FHIR R4 doesn't allow."""

    path: str
    """`Observation.component.0.code`; names that FHIR doesn't have are left out."""
    text: str


def check(type: str, body: bytes) -> tuple[Finding, ...]:  # noqa: A002 - FHIR's name
    """What FHIR R4 doesn't allow in a resource of this type; empty when all is well."""
    # fhir.resources costs some 0.2 s to import, so it is imported when the first resource is checked.
    from fhir.resources.R4B import get_fhir_model_class
    from pydantic import ValidationError

    try:
        model = get_fhir_model_class(type)
    except (LookupError, ValueError):
        return (Finding("", "is no resource type of FHIR R4"),)
    try:
        model.model_validate_json(body)
    except ValidationError as error:
        found = error.errors(include_input=False, include_context=False, include_url=False)
        return tuple(
            dict.fromkeys(
                Finding(_path(type, _known(item)), _WORDS.get(str(item["type"]), _OTHER)) for item in found
            )
        )
    except (ValueError, TypeError, AttributeError, RecursionError):
        return (Finding(type, _OTHER),)
    return ()


def _known(item: Any) -> tuple[int | str, ...]:
    """Where a finding is, without a name that FHIR doesn't have: that one is the source's own text."""
    places: tuple[int | str, ...] = item["loc"]
    return places[:-1] if item["type"] == "extra_forbidden" else places


def _path(kind: str, places: tuple[int | str, ...]) -> str:
    steps = [str(place) for place in places if isinstance(place, int) or _NAME.fullmatch(place)]
    return ".".join((kind, *steps))
