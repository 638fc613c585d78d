"""Ids that stay the same each time the same thing comes in; opaque, and never a ground for order."""

import hashlib


def source_id(kind: str, key: str) -> str:
    """Id of a source, from what makes it the same source next time."""
    return "s" + _short(f"{kind}\n{key}", 10)


def record_id(source: str, target: str) -> str:
    """Id of the record read from `Type/id` (or, without an id, `Type/sha256-...`) of this source."""
    return "r" + _short(f"{source}\n{target}", 20)


def _short(text: str, length: int) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]
