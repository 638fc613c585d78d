"""Load a prompt by its id from the Markdown files beside this module.

A file opens with front matter (`prompts.front_matter`); the rest is the text that is sent. All four keys are
required and no other is taken.
"""

import hashlib
import re
from importlib.resources import files

import msgspec

from prompts.front_matter import PromptError, split

__all__ = ["Prompt", "PromptError", "available", "load", "parse"]

_KEYS = ("id", "version", "categories", "variables")
_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")


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
    front, text = split(source, name, _KEYS)
    variables = front.names("variables")
    used = set(_PLACEHOLDER.findall(text))
    if used != set(variables):
        differ = ", ".join(sorted(used.symmetric_difference(variables)))
        raise front.wrong("variables", f"variables and the text's placeholders differ in: {differ}")
    return Prompt(
        id=front.identifier(),
        version=front.version(),
        categories=front.names("categories"),
        variables=variables,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
