"""One visit sheet: the questions in their order, why, and what else to take along."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from assistant.tui.drawn import drawn, drawn_line, joined
from assistant.tui.guarded import guarded, tell
from assistant.tui.screens.asking import AskScreen
from assistant.tui.widgets.key_line import KeyLine
from assistant.visit import edit
from assistant.visit.make import title_of
from assistant.visit.page import Section, page_of

if TYPE_CHECKING:
    from assistant.links.browse import Shelf
    from assistant.visit.model import Question, VisitSheet
    from assistant.visit.service import VisitService

Step = Callable[["VisitSheet"], "VisitSheet"]


class VisitScreen(Screen[None]):
    """Everything on a sheet can be changed here; each change is kept at once."""

    HELP = (
        "Space ticks a question off. Shift+Up and Shift+Down move it. Enter opens a record behind it. m adds "
        "what a model proposed in the conversation (ask it with /visit first), marked as the model's. "
        "F5 writes the sheet to a file to print: the name's ending says which kind (.pdf, .md, .txt)."
    )
    CSS = """
    VisitScreen #title { height: 1; padding: 0 1; }
    VisitScreen OptionList, VisitScreen OptionList:focus { height: auto; max-height: 55%; border: none; }
    VisitScreen #more { height: 1fr; padding: 0 1; border-top: solid $foreground-muted; }
    """
    BINDINGS = [
        Binding("escape", "leave", "Back", id="visit.back", tooltip="Back to the sheets"),
        Binding("space", "tick", "Done", id="visit.tick", tooltip="Tick it off, or take the tick back"),
        Binding("a", "add", "Add", id="visit.add", tooltip="A question of your own"),
        Binding("e", "reword", "Reword", id="visit.reword", tooltip="Say it in your words"),
        Binding("n", "answer", "Note answer", id="visit.answer", tooltip="Note what was answered"),
        Binding("shift+up", "move(-1)", "Up", id="visit.up", tooltip="Earlier", show=False),
        Binding("shift+down", "move(1)", "Down", id="visit.down", tooltip="Later", show=False),
        Binding("w", "words", "My words", id="visit.words", tooltip="Anything you want to say", show=False),
        Binding("delete", "remove", "Remove", id="visit.remove", tooltip="Take it off the sheet", show=False),
        Binding("m", "take", "Take proposals", id="visit.take", tooltip="From the chat", show=False),
        Binding("f5", "export", "Write to a file", id="visit.export", tooltip="To print or take along"),
    ]

    def __init__(self, visits: "VisitService", shelf: "Shelf", sheet: str) -> None:
        super().__init__()
        self._visits = visits
        self._shelf = shelf
        self._of = sheet
        self._sheet: VisitSheet | None = None

    def compose(self) -> ComposeResult:
        """The title, the questions, the rest."""
        yield Static(id="title")
        yield OptionList(id="questions", markup=False)
        with VerticalScroll(id="more"):
            yield Static(id="why")
            yield Static(id="rest")
        yield KeyLine()

    def on_mount(self) -> None:
        """Show it."""
        self._later(self._load())

    def _later(self, doing: Awaitable[object]) -> None:
        self.run_worker(guarded(self.app, doing), group="visit", exclusive=True, name="a visit sheet")

    async def _load(self) -> None:
        self._show(await asyncio.to_thread(self._visits.get, self._of))

    async def _change(self, step: Step, *, follow: int = 0) -> None:
        place = self.query_one(OptionList).highlighted
        self._show(await asyncio.to_thread(self._visits.change, self._of, step))
        if place is not None and follow:
            self.query_one(OptionList).highlighted = min(
                max(place + follow, 0), len(self._required.questions) - 1
            )

    @property
    def _required(self) -> "VisitSheet":
        if self._sheet is None:
            raise LookupError("the sheet is not loaded")
        return self._sheet

    def _show(self, sheet: "VisitSheet") -> None:
        self._sheet = sheet
        self.query_one("#title", Static).update(drawn_line(title_of(sheet), "bold"))
        listed = self.query_one(OptionList)
        place = listed.highlighted
        listed.clear_options()
        listed.add_options(_option(n, question) for n, question in enumerate(sheet.questions, 1))
        if not sheet.questions:
            listed.add_option(Option(drawn_line("No question yet. Press a to add one."), disabled=True))
        else:
            listed.highlighted = min(place or 0, len(sheet.questions) - 1)
        sections = [s for s in page_of(sheet).sections if s.heading != "My questions"]
        self.query_one("#rest", Static).update(joined(*(_section(section) for section in sections)))
        self.refresh_bindings()
        self._explain()

    def on_option_list_option_highlighted(self) -> None:
        """Say why this one is asked."""
        self._explain()

    def _explain(self) -> None:
        lines: tuple[str, ...] = ()
        if self._sheet is not None and (place := self.query_one(OptionList).highlighted) is not None:
            entries = page_of(self._sheet).sections[0].entries
            lines = entries[place].under if place < len(entries) else ()
            note = entries[place].note if place < len(entries) else ""
            lines = (*lines, f"Noted: {note}") if note else lines
        self.query_one("#why", Static).update(drawn("\n".join((*lines, "")) if lines else "", "italic"))

    @property
    def _question(self) -> "Question | None":
        place = self.query_one(OptionList).highlighted
        questions = self._sheet.questions if self._sheet is not None else ()
        return questions[place] if place is not None and place < len(questions) else None

    def on_option_list_option_selected(self) -> None:
        """Open the first record behind it."""
        question = self._question
        if question is not None and question.records:
            from assistant.tui.screens.record import RecordScreen

            self.app.push_screen(RecordScreen(self._shelf, question.records[0]))

    def action_tick(self) -> None:
        """Done, or not."""
        if (asked := self._question) is not None:
            self._later(self._change(lambda sheet: edit.tick(sheet, asked.id, done=not asked.done)))

    def action_move(self, by: int) -> None:
        """Earlier or later."""
        place = self.query_one(OptionList).highlighted
        if (asked := self._question) is not None and place is not None:
            self._later(self._change(lambda sheet: edit.move(sheet, asked.id, place + 1 + by), follow=by))

    def action_remove(self) -> None:
        """Take it off."""
        if (asked := self._question) is not None:
            self._later(self._change(lambda sheet: edit.remove(sheet, asked.id)))

    def action_add(self) -> None:
        """A question of one's own."""
        self._later(self._typed("What do you want to ask?", lambda text: lambda s: edit.add(s, text)))

    def action_reword(self) -> None:
        """In other words."""
        if (asked := self._question) is not None:
            self._later(
                self._typed(
                    "How do you want to ask it?",
                    lambda text: lambda s: edit.reword(s, asked.id, text),
                    asked.text,
                )
            )

    def action_answer(self) -> None:
        """What was answered."""
        if (asked := self._question) is not None:
            self._later(
                self._typed(
                    "What was the answer?",
                    lambda text: lambda s: edit.answer(s, asked.id, text),
                    asked.answer,
                )
            )

    def action_words(self) -> None:
        """The patient's own."""
        words = self._sheet.words if self._sheet is not None else ""
        self._later(
            self._typed("What else do you want to say?", lambda text: lambda s: edit.words(s, text), words)
        )

    def action_take(self) -> None:
        """Add what a model proposed in the conversation under way."""
        self._later(self._take())

    async def _take(self) -> None:
        from assistant.tui.app import ChartsideApp
        from assistant.visit.proposals import last_proposed

        app = self.app
        if (
            not isinstance(app, ChartsideApp)
            or app.house is None
            or app.chat is None
            or app.chat.desk is None
        ):
            return
        chat = app.chat.desk.talk.chat
        turns = await asyncio.to_thread(app.house.chats.turns, chat) if chat is not None else ()
        self._show(await asyncio.to_thread(self._visits.propose, self._of, last_proposed(turns)))

    async def _typed(self, words: str, step: Callable[[str], Step], typed: str = "") -> None:
        text = await self.app.push_screen_wait(AskScreen(words, typed))
        if text:
            await self._change(step(text))

    def action_export(self) -> None:
        """Write it to a file, after a warning."""
        self._later(self._export())

    async def _export(self) -> None:
        from assistant.visit import export

        name = await self.app.push_screen_wait(
            AskScreen(
                f"{export.WARNING} Which file? End it in .pdf, .md or .txt; large.pdf is in large print."
            )
        )
        if not name:
            return
        file = Path(name).expanduser()
        form = export.format_for(file, "large" if file.name.endswith("large.pdf") else None)
        export.require_free(file)
        await asyncio.to_thread(self._visits.exported, self._required, form)
        content = await asyncio.to_thread(export.rendered, self._required, form)
        await asyncio.to_thread(export.write, file, content)
        tell(self.app, "Written. Only you can read it on this computer.", title="Visit sheet")

    def action_leave(self) -> None:
        """Back."""
        self.dismiss(None)


def _option(number: int, question: "Question") -> Option:
    mark = "☑" if question.done else "☐"
    style = "$foreground-muted" if question.done else ""
    return Option(
        joined(drawn_line(f" {mark} {number:>2}  ", style), drawn_line(question.text, style)), id=question.id
    )


def _section(section: Section) -> Content:
    lines = [drawn_line(section.heading, "bold"), Content("\n")]
    if section.words:
        lines += [drawn(section.words), Content("\n")]
    for entry in section.entries:
        lines += [drawn_line(f"  - {entry.text}"), Content("\n")]
        lines += [piece for under in entry.under for piece in (drawn_line(f"    {under}"), Content("\n"))]
    return joined(*lines, Content("\n"))
