"""Load a prompt by its id from the Markdown files beside this module.

A file opens with front matter between two `---` lines, one `key: value` or `key: [a, b]` a line; the rest
is the text that is sent. All four keys are required and no other is taken.
"""

import hashlib
import re
from importlib.resources import files

import msgspec

_KEYS = ("id", "version", "categories", "variables")
_ID = re.compile(r"[a-z][a-z0-9-]*")
_LIST = re.compile(r"\[(.*)\]")
_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")


class PromptError(ValueError):
    """A prompt that can't be used; the text names the file and, where there is one, the line."""


class Prompt(msgspec.Struct, frozen=True):
    """One prompt, as its file says it."""

    id: str
    version: int
    """Raised with every change of the text."""
    categories: tuple[str, ...]
    """Ids of the categories that it is for; empty means whatever was granted."""
    variables: tuple[str, ...]
    """Names that stand in the text as `{{name}}`."""
    text: str
    sha256: str
    """Of `text` in UTF-8, as hex."""


def available() -> tuple[str, ...]:
    """The ids of all prompts, in alphabetical order."""
    names = (file.name for file in files(__package__).iterdir())
    return tuple(sorted(name.removesuffix(".md") for name in names if name.endswith(".md")))


def load(id: str) -> Prompt:  # noqa: A002 - the front matter's name
    """Load one prompt.

    Raises:
        PromptError: there is none of this id, or its file breaks a rule.
    """
    if id not in available():
        raise PromptError(f"There is no prompt {id!r}; there are: {', '.join(available())}.")
    name = f"{id}.md"
    return parse(files(__package__).joinpath(name).read_text("utf-8"), name)


def parse(source: str, name: str) -> Prompt:
    """Read a prompt from the whole text of its file; `name` is the file's, for messages.

    Raises:
        PromptError: the file breaks a rule.
    """
    lines = source.split("\n")
    if not lines or lines[0] != "---" or "---" not in lines[1:]:
        raise PromptError(f"{name}, line 1: the file must open with front matter between two --- lines.")
    end = lines.index("---", 1)
    values = _front_matter(lines[1:end], name)
    text = "\n".join(lines[end + 1 :]).strip() + "\n"
    prompt = Prompt(
        id=_identifier(values["id"], name),
        version=_version(values["version"], name),
        categories=_list(values["categories"], "categories", name),
        variables=_list(values["variables"], "variables", name),
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
    _check_variables(prompt, name)
    return prompt


def _front_matter(lines: list[str], name: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for number, line in enumerate(lines, start=2):
        key, colon, value = line.partition(":")
        if not colon:
            raise PromptError(f"{name}, line {number}: expected 'key: value'.")
        if key not in _KEYS:
            raise PromptError(f"{name}, line {number}: unknown key {key!r}.")
        if key in values:
            raise PromptError(f"{name}, line {number}: {key!r} stands twice.")
        values[key] = value.strip()
    for key in _KEYS:
        if key not in values:
            raise PromptError(f"{name}: the key {key!r} is missing.")
    return values


def _identifier(value: str, name: str) -> str:
    if not _ID.fullmatch(value) or f"{value}.md" != name:
        raise PromptError(f"{name}: the id must be the file's name without .md, in lower case.")
    return value


def _version(value: str, name: str) -> int:
    if not (value.isascii() and value.isdecimal() and int(value) > 0):
        raise PromptError(f"{name}: the version must be a whole number from 1.")
    return int(value)


def _list(value: str, key: str, name: str) -> tuple[str, ...]:
    inside = _LIST.fullmatch(value)
    if inside is None:
        raise PromptError(f"{name}: {key} must be a list such as [a, b].")
    if not inside[1].strip():
        return ()
    parts = tuple(part.strip() for part in inside[1].split(","))
    if not all(part.isidentifier() for part in parts) or len(set(parts)) < len(parts):
        raise PromptError(f"{name}: {key} must hold plain names, each once.")
    return parts


def _check_variables(prompt: Prompt, name: str) -> None:
    used = set(_PLACEHOLDER.findall(prompt.text))
    if used != set(prompt.variables):
        differ = ", ".join(sorted(used.symmetric_difference(prompt.variables)))
        raise PromptError(f"{name}: variables and the text's placeholders differ in: {differ}.")
