"""The conversation as it scrolls: at most so many messages are there at once, the newest by default."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.widget import Widget

from assistant.sharing.model import Destination
from assistant.tui.markdown import Markdown
from assistant.tui.widgets.message import AnswerView, NoticeView, QuestionView

if TYPE_CHECKING:
    from assistant.chat.browse import PastTurn

MOST = 30
"""Turns on the screen at once; older ones come when they are scrolled to."""
STEP = 20
PER_SECOND = 12
"""How often a growing answer is drawn."""
WENT = frozenset(("answered", "stopped", "failed", "sending"))
"""States of a turn whose message left, or may have."""
ENDED = {
    "refused": "Not sent.",
    "stopped": "Stopped here.",
    "failed": "It ended here: the model did not go on.",
    "sending": "It ended here: Chartside was closed meanwhile.",
    "asked": "Not sent.",
    "shown": "Not sent.",
}


class Transcript(VerticalScroll, can_focus=False):
    """Questions, answers and notices in order; it follows the end unless the reader has scrolled up."""

    DEFAULT_CSS = "Transcript { layout: stream; height: 1fr; }"

    def __init__(self, markdown: Markdown, destinations: Sequence[Destination] = ()) -> None:
        super().__init__(id="transcript")
        self._markdown = markdown
        self.destinations = {destination.id: destination for destination in destinations}
        self._turns: Sequence[PastTurn] = ()
        self._first = 0
        self._growing: AnswerView | None = None
        self._unpainted = False

    def on_mount(self) -> None:
        """Follow the end, and draw what grows a few times a second."""
        self.anchor()
        self.set_interval(1 / PER_SECOND, self._paint)

    async def show(self, turns: "Sequence[PastTurn]") -> None:
        """A conversation from before."""
        await self.remove_children()
        self._turns, self._first = turns, max(0, len(turns) - MOST)
        await self.mount_all([view for turn in turns[self._first :] for view in self._views(turn)])
        self.anchor()

    async def add(self, *views: Widget) -> None:
        """Something new at the end."""
        await self.mount_all(views)
        self.anchor()

    async def answer(self, question: str, destination: Destination) -> AnswerView:
        """A question, and the place for its answer."""
        view = AnswerView(destination, self._markdown)
        await self.add(QuestionView(question), view)
        self._growing = view
        return view

    async def say(self, text: str) -> None:
        """A notice."""
        await self.add(NoticeView(text))

    def grow(self, text: str) -> None:
        """More of the answer under way."""
        if self._growing is not None:
            self._growing.grow(text)
            self._unpainted = True

    def _paint(self) -> None:
        if self._unpainted and self._growing is not None:
            self._unpainted = False
            self._growing.paint()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Bring older turns when the reader has come to the top."""
        super().watch_scroll_y(old_value, new_value)
        if new_value == 0 and old_value > 0 and self._first:
            self.run_worker(self._older(), exclusive=True, group="older", exit_on_error=False)

    async def _older(self) -> None:
        first = max(0, self._first - STEP)
        views = [view for turn in self._turns[first : self._first] for view in self._views(turn)]
        self._first = first
        height = self.virtual_size.height
        await self.mount_all(views, before=0)
        self.call_after_refresh(
            lambda: self.scroll_to(y=self.virtual_size.height - height, animate=False, immediate=True)
        )

    def _views(self, turn: "PastTurn") -> list[Widget]:
        gone = Destination(id=turn.destination, adapter="gone", model=turn.destination, stays_here=True)
        destination = self.destinations.get(turn.destination, gone)
        view = AnswerView(destination, self._markdown)
        sent = turn.outgoing if turn.state in WENT else None
        view.finish(turn.answer, sent, ENDED.get(turn.state, ""), turn.usage)
        return [QuestionView(turn.question), view]
