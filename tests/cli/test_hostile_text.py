"""Text that nobody here wrote reaches a terminal only as text, and loses no unit on the way."""

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.fakes import small

HOSTILE = {
    "clipboard": "Glucose\x1b]52;c;cm0gLXJm\x07",
    "clear": "Glucose\x1b[2J\x1b[H",
    "c1": "Glucose\x9b31m",
    "link": "Glucose\x1b]8;;https://evil.example\x1b\\here\x1b]8;;\x1b\\",
    "direction": "Glucose\u202eesoculG",
    "hidden": "Glu\u200bcose\U000e0041",
    "backspace": "Glucose\b\b\b\b",
    "markup": "[@click=app.quit]Glucose[/] [bold]",
}


@pytest.fixture
def hostile(run: Run, bundle: Callable[..., Path]) -> None:
    """A chart whose every name is hostile."""
    labs = [
        small.observation(f"h{n}", (f"99{n}-1", text), 120 + n, "mm[Hg]", f"2026-01-{n + 1:02}")
        for n, text in enumerate(HOSTILE.values())
    ]
    run("init")
    run("import", str(bundle("Glu\x1b[2Jcose.json", labs)))


def acts(text: str) -> list[str]:
    """Characters that a terminal would act on, or that hide."""
    return [c for c in text if c != "\n" and unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co"}]


@pytest.mark.parametrize(
    "command",
    [
        ["records"],
        ["facts", "glucose"],
        ["ask", "What was my last glucose?"],
        ["ask", "What was my last glucose?", "--dry-run"],
        ["sources"],
        ["chats"],
        ["ledger"],
        ["import", "nowhere\x1b[2J"],
    ],
)
def test_nothing_acts_on_the_terminal(run: Run, hostile: None, command: list[str]) -> None:
    for plain in (True, False):
        ran = run(*command, plain=plain)
        assert acts(ran.out) == []
        assert acts(ran.err) == []


def test_no_unit_and_no_bracket_is_lost(run: Run, hostile: None) -> None:
    told = run("records", plain=True).out
    assert told.count("mm[Hg]") == len(HOSTILE)
    assert "[@click=app.quit]Glucose[/] [bold]" in told


def test_the_vault_keeps_the_very_text(run: Run, hostile: None) -> None:
    for record in run("records", "--category", "labs").document["records"]:
        (raw,) = run("record", record["id"], "--raw").document["raws"]
        assert any(json.dumps(text)[1:-1] in raw["resource"] for text in HOSTILE.values())
