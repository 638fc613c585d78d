import json
import subprocess
import sys
from typing import Any

import pytest

from assistant.records.validation import Finding, check
from tests.records.samples import lab


def findings(resource: dict[str, Any]) -> tuple[Finding, ...]:
    return check(resource.get("resourceType", "Observation"), json.dumps(resource).encode())


def test_a_good_resource_has_no_findings() -> None:
    assert findings(lab()) == ()


@pytest.mark.parametrize(
    ("resource", "path"),
    [
        ({"resourceType": "Observation", "status": "final"}, "Observation.code"),
        (lab(status=5), "Observation.status"),
        (lab(code="LDL"), "Observation.code"),
        (lab(effectiveDateTime="SECRET-DATE"), "Observation.effectiveDateTime"),
        (lab(valueQuantity={"value": "SECRET-VALUE"}), "Observation.valueQuantity.value"),
        (lab(secretfield="SECRET"), "Observation"),
        (lab(component=[{"valueString": "SECRET"}]), "Observation.component.0.code"),
    ],
)
def test_findings_say_where_and_never_what(resource: dict[str, Any], path: str) -> None:
    found = findings(resource)
    assert path in {item.path for item in found}
    assert all("secret" not in f"{item.path} {item.text}".lower() for item in found)
    assert all(item.text for item in found)


def test_what_is_no_type_or_no_json_is_said() -> None:
    assert check("Spaceship", b"{}") == (Finding("", "is no resource type of FHIR R4"),)
    assert check("Observation", b"{") != ()
    assert check("Observation", b"[]") != ()


def test_the_validator_is_loaded_only_when_asked() -> None:
    code = (
        "import sys, assistant.records.read, assistant.records.validation, assistant.records.show;"
        "heavy = ('fhir', 'pydantic', 'sqlmodel', 'httpx');"
        "print(sorted(n for n in sys.modules if n.split('.')[0] in heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
