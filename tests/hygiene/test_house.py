"""The house keeps its shape: who may import whom, how long a file gets, what a command loads."""

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

SOURCES = ("assistant", "connectors", "prompts")
LONGEST = 400
TYPICAL = 130
HEAVY = (
    "anthropic",
    "cryptography",
    "fhir",
    "fpdf",
    "httpx",
    "httpx2",
    "keyring",
    "litellm",
    "openai",
    "pydantic",
    "sqlalchemy",
    "sqlcipher3",
    "sqlmodel",
    "textual",
)


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def test_imports_run_one_way() -> None:
    linted = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout


def test_no_file_is_too_long() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in python_files(*SOURCES, "tests")}
    assert {str(path): length for path, length in lengths.items() if length > LONGEST} == {}
    own = [
        length for path, length in lengths.items() if path.relative_to(ROOT).parts[0] != "tests" and length
    ]
    assert statistics.median(own) <= TYPICAL


def loaded_by(statement: str) -> set[str]:
    """Top-level names in `sys.modules` of a fresh interpreter after a statement."""
    script = f"import sys; {statement}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(ran.stdout.split("\n")[-2].split())


@pytest.mark.parametrize(
    "statement",
    [
        "import assistant.cli.main",
        "from assistant.cli.main import main\ntry: main(['--help'])\nexcept SystemExit: pass",
        "import assistant.records.read, assistant.records.facts, assistant.records.validation",
        "import connectors.files.connector, connectors.sample.connector",
        "import connectors.files.child",
        "import prompts.loader",
    ],
)
def test_nothing_heavy_is_loaded_for(statement: str) -> None:
    loaded = loaded_by(f"exec({statement!r})")
    assert loaded.isdisjoint(HEAVY)


def test_help_loads_only_the_command_line() -> None:
    loaded = loaded_by("import assistant.cli.main")
    assert loaded.isdisjoint({"msgspec", "asyncio", "sqlite3", "connectors", "prompts", "tomllib"})


def test_asking_offline_loads_no_model_library() -> None:
    loaded = loaded_by("import assistant.bootstrap, assistant.cli.asking, assistant.cli.records")
    assert loaded.isdisjoint(
        {"anthropic", "litellm", "openai", "httpx", "httpx2", "textual", "fhir", "keyring"}
    )


HOMES = {
    "sqlmodel": "assistant/vault",
    "sqlalchemy": "assistant/vault",
    "sqlcipher3": "assistant/vault",
    "cryptography": "assistant/vault connectors/smart",
    "authlib": "connectors/smart",
    "keyring": "assistant/vault",
    "fhir": "assistant/records",
    "fpdf": "assistant/visit",
    "anthropic": "assistant/llm",
    "litellm": "assistant/llm",
    "mcp": "connectors/mcp",
    "textual": "assistant/tui",
}


def test_each_heavy_library_has_one_home() -> None:
    strays = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in python_files(*SOURCES)
        for name in imported(path)
        if name in HOMES and not any(path.is_relative_to(ROOT / home) for home in HOMES[name].split())
    ]
    assert strays == []


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


EDGES = {"assistant/cli/main.py"}


def test_everything_is_caught_only_at_the_edge() -> None:
    broad = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in python_files(*SOURCES)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler)
        and (
            node.type is None
            or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"})
        )
        and not swallows_nothing(node)
        and path.relative_to(ROOT).as_posix() not in EDGES
    ]
    assert broad == []


def swallows_nothing(handler: ast.ExceptHandler) -> bool:
    """A handler that ends by raising the same exception again only cleans up."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_public_things_say_what_they_are() -> None:
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in python_files(*SOURCES)
        for node in reachable(ast.parse(path.read_text()))
        if not node.name.startswith("_") and ast.get_docstring(node) is None
    ]
    assert silent == []


def reachable(node: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Functions and classes that others can use: not those inside of functions."""
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield inner
        if not isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from reachable(inner)
