"""What stands between two `---` lines at the top of a prompt's file: one `key: value` or `key: [a, b]` a
line. What breaks a rule is refused with its file and line."""

import re
from collections.abc import Mapping, Sequence

import msgspec

LONGEST_WORDS = 200
"""Characters of a value in words."""

_ID = re.compile(r"[a-z][a-z0-9-]*")
_LIST = re.compile(r"\[(.*)\]")


class PromptError(ValueError):
    """A prompt that can't be used; the text names the file and, where there is one, the line."""


class Field(msgspec.Struct, frozen=True):
    """One value and the line it stands on, counted from 1."""

    line: int
    value: str


class FrontMatter:
    """The front matter of one file."""

    def __init__(self, name: str, fields: Mapping[str, Field]) -> None:
        self._name = name
        self._fields = fields

    def identifier(self) -> str:
        """The id: the file's name without `.md`, in lower case.

        Raises:
            PromptError: it isn't.
        """
        value = self._fields["id"].value
        if not _ID.fullmatch(value) or f"{value}.md" != self._name:
            raise self.wrong("id", "the id must be the file's name without .md, in lower case")
        return value

    def version(self) -> int:
        """The version, from 1.

        Raises:
            PromptError: it is no such number.
        """
        value = self._fields["version"].value
        if not (value.isascii() and value.isdecimal() and len(value) < 10 and int(value) > 0):
            raise self.wrong("version", "the version must be a whole number from 1")
        return int(value)

    def names(self, key: str) -> tuple[str, ...]:
        """A list of plain names.

        Raises:
            PromptError: it is no list, or a name is none or stands twice.
        """
        inside = _LIST.fullmatch(self._fields[key].value)
        if inside is None:
            raise self.wrong(key, f"{key} must be a list such as [a, b]")
        if not inside[1].strip():
            return ()
        parts = tuple(part.strip() for part in inside[1].split(","))
        if not all(part.isidentifier() for part in parts) or len(set(parts)) < len(parts):
            raise self.wrong(key, f"{key} must hold plain names, each once")
        return parts

    def words(self, key: str) -> str:
        """A value in words.

        Raises:
            PromptError: there are none, or too many.
        """
        value = self._fields[key].value
        if not value or len(value) > LONGEST_WORDS:
            raise self.wrong(key, f"{key} must be a few words, at most {LONGEST_WORDS} characters")
        return value

    def wrong(self, key: str, why: str) -> PromptError:
        """What is said of a value that breaks a rule."""
        return PromptError(f"{self._name}, line {self._fields[key].line}: {why}.")


def split(source: str, name: str, keys: Sequence[str]) -> tuple[FrontMatter, str]:
    """The front matter, with all these keys and no other, and the text below it.

    Raises:
        PromptError: there is none, a line is no `key: value`, or a key is unknown, missing or there twice.
    """
    lines = source.split("\n")
    if lines[0] != "---" or "---" not in lines[1:]:
        raise PromptError(f"{name}, line 1: the file must open with front matter between two --- lines.")
    end = lines.index("---", 1)
    fields: dict[str, Field] = {}
    for number, line in enumerate(lines[1:end], start=2):
        key, colon, value = line.partition(":")
        if not colon:
            raise PromptError(f"{name}, line {number}: expected 'key: value'.")
        if key not in keys:
            raise PromptError(f"{name}, line {number}: unknown key {key[:40]!r}.")
        if key in fields:
            raise PromptError(f"{name}, line {number}: {key!r} stands twice.")
        fields[key] = Field(number, value.strip())
    for key in keys:
        if key not in fields:
            raise PromptError(f"{name}, line {end + 1}: the key {key!r} is missing.")
    return FrontMatter(name, fields), "\n".join(lines[end + 1 :]).strip() + "\n"
