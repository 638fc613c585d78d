"""The one door through which text that the app did not write reaches a screen.

Control characters, terminal escapes, bidirectional controls, tag characters and zero-width characters are
replaced by a visible mark, so that they can neither act nor hide. The stored bytes stay as they are.
"""

import re

MARK = "\N{REPLACEMENT CHARACTER}"
"""Stands where a character was that must not reach a terminal."""

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but tab and newline, DEL, C1
    "\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # hidden or bidirectional
    "\ud800-\udfff"  # lone surrogates can't be written
    "\U000e0000-\U000e0fff]"  # tag characters and supplementary variation selectors
)


def safe_text(text: str) -> str:
    """The text with every character that could act or hide replaced by `MARK`; tabs and newlines stay."""
    return _UNSAFE.sub(MARK, text.replace("\r\n", "\n"))


def safe_line(text: str) -> str:
    """As `safe_text`, on one line: newlines and tabs become spaces."""
    return safe_text(" ".join(text.split()) if any(c in text for c in "\n\r\t") else text)
