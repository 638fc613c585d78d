"""Every SHALL and SHALL NOT of SMART App Launch 2.2 on a client has a test, or a reason why it needs none."""

import ast
import csv
from pathlib import Path

import msgspec

from tests.conftest import ROOT

TABLE = Path(__file__).with_name("requirements.json")


class Covered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one requirement is met."""

    test: tuple[str, ...] = ()
    why: str | None = None


def table() -> dict[str, Covered]:
    return msgspec.json.decode(TABLE.read_bytes(), type=dict[str, Covered])


def names_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text())
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in tree.body if isinstance(node, functions) and node.name.startswith("test_")}


def test_each_row_has_tests_that_exist_or_a_reason() -> None:
    rows = table()
    assert all(bool(row.test) != bool(row.why) for row in rows.values())
    named = {name for row in rows.values() for name in row.test}
    missing = {name for name in named if name.partition("::")[2] not in names_in(name.partition("::")[0])}
    assert missing == set()


def test_every_requirement_on_a_client_is_there(material: Path) -> None:
    with (material / "smart-client-requirements.csv").open(encoding="utf-8-sig", newline="") as file:
        wanted = [row["ID"] for row in csv.DictReader(file) if row["Conformance"].startswith("SHALL")]
    assert wanted
    assert sorted(table(), key=int) == sorted(wanted, key=int)
