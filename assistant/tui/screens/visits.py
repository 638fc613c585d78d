"""Visit sheets: make one for a coming visit, or go on with one."""

import asyncio
from collections.abc import Awaitable
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from assistant.records.dates import shown_date
from assistant.tui.drawn import drawn, drawn_line, joined
from assistant.tui.guarded import guarded
from assistant.tui.screens.asking import AskScreen
from assistant.tui.widgets.key_line import KeyLine
from assistant.visit.make import title_of

if TYPE_CHECKING:
    from assistant.links.browse import Shelf
    from assistant.visit.model import Visit, VisitSheet
    from assistant.visit.service import VisitService

_NEW = "new"
_COMING = "coming:"


class VisitsScreen(Screen[None]):
    """The sheets, the newest first, under the visits that one can be made for."""

    HELP = (
        "A visit sheet is the list to take along: your questions, what is new since the last visit, your "
        "medicines and allergies. It is made on this computer by rules over your records; no model is asked."
    )
    CSS = """
    VisitsScreen #told { height: auto; padding: 0 1; margin-bottom: 1; }
    VisitsScreen OptionList, VisitsScreen OptionList:focus { height: 1fr; border: none; }
    """
    BINDINGS = [
        Binding("escape", "leave", "Back", id="visits.back", tooltip="Back to the conversation"),
        Binding("n", "new", "New sheet", id="visits.new", tooltip="Type when the visit is and with whom"),
        Binding(
            "c", "carry_over", "Carry over", id="visits.carry", tooltip="A new sheet with its open questions"
        ),
        Binding("delete", "delete", "Delete", id="visits.delete", tooltip="Delete this sheet"),
    ]

    def __init__(self, visits: "VisitService", shelf: "Shelf") -> None:
        super().__init__()
        self._visits = visits
        self._shelf = shelf

    def compose(self) -> ComposeResult:
        """What this is, and the list."""
        yield Static(drawn("Prepare a visit", "bold"), id="told")
        yield OptionList(id="sheets", markup=False)
        yield KeyLine()

    def on_screen_resume(self) -> None:
        """List them, also when a sheet may have changed."""
        self._later(self._list())

    def _later(self, doing: Awaitable[object]) -> None:
        self.run_worker(guarded(self.app, doing), group="visits", exclusive=True, name="visit sheets")

    async def _list(self) -> None:
        coming, sheets = await asyncio.gather(
            asyncio.to_thread(self._visits.coming), asyncio.to_thread(self._visits.all)
        )
        listed = self.query_one(OptionList)
        kept = listed.highlighted
        listed.clear_options()
        listed.add_options(_for_coming(visit) for visit in coming)
        listed.add_option(Option(drawn_line("+ A sheet for a visit that is not in my records"), id=_NEW))
        listed.add_options(_for_sheet(sheet) for sheet in sheets)
        listed.highlighted = min(kept or 0, listed.option_count - 1)
        self.refresh_bindings()

    @property
    def _chosen(self) -> str | None:
        listed = self.query_one(OptionList)
        chosen = None if listed.highlighted is None else listed.get_option_at_index(listed.highlighted).id
        return None if chosen is None or chosen == _NEW or chosen.startswith(_COMING) else chosen

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open a sheet, or make one."""
        chosen = event.option_id or _NEW
        if chosen == _NEW:
            self.action_new()
        elif chosen.startswith(_COMING):
            self._later(self._make(record=chosen.removeprefix(_COMING)))
        else:
            self._open(chosen)

    def action_new(self) -> None:
        """Ask when and with whom."""
        self._later(self._ask())

    async def _ask(self) -> None:
        when = await self.app.push_screen_wait(
            AskScreen("When is the visit? As in 2027-02-16; Enter alone if you don't know yet.")
        )
        if when is None:
            return
        who = await self.app.push_screen_wait(
            AskScreen("With whom, or what for? Enter alone to leave it out.")
        )
        if who is not None:
            await self._make(date=when or None, who=who or None, typed=True)

    async def _make(
        self,
        *,
        date: str | None = None,
        who: str | None = None,
        record: str | None = None,
        carry_over: str | None = None,
        typed: bool = False,
    ) -> None:
        from assistant.visit.service import NewVisit

        wanted = NewVisit(
            date=date,
            who=who or ("my clinic" if typed and not date else None),
            record=record,
            carry_over=carry_over,
        )
        sheet = await asyncio.to_thread(self._visits.new, wanted)
        self._open(sheet.id)

    def _open(self, sheet: str) -> None:
        from assistant.tui.screens.visit import VisitScreen

        self.app.push_screen(VisitScreen(self._visits, self._shelf, sheet))

    def action_carry_over(self) -> None:
        """Make the next sheet from this one's open questions."""
        if (sheet := self._chosen) is not None:
            self._later(self._make(carry_over=sheet))

    def action_delete(self) -> None:
        """Delete, after a question."""
        if (sheet := self._chosen) is not None:
            self._later(self._delete(sheet))

    async def _delete(self, sheet: str) -> None:
        if await self.app.push_screen_wait(AskScreen("Delete this sheet for good? Type yes.")) == "yes":
            await asyncio.to_thread(self._visits.delete, sheet)
            await self._list()

    def action_leave(self) -> None:
        """Back."""
        self.dismiss(None)


def _for_coming(visit: "Visit") -> Option:
    when = shown_date(visit.date) if visit.date else "soon"
    words = joined(drawn_line("+ A sheet for ", "bold"), drawn_line(f"{visit.title}, {when}"))
    return Option(words, id=f"{_COMING}{visit.record}")


def _for_sheet(sheet: "VisitSheet") -> Option:
    done = sum(question.done for question in sheet.questions)
    told = f"  {len(sheet.questions)} questions, {done} done; made {shown_date(sheet.made_at[:10])}"
    return Option(joined(drawn_line(title_of(sheet)), drawn_line(told, "$foreground-muted")), id=sheet.id)
