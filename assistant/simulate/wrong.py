"""What is wrong with a session file, in plain words: the file, the place in it, and what would be right."""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from assistant.errors import UsageError
from assistant.records.model import Category

_TYPES = {
    "str": "text in quotes",
    "int": "a whole number",
    "float": "a number with a decimal point",
    "bool": "true or false",
    "array": "a list in [ ]",
    "object": "a table of keys",
    "date": "a day such as 2026-11-22",
    "null": "nothing",
}
_ONE = {"questions": "question", "grants": "grant", "destinations": "destination"}
_CHOICES: Mapping[str, Sequence[str]] = {
    "categories": [category.value for category in Category],
    "adapter": ("anthropic", "openai", "litellm", "scripted"),
}
_PART = re.compile(r"(\w+)|\[(\d+)\]")


def wrong(path: Path, place: str, text: str) -> UsageError:
    """The error for something wrong at a place of a file."""
    end = "" if text.endswith((".", "?", "!")) else "."
    return UsageError(
        f"{path}{', ' if place else ''}{place}: {text}{end}",
        "Correct it and run this again. docs/simulate.md says what each key means.",
        title="The session file can't be used",
    )


def unreadable(path: Path, text: str) -> UsageError:
    """The error for a file that can't be read at all."""
    return UsageError(
        f"{path}: {text}", "Look at its name and place.", title="The session file can't be read"
    )


def in_words(path: Path, message: str, keys: Mapping[str, Sequence[str]]) -> UsageError:
    """A message of msgspec's as an error of ours; `keys` are those of each table, by the table's name."""
    what, _, at = message.rpartition(" - at `$")
    if not what:
        what, at = message, ""
    parts = [(name, int(index or 0)) for name, index in _PART.findall(at)]
    key = next((name for name, _ in reversed(parts) if name), "")
    return wrong(path, _place(parts), _said(what, key, keys.get(key, ())))


def meant(name: str, known: Sequence[str]) -> str:
    """Which known name was meant, if one is close; else which there are."""
    close = get_close_matches(name, known, 1)
    return f"did you mean “{close[0]}”?" if close else f"there are: {', '.join(known)}"


def _place(parts: Sequence[tuple[str, int]]) -> str:
    """`question 2, expect, says, entry 1`."""
    told: list[str] = []
    for name, index in parts:
        if name:
            told.append(name)
        elif told[-1] in _ONE:
            told[-1] = f"{_ONE[told[-1]]} {index + 1}"
        else:
            told.append(f"entry {index + 1}")
    return ", ".join(told)


def _said(what: str, key: str, known: Sequence[str]) -> str:
    if found := re.fullmatch(r"Object contains unknown field `(.*)`", what, re.DOTALL):
        return f"there is no key called “{found[1]}”; {meant(found[1], known)}"
    if found := re.fullmatch(r"Object missing required field `(.*)`", what):
        return f"“{found[1]}” is missing"
    if found := re.fullmatch(r"Invalid enum value '?(.*?)'?", what, re.DOTALL):
        noun = "category" if key == "categories" else key
        return f"there is no {noun} “{found[1]}”; there are: {', '.join(_CHOICES.get(key, ()))}"
    if found := re.fullmatch(r"Expected `(.+?)`, got `(.+?)`", what):
        return f"it must be {_types(found[1])}, not {_types(found[2])}"
    if " matching regex " in what and key == "id":
        return (
            "it must be small letters, digits, dots and dashes, 32 at most, and begin with a letter or digit"
        )
    if " matching regex " in what or what.endswith("of length >= 1"):
        return "it must not be empty"
    if what.endswith(">= 0"):
        return "it must be 0 or more"
    if "date" in what:
        return f"it must be {_TYPES['date']}"
    return what


def _types(listed: str) -> str:
    names = [name for name in listed.split(" | ") if name != "null"] or ["null"]
    return " or ".join(_TYPES.get(name, name) for name in names)
