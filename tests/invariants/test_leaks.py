"""The twins find nothing in the product, and find every seeded leak."""

import pytest

from tests.invariants.leaks import LEAKS
from tests.invariants.scenarios import SCENARIOS, differs


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_nothing_betrays_what_is_not_shared(scenario: str) -> None:
    assert not differs(scenario)


@pytest.mark.parametrize("leak", LEAKS)
def test_a_seeded_leak_is_caught(leak: str) -> None:
    with LEAKS[leak]():
        assert any(differs(scenario) for scenario in SCENARIOS)


def test_there_are_enough_leaks() -> None:
    assert len(LEAKS) >= 20
