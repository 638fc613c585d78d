"""Skills at hand: those that come with Chartside and the patient's own, filled in for one question.

A skill's text only adds to the instructions of the base prompt. Files of the patient's own are read whenever
they are needed; they are text, and nothing in them is run.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from assistant.chat.own_skills import own_files, own_skill
from assistant.chat.question import Using
from assistant.errors import UsageError
from assistant.records.model import Category
from assistant.safe_text import safe_text
from assistant.sharing.model import PromptUsed
from prompts.front_matter import PromptError
from prompts.skill import Skill, built_in, filled

LONGEST_VALUE = 2000
"""Characters of what is typed after a skill's name."""

HIGHEST_LEVEL = 12

_NAMED = re.compile(r'(?<!\S)(\w+)=(?:"([^"]*)"|(\S+))')
_LANGUAGE = re.compile(r"[^\W\d_][^\W\d_ -]*(?:[ -][^\W\d_]+){0,3}")


class Offered(msgspec.Struct, frozen=True):
    """A skill as it is offered."""

    skill: Skill
    own: bool
    """Whether it is the patient's own."""


class Skills:
    """All skills, in the order in which they are offered: those that come with Chartside first."""

    def __init__(self, folder: Callable[[], Path]) -> None:
        self._folder = folder

    @property
    def folder(self) -> Path:
        """Where the patient's own lie."""
        return self._folder()

    def all(self) -> tuple[Offered, ...]:
        """Those that can be used."""
        return self.look()[0]

    def look(self) -> tuple[tuple[Offered, ...], tuple[str, ...]]:
        """Those that can be used, and what is wrong with each file that can't be."""
        ready = {skill.id: Offered(skill, own=False) for skill in built_in()}
        paths, wrong = own_files(self.folder)
        for path in paths:
            try:
                skill = own_skill(path)
                if skill.id in ready:
                    raise PromptError(
                        f"{path.name}: {skill.id!r} comes with Chartside, which keeps its own; "
                        "give the file another name and id."
                    )
                ready[skill.id] = Offered(skill, own=True)
            except PromptError as error:
                wrong.append(safe_text(str(error)))
        return tuple(ready.values()), tuple(wrong)

    def get(self, name: str) -> Offered:
        """The skill of this id.

        Raises:
            UsageError: there is none, or its file can't be used.
        """
        ready, wrong = self.look()
        for offered in ready:
            if offered.skill.id == name:
                return offered
        broken = next((text for text in wrong if text.startswith(f"{name}.md")), None)
        if broken is not None:
            raise UsageError(broken, f"Correct it in {self.folder}.", title="This skill can't be used")
        known = ", ".join(offered.skill.id for offered in ready)
        raise UsageError(f"There is no skill called “{name[:40]}”.", f"There are: {known}.")

    def use(self, name: str, typed: str = "") -> Using:
        """A skill for one question; `typed` is what stands after its name.

        Raises:
            UsageError: there is none, or it needs to be told something, or can't be told this.
        """
        skill = self.get(name).skill
        values = {**skill.otherwise, **_values(skill, typed)}
        missing = [variable for variable in skill.variables if variable not in values]
        if missing:
            raise UsageError(
                f"“{skill.name}” needs to know more: {missing[0]}.", f"Type it after /{skill.id}."
            )
        return Using(
            question=filled(skill.asks, values),
            name=skill.name,
            instructions=filled(skill.text, values),
            prompt=PromptUsed(skill.id, skill.version, skill.sha256),
            categories=tuple(category for category in Category if category in skill.categories),
        )

    def meant(self, typed: str) -> tuple[str, Using | None]:
        """The question that is meant by what was typed, and the skill where it begins with `/`.

        Raises:
            UsageError: as `use`.
        """
        if not typed.startswith("/"):
            return typed, None
        name, _, rest = typed[1:].partition(" ")
        using = self.use(name.strip(), rest)
        return using.question, using


def _values(skill: Skill, typed: str) -> Mapping[str, str]:
    """`level=4 What was my LDL?`: what is named, and the rest for the first variable."""
    if len(typed) > LONGEST_VALUE:
        raise UsageError(f"That is more than {LONGEST_VALUE:,} characters.", "Say it in fewer words.")
    values: dict[str, str] = {}

    def take(found: re.Match[str]) -> str:
        if found[1] not in skill.variables:
            return found[0]
        values[found[1]] = _allowed(found[1], found[2] or found[3] or "")
        return ""

    rest = " ".join(_NAMED.sub(take, typed).split())
    if rest and not skill.variables:
        raise UsageError(f"“{skill.name}” takes nothing after its name.", f"Type /{skill.id} alone.")
    if rest and skill.variables[0] not in values:
        values[skill.variables[0]] = _allowed(skill.variables[0], rest)
    return values


def _allowed(variable: str, value: str) -> str:
    if variable == "level" and not (
        value.isascii() and value.isdecimal() and len(value) < 3 and 1 <= int(value) <= HIGHEST_LEVEL
    ):
        raise UsageError(
            f"A reading level is a school grade from 1 to {HIGHEST_LEVEL}.", "Type it as in level=5."
        )
    if variable == "language" and not (len(value) <= 40 and _LANGUAGE.fullmatch(value)):
        raise UsageError("A language is named in a word or two.", 'Type it as in language="Haitian Creole".')
    return value
