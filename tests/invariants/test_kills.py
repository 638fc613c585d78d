"""Invariant 9, in the small; `python -m tests.invariants.kills 1000` does it in the large."""

import os
from pathlib import Path

import pytest

from tests.invariants.kills import trials


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("seed", [1, 2])
def test_a_kill_at_any_point_loses_nothing(seed: int, tmp_path: Path) -> None:
    trials(tmp_path / "home", int(os.environ.get("CHARTSIDE_KILLS", "24")) // 2, seed)
