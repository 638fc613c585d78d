"""The fixed words of the program: sentences that stand in its source and reach a person, and its skills."""

import ast
import re
from collections.abc import Iterator

from prompts.skill import built_in
from tests.conftest import ROOT

_NO_SENTENCE = re.compile(r"[=_{}|\\]|://|\.py\b|SELECT |INSERT |CREATE |DELETE FROM|UPDATE ")


def texts() -> Iterator[tuple[str, str]]:
    """Every text of the source that isn't a docstring, with its place; what is filled in reads `it`."""
    for path in sorted((ROOT / "assistant").rglob("*.py")):
        tree = ast.parse(path.read_text())
        skipped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        formatted = (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr))
        skipped |= {id(part) for node in formatted for part in node.values}
        for node in ast.walk(tree):
            place = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.JoinedStr):
                yield "".join(map(_piece, node.values)), place
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
                yield node.value, place
    for skill in built_in():
        yield f"{skill.name}.", f"prompts/skills/{skill.id}.md"


def sentences() -> Iterator[tuple[str, str]]:
    """The whole sentences among them, of five words or more."""
    for text, place in texts():
        for sentence in re.split(r"(?<=[.!?:;])\s+|\n", text):
            words = re.findall(r"[A-Za-z’']+", sentence)
            whole = re.fullmatch(r"[A-Z“].*[.!?:;]", sentence) and not _NO_SENTENCE.search(sentence)
            if whole and len(words) >= 5:
                yield sentence, place


def _piece(part: ast.expr) -> str:
    return str(part.value) if isinstance(part, ast.Constant) else "it"
