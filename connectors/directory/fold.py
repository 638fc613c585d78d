"""Text made alike, so that what is typed meets what is listed: no case, accents or punctuation."""

import re
import unicodedata

_APOSTROPHES = re.compile("['`\u00b4\u02bb\u02bc\u2018\u2019]")
_INITIALS = re.compile(r"\b(\w)\.(?=\w\b)")
_GAP = re.compile(r"[\W_]+")

ALIKE: dict[str, str] = {
    "saint": "st",
    "mount": "mt",
    "fort": "ft",
    "centre": "center",
    "paediatric": "pediatric",
    "paediatrics": "pediatrics",
    "orthopaedic": "orthopedic",
    "orthopaedics": "orthopedics",
    "gynaecology": "gynecology",
}
"""Words written in two ways; the second stands for both."""

_SMALL = frozenset(("a", "and", "at", "for", "in", "of", "the"))
"""Words that people leave out or put in."""


def fold(text: str) -> str:
    """`text` as words in lower case with one space between. Initials join: `M.D.` and `MD` are `md`."""
    if text.isascii():
        plain = text.lower()
    else:
        parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        plain = "".join(char for char in parts if not unicodedata.combining(char))
    if "'" in plain or not plain.isascii():
        plain = _APOSTROPHES.sub("", plain)
    if "." in plain:
        plain = _INITIALS.sub(r"\1", plain)
    return " ".join(ALIKE.get(word, word) for word in _GAP.sub(" ", plain).split())


def words(text: str) -> list[str]:
    """The words to look for in what somebody typed; small ones only if there are no others."""
    found = fold(text).split()
    return [word for word in found if word not in _SMALL] or found
