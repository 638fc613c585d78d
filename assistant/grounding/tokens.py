"""A model's tokens, estimated from characters; the reply's own figure corrects it afterwards."""

import math

CHARACTERS_A_TOKEN = 2.2
"""Measured on compact record lines, which hold more digits and marks than prose."""


def estimate(text: str) -> int:
    """Tokens of a text, rounded up."""
    return math.ceil(len(text) / CHARACTERS_A_TOKEN)
