"""The patient's own skills: Markdown files in a folder beside the settings, read and checked."""

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from assistant.records.model import Category
from assistant.safe_text import safe_text
from prompts.front_matter import PromptError
from prompts.skill import Skill, parse_skill

MOST_BYTES = 16_384
"""Of one file."""

MOST_FILES = 50

COMMANDS = frozenset(
    (
        *("anyway", "to", "share", "unshare", "sharing", "preview", "outgoing", "withhold", "new", "chats"),
        *("chat", "rename", "delete", "export", "skills", "help", "quit"),
    )
)
"""What `/` means in the line mode besides skills: no skill can have such a name."""


def own_files(folder: Path) -> tuple[Sequence[Path], list[str]]:
    """The Markdown files of a folder by name, and what is to be said where there are too many; none where it
    isn't there."""
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix == ".md")
    except OSError:
        return (), []
    left = len(found) - MOST_FILES
    said = [f"Only the first {MOST_FILES} files are read; {left} are left out."] if left > 0 else []
    return found[:MOST_FILES], said


def own_skill(path: Path) -> Skill:
    """A skill of the patient's own.

    Raises:
        PromptError: it can't be read, or breaks a rule.
    """
    source = _source(path)
    for number, line in enumerate(source.split("\n"), 1):
        if safe_text(line) != line:
            raise PromptError(f"{path.name}, line {number}: a character that can't be seen stands here.")
    skill = parse_skill(source, path.name)
    unknown = [name for name in skill.categories if name not in {category.value for category in Category}]
    if unknown:
        raise PromptError(f"{path.name}: {unknown[0]!r} is no category.")
    if skill.id in COMMANDS:
        raise PromptError(f"{path.name}: /{skill.id} is a command; give the file another name and id.")
    return skill


def _source(path: Path) -> str:
    """The file's text, where it is a plain file of no more than `MOST_BYTES`: a pipe would be waited for."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise PromptError(f"{path.name}: it is no plain file.")
            content = file.read(MOST_BYTES + 1)
    except OSError:
        raise PromptError(f"{path.name}: it can't be read.") from None
    if len(content) > MOST_BYTES:
        raise PromptError(f"{path.name}: it is longer than {MOST_BYTES:,} bytes.")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise PromptError(f"{path.name}, line {line}: it is no text in UTF-8.") from None
