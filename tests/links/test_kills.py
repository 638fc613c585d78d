"""A sync that is killed, at some of its points; `python -m tests.links.kills` goes through all of them."""

from collections.abc import Sequence
from pathlib import Path

from tests.links.kills import Point, trials

EVERY = 100
LAST = 2


def some(every: Sequence[Point]) -> Sequence[Point]:
    """A few from all over, and the last ones, where everything has come and that isn't written yet."""
    return [*every[7::EVERY], *every[-LAST:]]


def test_a_sync_that_is_killed_goes_on_and_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    points, run = trials(tmp_path, some)
    assert points > EVERY
    assert run > LAST
