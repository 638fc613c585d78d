"""The figures H-01 asks for, over both parts of the frozen phrases. No phrase kept aside is named."""

import pytest

from tests.safety.corpus import urgent
from tests.safety.measuring import Part, measure


@pytest.fixture(scope="module", params=[False, True], ids=["tuned_on", "kept_aside"])
def part(request: pytest.FixtureRequest) -> Part:
    return measure(kept_aside=request.param)


def test_nearly_every_urgent_phrase_brings_up_its_card() -> None:
    parts = [(measure(kept_aside=aside), len(urgent(kept_aside=aside))) for aside in (False, True)]
    assert sum(part.recall * size for part, size in parts) / sum(size for _, size in parts) >= 0.99


def test_most_phrases_that_no_rule_was_made_with_do(part: Part) -> None:
    assert part.recall >= 0.95


def test_every_concrete_plan_brings_up_its_card(part: Part) -> None:
    assert part.plans == 1.0


def test_few_ordinary_questions_bring_up_a_card(part: Part) -> None:
    assert part.false_alarms <= 0.05


def test_twelve_frames_are_measured(part: Part) -> None:
    assert len(part.by_frame) == 12
