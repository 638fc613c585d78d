"""Text reaches a screen only through `assistant.tui.drawn`; every other way in is found here."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

DOOR = "assistant/tui/drawn.py"
TAKES_TEXT = frozenset(("Static", "Label", "Option", "Button", "Checkbox", "Collapsible", "Tab", "Markdown"))
"""Widgets that read a plain string as markup, or draw it as it is."""
DRAWN = frozenset(("drawn", "drawn_line", "joined"))
MARKUP = frozenset(("from_markup", "from_rich_text", "from_ansi", "render_str", "add_column", "add_row"))
TITLES = frozenset(("border_title", "border_subtitle", "tooltip", "title", "sub_title"))
BARE = frozenset(("Content", "Segment", "Text"))


def ways_in(source: str) -> Iterator[str]:
    """Places where text could reach a screen without having been cleaned."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _called(node)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Attribute) and target.attr in TITLES and not _constant(node.value):
                    yield f"{node.lineno}: {target.attr} is set"
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("rich.text"):
            yield f"{node.lineno}: rich text is imported"


def _called(node: ast.Call) -> Iterator[str]:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    first = node.args[0] if node.args else None
    if name in MARKUP:
        yield f"{node.lineno}: {name} reads markup or escapes"
    if name == "notify" and not any(k.arg == "markup" and _false(k.value) for k in node.keywords):
        yield f"{node.lineno}: notify with markup"
    if name in {*TAKES_TEXT, "update"} and isinstance(first, (ast.JoinedStr, ast.Constant, ast.BinOp)):
        yield f"{node.lineno}: {name} takes a plain string"
    filled = [*node.args[:1], *(k.value for k in node.keywords if k.arg == "value")]
    if name == "Input" and any(not _constant(value) and not _cleaned(value) for value in filled):
        yield f"{node.lineno}: a field filled with text that was not cleaned"
    if name in BARE and first is not None and not _constant(first) and not _cleaned(first):
        yield f"{node.lineno}: {name} of text that was not cleaned"


def _constant(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant)


def _false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def _cleaned(node: ast.expr) -> bool:
    called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
    return called in {*DRAWN, "safe_line", "safe_text"}


def test_nothing_goes_around_the_door() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{way}"
        for path in sorted((ROOT / "assistant/tui").rglob("*.py"))
        if path != ROOT / DOOR
        for way in ways_in(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        'Static(f"{title}")',
        'Static("a" + title)',
        "notify(error.text)",
        "notify(text, markup=True)",
        "Content(title)",
        "Content.from_markup(title)",
        "Segment(title)",
        "Input(title)",
        "Input(value=title)",
        "self.border_title = title",
        'widget.update(f"{value}")',
        "from rich.text import Text",
    ],
)
def test_a_way_around_is_found(source: str) -> None:
    assert list(ways_in(source)) != []


def test_the_door_is_there() -> None:
    assert {
        node.name
        for node in ast.parse(Path(ROOT / DOOR).read_text()).body
        if isinstance(node, ast.FunctionDef)
    } == DRAWN
