"""Skills as commands."""

import hashlib
import io
from pathlib import Path

import pytest

from prompts.skill import built_in
from tests.cli.conftest import Run

BROKEN = "---\nid: mine\n"


def test_all_are_listed_with_what_is_wrong_with_a_file(run: Run, home: Path) -> None:
    assert [skill["id"] for skill in run("skills").document["skills"]] == [skill.id for skill in built_in()]
    (home / "skills").mkdir(parents=True)
    (home / "skills" / "mine.md").write_text(BROKEN)
    document = run("skills", "list").document
    assert document["refused"] == [
        "mine.md, line 1: the file must open with front matter between two --- lines."
    ]
    assert document["folder"] == str(home / "skills")
    assert "mine.md, line 1" in run("skills", plain=True).out


def test_one_is_shown_with_all_that_a_model_is_told(run: Run, home: Path) -> None:
    skill = run("skills", "show", "visit").document["skill"]
    assert "one a line" in skill["text"]
    assert skill["own"] is False
    ran = run("skills", "show", "nothing")
    assert ran.code == 2
    assert "visit" in ran.document["error"]["next"]


def test_a_question_is_asked_with_a_skill(run: Run, chart: Path) -> None:
    ran = run("ask", "--skill", "explain", "LDL")
    assert ran.document["answer"]["text"].startswith("55 mg/dL on 3 Mar 2026")
    used = [(prompt["id"], prompt["version"]) for prompt in ran.document["outgoing"]["prompts"]]
    assert used == [("ask", 1), ("explain", 1)]
    assert run("ask", "--skill", "trends", "my", "LDL").document["answer"]["citations"]


def test_its_words_are_part_of_the_exact_bytes(run: Run, chart: Path) -> None:
    ran = run("ask", "--skill", "medicines", "--to", "scripted", "--dry-run")
    outgoing = ran.document["outgoing"]
    assert "shown to a pharmacist" in outgoing["body"]
    assert outgoing["sha256"] == hashlib.sha256(outgoing["body"].encode()).hexdigest()


@pytest.mark.parametrize(
    "arguments", [(), ("What was", "my last LDL?"), ("--skill", "second-look"), ("--skill", "none")]
)
def test_wrong_use_is_told(run: Run, chart: Path, arguments: tuple[str, ...]) -> None:
    assert run("ask", *arguments).code == 2


def test_the_line_mode_takes_skills(run: Run, chart: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("/explain LDL\n/quit\n"))
    assert "55 mg/dL" in run("chat", plain=True).out
