"""Session files written by tests, and the command that runs them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run, bundle, home, run
from tests.fakes import small

__all__ = ["bundle", "home", "run"]

Write = Callable[..., Path]

HEAD = 'today = "2026-11-22"\nrecords = ["chart.json"]\n'


@pytest.fixture
def chart(bundle: Callable[..., Path]) -> Path:
    """A small chart beside the session files of a test."""
    return bundle(
        "chart.json",
        [
            small.ldl("o1", 148, "2019-03-12"),
            small.ldl("o2", 96, "2026-02-10"),
            small.medication("m1", "83367", "Atorvastatin 20 MG", "2019-04-01"),
        ],
    )


@pytest.fixture
def write(tmp_path: Path, chart: Path) -> Write:
    """Writes a session over the small chart, from TOML text or from a document."""

    def session(text: str | dict[str, Any], name: str = "session", head: str = HEAD) -> Path:
        path = tmp_path / f"{name}.{'toml' if isinstance(text, str) else 'json'}"
        path.write_text(head + text if isinstance(text, str) else json.dumps(text))
        return path

    return session


def runs_of(document: Any, to: str, question: int = 1) -> list[Any]:
    """The runs of one question and destination in a report."""
    (session,) = document["sessions"]
    (asked,) = [q for q in session["questions"] if q["n"] == question]
    (result,) = [r for r in asked["results"] if r["to"] == to]
    return list(result["runs"])


def without_timing(value: Any) -> Any:
    """A report without what may differ between two runs."""
    if isinstance(value, dict):
        return {key: without_timing(inner) for key, inner in value.items() if key != "timing"}
    return [without_timing(inner) for inner in value] if isinstance(value, list) else value


__all__ += ["Run"]
