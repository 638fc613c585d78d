"""Phrases as patterns: `...` in one stands for up to five words."""

import re
from collections.abc import Iterable


def compiled(phrases: Iterable[str]) -> re.Pattern[str]:
    """One pattern that finds any of the phrases among folded words with single spaces between."""
    return re.compile(
        r"(?:\b|^)(?:" + "|".join(p.replace(" ... ", r"(?: \w+){0,5}? ") for p in phrases) + r")(?:\b|$)"
    )
