"""One question to several, their answers side by side."""

from collections.abc import Sequence
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import Worker, WorkerError

from assistant.chat.telling import checked, sent, told_usage, where
from assistant.safe_text import safe_line
from assistant.sharing.model import SCRIPTED
from assistant.tui.drawn import drawn, drawn_line, joined
from assistant.tui.guarded import guarded
from assistant.tui.markdown import Markdown
from assistant.tui.screens.outgoing import OutgoingScreen, Verdict
from assistant.tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from assistant.bootstrap import House
    from assistant.chat.comparing import Compared
    from assistant.chat.events import Outgoing


class CompareScreen(Screen[None]):
    """Asks each in turn, on the records that all of them may see."""

    HELP = (
        "Choose whom to ask with Enter on a name, type the question and press Enter. Each message is shown "
        "before it is sent. All get the same records: those that every one of them may see."
    )
    CSS = """
    CompareScreen #whom { height: auto; max-height: 8; border: none; }
    CompareScreen #answers { height: 1fr; }
    CompareScreen .answer { width: 1fr; min-width: 36; padding: 0 1; border-left: vkey $border-blurred; }
    CompareScreen.-narrow #answers { layout: vertical; }
    CompareScreen.-narrow .answer { width: 1fr; height: 1fr; border-left: none; }
    CompareScreen.-narrow .answer { border-top: hkey $border-blurred; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    BINDINGS = [
        Binding("escape", "leave", "Back", id="compare.back", tooltip="Stop, and back to the conversation"),
    ]

    def __init__(self, house: "House", question: str) -> None:
        super().__init__()
        self._house = house
        self._question = question
        self._markdown = Markdown()
        self._asking: Worker[None] | None = None
        self._chosen = {d.id for d in house.voices.destinations if d.id != SCRIPTED.id}

    def compose(self) -> ComposeResult:
        """Whom, the question, the answers."""
        yield Static(drawn("Ask several the same question: ● is asked", "bold $text-primary"))
        yield OptionList(*self._options(), id="whom", markup=False)
        yield Input(safe_line(self._question), placeholder="The question", id="question")
        yield Static(id="matter")
        yield Horizontal(id="answers")
        yield KeyLine()

    def _options(self) -> list[Option]:
        return [
            Option(drawn_line(f"{'●' if d.id in self._chosen else '○'} {d.id}, {where(d)}"), id=d.id)
            for d in self._house.voices.destinations
            if d.id != SCRIPTED.id
        ]

    def on_mount(self) -> None:
        """Ready to choose."""
        self.query_one("#whom").focus()
        if len(self._options()) < 2:
            told = "There is only one to ask. Ctrl+T, then a, adds a model."
            self.query_one("#matter", Static).update(drawn(told, "$text-warning"))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Ask this one too, or not."""
        name, options = event.option_id or "", self.query_one("#whom", OptionList)
        self._chosen.symmetric_difference_update((name,))
        at = options.highlighted
        options.clear_options()
        options.add_options(self._options())
        options.highlighted = at

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Ask them."""
        chosen = [d.id for d in self._house.voices.destinations if d.id in self._chosen]
        if not self.working and event.value.strip():
            asking = guarded(self.app, self._ask(event.value.strip(), chosen))
            self._asking = self.run_worker(asking, group="compare", name="a comparison")

    async def _ask(self, question: str, chosen: Sequence[str]) -> None:
        from assistant.chat.comparing import compare

        answers = self.query_one("#answers", Horizontal)
        await answers.remove_children()
        columns: dict[str, Static] = {}
        async with aclosing(compare(self._house.chat, question, chosen, self._approve)) as results:
            async for result in results:
                if result.destination not in columns:
                    columns[result.destination] = Static()
                    await answers.mount(VerticalScroll(columns[result.destination], classes="answer"))
                columns[result.destination].update(self._drawn(result))

    async def _approve(self, outgoing: "Outgoing") -> bool:
        screen = OutgoingScreen(outgoing, None, held={}, change=None, asks=True)
        verdict = await self.app.push_screen_wait(screen)
        return verdict in (Verdict.ONCE, Verdict.CHAT)

    def _drawn(self, result: "Compared") -> Content:
        head = drawn_line(result.destination, "bold $text-accent")
        body = self._markdown.draw(result.answer.text if result.answer else result.text)
        below = [drawn_line(line, "$text-muted") for line in _below(result)]
        return joined(head, "\n", body, *(piece for line in below for piece in ("\n", line)))

    async def action_leave(self) -> None:
        """Stop what is under way, and back."""
        await self.leave()
        self.dismiss(None)

    @property
    def working(self) -> bool:
        """A comparison under way keeps the screen from being locked by itself."""
        return self._asking is not None and self._asking.is_running

    async def leave(self) -> None:
        """End what is under way; what came of an answer is kept before this is over."""
        if self._asking is not None and self._asking.is_running:
            self._asking.cancel()
            with suppress(WorkerError):
                await self._asking.wait()


def _below(result: "Compared") -> list[str]:
    if result.failed is not None:
        return [f"! {result.failed.title}. {result.failed.text} {result.failed.next_step}"]
    if result.not_sent is not None:
        return [f"Not sent: {result.not_sent}."]
    if result.answer is None:
        return ["…"]
    times = f"first word after {result.first or 0:.1f} s, done after {result.total or 0:.1f} s"
    what = [f"↑ {sent(result.outgoing)}"] if result.outgoing else []
    told = [checked(result.answer), *what, told_usage(result.usage), times]
    return [line for line in (*told, *(f"! {warning}" for warning in result.answer.warnings)) if line]
