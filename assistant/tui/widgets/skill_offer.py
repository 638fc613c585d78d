"""The skills that a `/` offers, above the question: narrowed as it is typed, taken with Enter or Tab."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.widgets import OptionList
from textual.widgets.option_list import Option

from assistant.tui.drawn import drawn_line, joined

if TYPE_CHECKING:
    from assistant.chat.skills import Offered, Skills

_WIDTH = 16


class SkillOffer(OptionList):
    """In view while the question is a `/` with the beginning of a name. The keys stay with the question."""

    DEFAULT_CSS = """
    SkillOffer { height: auto; max-height: 12; border: tall $border-blurred; padding: 0 1; display: none; }
    """

    def __init__(self) -> None:
        super().__init__(id="skills", markup=False)
        self.can_focus = False
        self._known: Sequence[Offered] = ()
        self._closed = False
        self._typed = ""

    def open(self, typed: str, skills: "Skills") -> None:
        """A question is being typed: offer what it could become. Files are read once for each `/`."""
        if not typed.startswith("/"):
            self._known, self._closed = (), False
        elif not self._known and not self._closed:
            self.run_worker(self._read(skills), group="skills", exclusive=True, name="look for skills")
        self.look(typed)

    async def _read(self, skills: "Skills") -> None:
        self._known = await asyncio.to_thread(skills.all)
        self.look(self._typed)

    def look(self, typed: str) -> None:
        """Show those that begin like this; where the whole name stands there, nothing is left to offer."""
        self._typed = typed
        found = self._matching(typed)
        if [option.id for option in self.options] != [offered.skill.id for offered in found]:
            self.set_options(_option(offered) for offered in found)
            self.highlighted = 0 if found else None
        self.display = bool(found)

    def _matching(self, typed: str) -> Sequence["Offered"]:
        if self._closed or not typed.startswith("/"):
            return ()
        found = [offered for offered in self._known if offered.skill.id.startswith(typed[1:])]
        return () if any(offered.skill.id == typed[1:] for offered in found) else found

    def take(self, typed: str) -> str | None:
        """What the question becomes with the one in hand; None where nothing is offered."""
        self.look(typed)
        option = self.highlighted_option
        return f"/{option.id} " if self.display and option is not None else None

    def close(self) -> None:
        """No more, until another `/` begins a question."""
        self._closed, self.display = True, False


def _option(offered: "Offered") -> Option:
    skill = offered.skill
    yours = drawn_line("  yours", "$text-muted") if offered.own else ""
    name = drawn_line(f"/{skill.id:<{_WIDTH}}", "bold $text-accent")
    return Option(joined(name, " ", drawn_line(skill.name), yours), id=skill.id)
