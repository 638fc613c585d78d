"""The conversation: what was said, what would be sent, what is shared, where the next question is typed."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Static, TextArea
from textual.worker import Worker, WorkerError

from assistant.chat.events import Outgoing
from assistant.chat.telling import where, would_send
from assistant.errors import ChartsideError
from assistant.records.model import CATEGORY_NAMES, Category
from assistant.tui.desk import Desk
from assistant.tui.drawn import drawn, drawn_line
from assistant.tui.gather import whose
from assistant.tui.guarded import guarded
from assistant.tui.markdown import Markdown
from assistant.tui.screens.narrow import NarrowScreen
from assistant.tui.screens.outgoing import OutgoingScreen, Verdict
from assistant.tui.turn import Turn
from assistant.tui.widgets.composer import Composer
from assistant.tui.widgets.key_line import KeyLine
from assistant.tui.widgets.message import AnswerView
from assistant.tui.widgets.sharing_column import SharingColumn, SharingState, mark
from assistant.tui.widgets.skill_offer import SkillOffer
from assistant.tui.widgets.starter import Starter
from assistant.tui.widgets.transcript import Transcript

if TYPE_CHECKING:
    from assistant.bootstrap import House

PREVIEW_AFTER = 0.3
DRAFT_AFTER = 0.6
_HINT = "Type a question and press Enter. F1 helps."


class ChatScreen(Screen[None]):
    """The first screen of an open vault. Until the vault is open it stands there empty."""

    HELP = (
        "Ask in your own words. The line above the question says what would be sent; Ctrl+O shows it "
        "exactly, before or after. Tab goes to the sharing column and the answers; Escape stops an answer, "
        "or comes back to the question."
    )
    CSS = """
    ChatScreen #head { height: 1; background: $panel; padding: 0 1; }
    ChatScreen #who { width: 1fr; }
    ChatScreen #to { width: auto; }
    ChatScreen #status { height: auto; max-height: 3; padding: 0 2; color: $text-muted; }
    ChatScreen #shared { height: auto; max-height: 2; padding: 0 2; display: none; }
    ChatScreen.-narrow SharingColumn { display: none; }
    ChatScreen.-narrow #shared { display: block; }
    ChatScreen.-narrow.unfolded SharingColumn { display: block; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    AUTO_FOCUS = "#composer"
    BINDINGS = [
        Binding("ctrl+o", "outgoing", "Outgoing", id="chat.outgoing", tooltip="Exactly what is sent"),
        Binding("escape", "stop", "Stop", id="chat.stop", tooltip="Stop the answer, keep what came"),
        Binding("ctrl+n", "new", "New chat", id="chat.new", tooltip="Begin a new conversation", show=False),
        Binding("f2", "column", "Sharing", id="chat.column", tooltip="To the sharing column"),
    ]

    def __init__(self, name: str) -> None:
        super().__init__()
        self._called = name
        self._suffix = ""
        self.desk: Desk | None = None
        self._turn: Worker[None] | None = None
        self._soon: dict[str, Timer] = {}
        self._starters: Sequence[str] = ()

    def compose(self) -> ComposeResult:
        """Head, column, conversation, status, composer, keys."""
        with Horizontal(id="head"):
            yield Static(drawn_line(self._called, "bold"), id="who")
            yield Static(id="to")
        with Horizontal():
            yield SharingColumn()
            with Vertical():
                yield Transcript(Markdown())
                yield Static(drawn_line("SHARING …"), id="shared")
                yield Static(drawn_line("Opening your records …"), id="status")
                yield SkillOffer()
                yield Composer()
        yield KeyLine()

    async def attach(
        self, house: "House", suffix: str = "", starters: Sequence[str] = (), chat: str | None = None
    ) -> None:
        """The vault is open: show what is in it, with questions to start with, or a chat to go on in."""
        self._starters = starters
        self.desk = Desk(house, self._approve)
        self.composer.offer = self.query_one(SkillOffer)
        self.transcript.destinations = {d.id: d for d in house.sharing.destinations}
        self._suffix = suffix
        await self.go_on(chat)
        ready = asyncio.to_thread(house.shelf.listing.prepare)
        self.run_worker(ready, group="listing", exclusive=True, name="make the list of records ready")

    @property
    def transcript(self) -> Transcript:
        """The conversation as it scrolls."""
        return self.query_one(Transcript)

    @property
    def composer(self) -> Composer:
        """Where the question is typed."""
        return self.query_one(Composer)

    @property
    def busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._turn is not None and self._turn.is_running

    async def go_on(self, chat: str | None) -> None:
        """Show a conversation and go on in it; None begins a new one."""
        if self.desk is not None:
            opened = await self.desk.open(chat)
            await self.transcript.show(opened.turns)
            if not opened.turns:
                await self.transcript.add(Starter(self._starters))
            self.composer.put(opened.draft)
            await self.refresh_sharing()

    async def ask_someone_else(self, destination: str) -> None:
        """The next question goes to another destination."""
        if self.desk is not None:
            self.desk.talk.to = destination
            self.transcript.destinations = {d.id: d for d in self.desk.house.sharing.destinations}
            await self.refresh_sharing()

    async def refresh_sharing(self) -> None:
        """Tell again what is shared, and what the question would send."""
        if self.desk is not None:
            state = await self.desk.sharing()
            name = await asyncio.to_thread(whose, self.desk.house)
            self.query_one("#who", Static).update(drawn_line(f"{name}{self._suffix}", "bold"))
            self.query_one(SharingColumn).show(state)
            to = f"to: {state.destination.id}, {where(state.destination)}"
            self.query_one("#to", Static).update(drawn_line(to))
            self.query_one("#shared", Static).update(drawn(in_a_line(state)))
            await self._preview()

    # What would be sent

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Look at what would be sent once the typing pauses, and keep the draft."""
        if self.desk is not None:
            self.query_one(SkillOffer).open(self.composer.text, self.desk.house.skills)
        self._later("preview", PREVIEW_AFTER, self._preview_soon)
        self._later("draft", DRAFT_AFTER, self._draft_soon)

    def _preview_soon(self) -> None:
        self.run_worker(self._preview(), group="preview", exclusive=True, name="what would be sent")

    def _draft_soon(self) -> None:
        if self.desk is not None:
            kept = asyncio.to_thread(self.desk.keep_draft, self.desk.talk.chat, self.composer.text)
            self.run_worker(kept, group="draft", exclusive=True, name="keep the draft")

    def _later(self, name: str, seconds: float, call: Callable[[], None]) -> None:
        if name in self._soon:
            self._soon[name].stop()
        self._soon[name] = self.set_timer(seconds, call)

    async def _preview(self) -> Outgoing | None:
        if self.desk is None:
            return None
        try:
            outgoing = await self.desk.preview(self.composer.text.strip())
        except ChartsideError as error:
            offered = self.query_one(SkillOffer).display
            self._status(_HINT if offered else f"{error.title}. {error.text}")
            return None
        if outgoing is None:
            self._status(_HINT)
        else:
            told = (f"will send: {would_send(outgoing)}", *outgoing.local.coverage)
            self._status(" · ".join(told))
        return outgoing

    def _status(self, text: str) -> None:
        for line in self.query("#status").results(Static):
            line.update(drawn(text))

    @property
    def working(self) -> bool:
        """An answer on its way is stopped by a lock, and kept as far as it came."""
        return False

    async def leave(self) -> None:
        """The vault is about to be closed: keep what came of an answer, and what is being typed."""
        await self._end_turn()
        if self.desk is not None:
            await asyncio.to_thread(self.desk.keep_draft, self.desk.talk.chat, self.composer.text)
            self.desk = None

    async def leave_deleted(self) -> None:
        """Begin a new conversation where the one under way has been deleted."""
        if self.desk is not None and not await self.desk.there():
            await self._end_turn()
            await self.go_on(None)

    async def _end_turn(self) -> None:
        if self._turn is not None and self._turn.is_running:
            self._turn.cancel()
            with suppress(WorkerError):
                await self._turn.wait()

    # Asking

    def on_composer_sent(self, event: Composer.Sent) -> None:
        """Ask."""
        self.ask(event.text)

    def on_starter_chosen(self, event: Starter.Chosen) -> None:
        """Ask one of the questions to start with."""
        self.composer.focus()
        self.ask(event.text)

    def ask(self, text: str) -> None:
        """Ask a question, unless another is under way."""
        if self.desk is None:
            self._status("One moment: your records are being opened.")
        elif self.busy:
            self._status("An answer is on its way. Escape stops it.")
        else:
            self._turn = self.run_worker(self._run(self.desk, text), group="turn", name="a turn")
            self.refresh_bindings()

    async def _run(self, desk: Desk, text: str) -> None:
        self.composer.sent(text)
        await self.query(Starter).remove()
        typed_in, turn = desk.talk.chat, Turn(desk.talk, self.transcript, desk.destination)
        changed = failed = False
        try:
            changed = await turn.run(text)
        except ChartsideError as error:
            failed = True
            await self.transcript.say(f"{error.title}. {error.text} {error.next_step}")
        finally:
            self.set_timer(0.1, self.refresh_bindings)
            if turn.saved and typed_in != desk.talk.chat:
                desk.keep_draft(typed_in, "")
        if changed:
            self.call_later(self.ask, text)
        elif failed or turn.sent is None:
            self.composer.put(text)

    async def _approve(self, outgoing: Outgoing) -> bool:
        if self.desk is None:
            return False
        talk = self.desk.talk
        held, before = self.desk.held, talk.last if talk.last != outgoing else talk.before
        screen = OutgoingScreen(outgoing, before, held=held, change=self._change, asks=True)
        verdict = await self.app.push_screen_wait(screen)
        if verdict is Verdict.CHAT and talk.chat is not None:
            talk.standing.allow(outgoing, talk.chat)
        return verdict in (Verdict.ONCE, Verdict.CHAT)

    async def _change(self, record: str, text: str, out: bool) -> Outgoing | None:
        if self.desk is None:
            return None
        await self.desk.change(record, text, out)
        return await self._preview()

    # What the patient does

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what can be done now shows in the footer."""
        if action == "stop":
            return self.busy or not self.composer.has_focus
        return True

    def action_stop(self) -> None:
        """Stop the answer; without one, back to the question."""
        if self._turn is not None and self.busy:
            self._turn.cancel()
        self.remove_class("unfolded")
        self.composer.focus()

    async def action_outgoing(self) -> None:
        """What the question being typed would send; without one, the last message."""
        outgoing, last = await self._preview(), self.desk.talk.last if self.desk else None
        held = self.desk.held if self.desk else {}
        if outgoing is not None:
            screen = OutgoingScreen(outgoing, last, held=held, change=self._change, asks=False)
            self.app.push_screen(screen)
        elif last is not None:
            before = self.desk.talk.before if self.desk else None
            self.app.push_screen(OutgoingScreen(last, before, held={}, change=None, asks=False))
        else:
            self._status("No message yet: type a question, and look again before you send it.")

    def on_answer_view_cited(self, event: AnswerView.Cited) -> None:
        """Open the record that an answer cites."""
        if self.desk is not None:
            from assistant.tui.screens.record import RecordScreen

            self.app.push_screen(RecordScreen(self.desk.house.shelf, event.record))

    def on_answer_view_shown(self, event: AnswerView.Shown) -> None:
        """What was sent for an answer."""
        self.app.push_screen(OutgoingScreen(event.outgoing, None, held={}, change=None, asks=False))

    async def action_new(self) -> None:
        """Begin a new conversation."""
        if not self.busy:
            await guarded(self.app, self.go_on(None))
            self.composer.focus()

    def action_column(self) -> None:
        """To the sharing column, and back."""
        if self.query_one("#switches").has_focus:
            self.remove_class("unfolded")
            self.composer.focus()
        else:
            self.add_class("unfolded")
            self.query_one("#switches").focus()

    async def stop_all(self) -> None:
        """Take back every grant to everyone, at once."""
        if self.desk is None:
            return
        if self._turn is not None:
            self._turn.cancel()
        gone = await self.desk.stop_all()
        await self.refresh_sharing()
        await self.transcript.say(
            f"Nothing is shared with anyone any more ({gone} taken back). F2 switches categories on again."
        )

    async def on_sharing_column_switched(self, event: SharingColumn.Switched) -> None:
        """Share a category with the one who is asked, or stop."""
        await guarded(self.app, self._switch(event))

    async def _switch(self, event: SharingColumn.Switched) -> None:
        if self.desk is not None:
            await self.desk.switch(event.category, on=event.on)
            await self.refresh_sharing()

    def on_sharing_column_narrow(self, event: SharingColumn.Narrow) -> None:
        """Share only part of a category."""
        if self.desk is not None:
            self.run_worker(
                guarded(self.app, self._narrow(self.desk, event.category)), group="narrow", exclusive=True
            )

    async def _narrow(self, desk: Desk, category: Category) -> None:
        sources = await asyncio.to_thread(desk.house.shelf.sources)
        grant = await self.app.push_screen_wait(
            NarrowScreen(
                category, desk.talk.to, [(s.id, s.name) for s in sources], desk.talk.chat, desk.house.clock
            )
        )
        if grant is not None:
            await desk.narrow(grant)
            await self.refresh_sharing()


def in_a_line(state: SharingState) -> str:
    """What is shared, where there is no room for the column."""
    filled = [category for category in Category if state.counts.get(category)]
    on = [CATEGORY_NAMES[category] for category in filled if mark(category, state.grants) != "○"]
    if len(on) == len(filled):
        return f"SHARING all {len(on)} categories · F2 changes it"
    return f"SHARING {', '.join(on) or 'nothing'} · off: {len(filled) - len(on)} · F2 changes it"
