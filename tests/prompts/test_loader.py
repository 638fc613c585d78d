"""Prompts are loaded by id, strictly, and what breaks a rule is refused with its place."""

from hashlib import sha256

import pytest

from prompts.loader import PromptError, available, load, parse

GOOD = """---
id: visit
version: 3
categories: [labs, medications]
variables: [day]
---

Prepare the visit of {{day}}.
"""


def test_every_prompt_that_is_there_loads() -> None:
    assert "ask" in available()
    for id_ in available():
        prompt = load(id_)
        assert prompt.id == id_
        assert prompt.sha256 == sha256(prompt.text.encode()).hexdigest()


def test_front_matter_and_text_are_told_apart() -> None:
    prompt = parse(GOOD, "visit.md")
    assert (prompt.id, prompt.version) == ("visit", 3)
    assert prompt.categories == ("labs", "medications")
    assert prompt.variables == ("day",)
    assert prompt.text == "Prepare the visit of {{day}}.\n"


def test_an_empty_list_is_empty() -> None:
    assert parse(GOOD.replace("[labs, medications]", "[ ]"), "visit.md").categories == ()


def test_an_unknown_id_names_those_there_are() -> None:
    with pytest.raises(PromptError, match=r"there are: .*ask"):
        load("nothing")


@pytest.mark.parametrize("id_", ["../pyproject", "ask.md", "", "/etc/passwd", "Ask"])
def test_an_id_is_no_path(id_: str) -> None:
    with pytest.raises(PromptError, match="There is no prompt"):
        load(id_)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("---\nid", "id", "line 1: the file must open with front matter"),
        ("]\n---\n", "]\n", "line 1: the file must open with front matter"),
        ("version: 3", "version: 3\ncolour: red", "line 4: unknown key 'colour'"),
        ("version: 3", "version: 3\nversion: 4", "line 4: 'version' stands twice"),
        ("version: 3", "version 3", "line 3: expected 'key: value'"),
        ("version: 3\n", "", "the key 'version' is missing"),
        ("version: 3", "version: three", "a whole number"),
        ("version: 3", "version: 0", "a whole number"),
        ("id: visit", "id: other", "the id must be the file's name"),
        ("[day]", "day", "variables must be a list"),
        ("[day]", "[day, day]", "each once"),
        ("[labs, medications]", "[labs, two words]", "plain names"),
        ("[day]", "[]", "differ in: day"),
        ("[day]", "[day, name]", "differ in: name"),
    ],
)
def test_a_broken_rule_is_named(old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(PromptError, match=r"^visit\.md") as refused:
        parse(GOOD.replace(old, new, 1), "visit.md")
    assert message in str(refused.value)
