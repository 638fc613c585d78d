"""The data a clinician reviews: every rule says what it is and where it comes from; nothing in it is idle."""

import re
from importlib.resources import files

import msgspec
import pytest

from assistant.safety.data import reviewed, rules
from assistant.safety.pattern import entries, parse, words_of
from assistant.safety.spelling import Spelling

DATA = files("assistant.safety").joinpath("rule_data")
WORDS = msgspec.json.decode(DATA.joinpath("words.json").read_bytes())


def test_every_rule_has_its_own_id_a_description_and_its_guidance() -> None:
    ids = [rule.id for rule in rules()]
    assert len(ids) == len(set(ids))
    assert all(rule.about.endswith(".") and "," in rule.source and rule.any for rule in rules())


def test_no_pattern_is_written_twice_in_a_rule() -> None:
    assert not [(rule.id, one) for rule in rules() for one in rule.any if rule.any.count(one) > 1]


def test_every_group_that_is_named_is_there_and_every_group_is_named() -> None:
    written = [DATA.joinpath(f"{name}.json").read_text() for name in ("rules", "frames")]
    code = [path.read_text() for path in files("assistant.safety").iterdir() if path.name.endswith(".py")]
    named = {name for text in code for name in re.findall(r'"@([a-z_0-9]+)"', text)}
    named |= {
        name for text in (*written, *WORDS["groups"].values()) for name in re.findall(r"@([a-z_0-9]+)", text)
    }
    assert named == set(WORDS["groups"])


def test_words_that_play_down_are_in_no_rule() -> None:
    listed = reviewed().spelling
    assert not any(listed.read(word) == {word} for word in ("probably", "silly", "overreacting", "medicaid"))


def test_every_frame_says_what_it_is() -> None:
    frames = [one.of for one in reviewed().frames]
    assert len({frame.id for frame in frames}) == len(frames)
    assert all(frame.about.endswith(".") and frame.hides and frame.any for frame in frames)


@pytest.mark.parametrize(
    ("written", "forms"),
    [
        ("bleed+", {"bleed", "bleeds", "bleeded", "bleeding"}),
        ("choke+", {"choke", "chokes", "choked", "choking"}),
        ("stab+", {"stab", "stabs", "stabed", "stabing", "stabbed", "stabbing"}),
        ("short of breath", {"short-of-breath"}),
    ],
)
def test_a_plus_stands_for_endings(written: str, forms: set[str]) -> None:
    assert set(entries(written)) == forms


def test_a_pattern_says_its_parts_and_the_words_between() -> None:
    (piece,) = parse("cant ..3 breathe|get-air now").pieces
    assert [sorted(part) for part in piece.parts] == [["cant"], ["breathe", "get-air"], ["now"]]
    assert piece.gaps == (0, 3, 2)
    assert words_of("get-air") == ("get", "air")
    assert words_of("@chest") == ()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("chset", {"chest"}),
        ("chesst", {"chest"}),
        ("chst", {"chest"}),
        ("unconcsious", {"unconscious"}),
        ("unconsious", {"unconscious"}),
        ("arn", set()),
        ("cheat", set()),
        ("zebra", set()),
    ],
)
def test_a_slip_is_forgiven_where_a_word_is_long_enough(written: str, meant: set[str]) -> None:
    assert Spelling(["chest", "arm", "unconscious"], ["cheat"]).read(written) == meant
