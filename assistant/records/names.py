"""FHIR HumanName: which of several to use, and how to say it."""

from typing import Any

from assistant.records.coded import string
from assistant.records.decode import Node

_USES = {"official": 0, "usual": 1, None: 2, "nickname": 4, "temp": 5, "anonymous": 6, "maiden": 7, "old": 8}


def human_name(value: Any) -> str | None:
    """A HumanName as a person says it: its text, else prefix, given, family, suffix."""
    if type(value) is not dict:
        return None
    text = string(value.get("text"))
    if text is not None:
        return text.strip()
    words: list[str] = []
    for key in ("prefix", "given", "family", "suffix"):
        found = value.get(key)
        words.extend(word for item in (found if type(found) is list else (found,)) if (word := string(item)))
    return " ".join(words) or None


def chosen_name(resource: Node) -> Node | None:
    """The name to know a Patient or RelatedPerson by: official before usual before any other."""
    found: Any = resource.get("name")
    names = [item for item in (found if type(found) is list else (found,)) if human_name(item) is not None]
    return min(names, key=_use) if names else None


def _use(name: Node) -> int:
    use = name.get("use")
    return _USES.get(use, 3) if use is None or isinstance(use, str) else 3
