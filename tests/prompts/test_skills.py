"""The skills that come with Chartside, and how a skill's file is read."""

import pytest

from assistant.records.model import Category
from prompts.front_matter import PromptError
from prompts.skill import LONGEST_TEXT, VARIABLES, Skill, built_in, filled, parse_skill

GOOD = """---
id: sugar
version: 2
name: My sugar
asks: How has my {{about = hemoglobin A1c}} changed since {{since}}?
categories: [labs]
variables: [since, about]
---
Look at {{about}} only.
"""

NAMED = {"summary", "explain", "visit", "changes", "medicines", "trends", "routine", "second-look", "plain"}


def test_those_that_are_promised_are_there() -> None:
    assert {skill.id for skill in built_in()} == NAMED


@pytest.mark.parametrize("skill", built_in(), ids=[skill.id for skill in built_in()])
def test_each_keeps_the_rules(skill: Skill) -> None:
    assert set(skill.categories) <= {category.value for category in Category}
    assert set(skill.variables) <= set(VARIABLES)
    assert len(skill.text.split()) <= 150
    assert "http" not in skill.text


def test_a_file_is_read_with_what_holds_otherwise() -> None:
    skill = parse_skill(GOOD, "sugar.md")
    assert (skill.id, skill.version, skill.name) == ("sugar", 2, "My sugar")
    assert skill.categories == ("labs",)
    assert skill.otherwise == {"about": "hemoglobin A1c"}
    values = {**skill.otherwise, "since": "2024"}
    assert filled(skill.asks, values) == "How has my hemoglobin A1c changed since 2024?"
    assert filled(skill.text, values) == "Look at hemoglobin A1c only.\n"


def test_a_value_is_not_read_as_a_placeholder() -> None:
    assert filled("About {{about}}", {"about": "{{since}} {{about}}"}) == "About {{since}} {{about}}"


def test_any_change_of_the_file_changes_its_hash() -> None:
    before = parse_skill(GOOD, "sugar.md").sha256
    assert parse_skill(GOOD.replace("hemoglobin A1c", "glucose"), "sugar.md").sha256 != before
    assert parse_skill(GOOD.replace("only", "first"), "sugar.md").sha256 != before


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        ("---\nid", "id", 1, "must open with front matter"),
        ("version: 2", "version: two", 3, "a whole number"),
        ("version: 2", "run: rm -rf /", 3, "unknown key 'run'"),
        ("name: My sugar\n", "", 7, "'name' is missing"),
        ("name: My sugar", "name:", 4, "name must be a few words"),
        ("name: My sugar", "name: " + "x" * 300, 4, "name must be a few words"),
        ("id: sugar", "id: ../sugar", 2, "the file's name"),
        ("[since, about]", "[since]", 7, "differ in: about"),
        ("[since, about]", "[since, about, level]", 7, "differ in: level"),
        ("Look at {{about}}", "Look at {{about}} and {{path}}", 7, "differ in: path"),
        ("Look at {{about}} only.", "", 9, "stands no text"),
        ("Look at {{about}} only.", "x" * (LONGEST_TEXT + 1), 9, "longer than"),
    ],
)
def test_what_breaks_a_rule_is_refused_with_its_place(old: str, new: str, at: int, message: str) -> None:
    assert old in GOOD
    with pytest.raises(PromptError) as refused:
        parse_skill(GOOD.replace(old, new, 1), "sugar.md")
    assert str(refused.value).startswith(f"sugar.md, line {at}: ")
    assert message in str(refused.value)


def test_only_variables_of_the_list_can_be_left_open() -> None:
    source = GOOD.replace("since", "secret")
    with pytest.raises(PromptError, match="secret can't be left open; there are: about"):
        parse_skill(source, "sugar.md")
