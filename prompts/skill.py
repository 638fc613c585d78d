"""A skill: a named prompt that a patient picks. A built-in one is a Markdown file in `skills`.

Beside a prompt's keys its front matter has `name`, the patient's word for it, and `asks`, the plain question
that it puts. Both `asks` and the text may hold `{{variable}}` or `{{variable = what it is otherwise}}`.
"""

import hashlib
import re
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

import msgspec

from prompts.front_matter import FrontMatter, PromptError, split

VARIABLES = ("about", "question", "since", "level", "language")
"""All that a skill can leave open."""

LONGEST_TEXT = 4000
"""Characters of a skill's text."""

_KEYS = ("id", "version", "name", "asks", "categories", "variables")
_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*(?:=\s*([^{}]*?)\s*)?\}\}")


class Skill(msgspec.Struct, frozen=True):
    """One skill, as its file says it."""

    id: str
    version: int
    name: str
    asks: str
    """The question, with its variables."""
    categories: tuple[str, ...]
    """Ids of the only categories that it looks in; empty means whatever was granted."""
    variables: tuple[str, ...]
    """Names, the one that is meant without being named first."""
    otherwise: Mapping[str, str]
    """What a variable is where nothing else is said; one that isn't here has to be given."""
    text: str
    """What a model is told beside the base prompt, with its variables."""
    sha256: str
    """Of the whole file in UTF-8, as hex."""


def built_in() -> tuple[Skill, ...]:
    """The skills that come with the program, by their ids.

    Raises:
        PromptError: a file breaks a rule.
    """
    found = sorted((file.name, file) for file in _folder().iterdir() if file.name.endswith(".md"))
    return tuple(parse_skill(file.read_text("utf-8"), name) for name, file in found)


def _folder() -> Traversable:
    return files(__package__).joinpath("skills")


def parse_skill(source: str, name: str) -> Skill:
    """Read a skill from the whole text of its file; `name` is the file's, for messages.

    Raises:
        PromptError: the file breaks a rule.
    """
    front, text = split(source, name, _KEYS)
    if not text.strip():
        raise PromptError(f"{name}, line {len(source.splitlines())}: below the front matter stands no text.")
    if len(text) > LONGEST_TEXT:
        raise PromptError(
            f"{name}, line {_line_at(source, LONGEST_TEXT)}: "
            f"the text is longer than {LONGEST_TEXT:,} characters."
        )
    asks = front.words("asks")
    variables = front.names("variables")
    return Skill(
        id=front.identifier(),
        version=front.version(),
        name=front.words("name"),
        asks=asks,
        categories=front.names("categories"),
        variables=variables,
        otherwise=_otherwise(f"{asks}\n{text}", variables, front),
        text=text,
        sha256=hashlib.sha256(source.encode()).hexdigest(),
    )


def filled(template: str, values: Mapping[str, str]) -> str:
    """The template with its variables' values; what a value holds is not looked at again."""
    return _PLACEHOLDER.sub(lambda found: values[found[1]], template)


def _otherwise(template: str, variables: tuple[str, ...], front: FrontMatter) -> dict[str, str]:
    found = _PLACEHOLDER.findall(template)
    used = {name for name, _ in found}
    if used != set(variables):
        differ = ", ".join(sorted(used.symmetric_difference(variables)))
        raise front.wrong("variables", f"variables and the placeholders of the file differ in: {differ}")
    unknown = [name for name in variables if name not in VARIABLES]
    if unknown:
        raise front.wrong(
            "variables", f"{', '.join(unknown)} can't be left open; there are: {', '.join(VARIABLES)}"
        )
    return {name: value for name, value in found if value}


def _line_at(source: str, characters: int) -> int:
    return source[: source.index("\n---\n") + characters].count("\n") + 1
