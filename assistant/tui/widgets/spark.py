"""A row of bars in one line of text, one for each number."""

from collections.abc import Sequence

BARS = "▁▂▃▄▅▆▇█"
LEVEL = "▄"
"""Stands for each number where all are the same."""


def spark(values: Sequence[float]) -> str:
    """One bar for each value, the lowest at the bottom and the highest at the top; empty for fewer than 2."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    if low == high:
        return LEVEL * len(values)
    top = len(BARS) - 1
    return "".join(BARS[round(((value / 2 - low / 2) / (high / 2 - low / 2)) * top)] for value in values)
