"""Counts in words: `two visits`."""

import re
from collections.abc import Iterator
from decimal import Decimal

from assistant.chat.checks.marks import Number

_WORDS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_COUNT = re.compile(rf"\b({'|'.join(_WORDS)})\s+(?:\w+\s+)?([a-z]{{3,}})", re.IGNORECASE)


def spelled(text: str, nouns: frozenset[str]) -> Iterator[Number]:
    """The counts of things that what was sent counts too; other number words are only words."""
    for found in _COUNT.finditer(text):
        noun = found[2].lower().removesuffix("s")
        if noun in nouns:
            value = Decimal(_WORDS.index(found[1].lower()) + 2)
            yield Number(found.start(), found.end(1), found[1], (value,), "", noun)
