"""The messages of a conversation, one widget each."""

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widget import Widget
from textual.widgets import Static

from assistant.chat.events import Answer, Outgoing
from assistant.chat.telling import checked, sent, told_sources
from assistant.llm.base import Usage
from assistant.sharing.model import Destination
from assistant.tui.drawn import drawn, drawn_line, joined
from assistant.tui.markdown import Markdown

NOTHING = Usage()

DIGITS = "123456789"
GROWING = "…"
SETTLES = 1500
"""Characters of a growing answer that become a part of their own at the next empty line."""


class QuestionView(Static):
    """What the patient asked."""

    DEFAULT_CSS = "QuestionView { padding: 1 1 0 2; }"

    def __init__(self, text: str) -> None:
        super().__init__(joined(drawn("You\n", "bold $text-primary"), drawn(text)))


class NoticeView(Static):
    """Something that the app says in the conversation."""

    DEFAULT_CSS = "NoticeView { padding: 1 1 0 2; color: $text-muted; }"

    def __init__(self, text: str) -> None:
        super().__init__(drawn(text))


class AnswerPart(Static):
    """The beginning of a long answer that is still growing; it need not be drawn again with every word."""

    DEFAULT_CSS = "AnswerPart { padding: 1 1 0 2; }"


class AnswerView(Static, can_focus=True):
    """One answer: its text as it comes, then what checking found and what was sent for it."""

    HELP = (
        "An answer. Press a number to open the record that it cites, o to see exactly what was sent for it, "
        "c to copy it. Up and down go through the conversation, Escape goes back to your question."
    )
    DEFAULT_CSS = """
    AnswerView { padding: 1 1 0 1; border-left: blank; }
    AnswerView:focus { border-left: thick $primary; }
    AnswerView.urgent { border: heavy $error; padding: 0 1; text-style: bold; }
    """
    BINDINGS = [
        Binding("o", "outgoing", "What was sent", id="answer.outgoing", tooltip="Exactly what was sent"),
        Binding("c", "copy", "Copy", id="answer.copy", tooltip="Copy this answer"),
        Binding("up", "app.focus_previous", "Before", show=False),
        Binding("down", "app.focus_next", "After", show=False),
        Binding(
            ",".join(DIGITS),
            "cite_key",
            "Open record",
            key_display="1-9",
            id="answer.record",
            tooltip="Open the record of this number",
        ),
    ]

    class Cited(Message):
        """A cited record is to be opened."""

        def __init__(self, record: str) -> None:
            super().__init__()
            self.record = record

    class Shown(Message):
        """What was sent for an answer is to be shown."""

        def __init__(self, outgoing: Outgoing) -> None:
            super().__init__()
            self.outgoing = outgoing

    def __init__(self, destination: Destination, markdown: Markdown) -> None:
        super().__init__()
        self._destination = destination
        self._markdown = markdown
        self._text = ""
        self._state = GROWING
        self._answer: Answer | None = None
        self._usage = NOTHING
        self.outgoing: Outgoing | None = None
        self._parts: list[AnswerPart] = []
        self._from = 0
        """Where in the text what is not in a part begins."""

    def grow(self, text: str) -> None:
        """More of the answer has come; drawn by the next `paint`."""
        self._text += text

    def finish(
        self,
        answer: Answer | None,
        outgoing: Outgoing | None,
        state: str = "",
        usage: Usage = NOTHING,
    ) -> None:
        """The answer is whole, or ends here for the reason given."""
        self._answer, self.outgoing, self._state, self._usage = answer, outgoing, state, usage
        while self._parts:
            self._parts.pop().remove()
        self._from = 0
        if answer is not None:
            self._text = answer.text
        self.paint()

    def paint(self) -> None:
        """Draw what there is."""
        end = self._text.rfind("\n\n", self._from)
        if self._state == GROWING and end - self._from > SETTLES and isinstance(self.parent, Widget):
            part = AnswerPart(joined(self._head(), self._body(end)))
            self._parts.append(part)
            self.parent.mount(part, before=self)
            self._from = end + 2
        self.update(joined(self._head(), self._body(), *self._below()))

    def _head(self) -> Content:
        return (
            Content("") if self._from else drawn(f"Chartside, {self._destination.id}\n", "bold $text-accent")
        )

    def on_mount(self) -> None:
        """Draw the heading at once."""
        self.paint()

    def _body(self, end: int | None = None) -> Content:
        text = self._text[self._from : end]
        body = drawn(text) if self._destination.in_process else self._markdown.draw(text)
        refs = {citation.ref for citation in self._answer.citations} if self._answer else set()
        for ref in refs:
            mark = f"[{ref}]"
            link = Style(underline=True) + Style.from_meta({"@click": f"cite({ref})"})
            at = body.plain.find(mark)
            while at >= 0:
                body = body.stylize(link, at, at + len(mark))
                at = body.plain.find(mark, at + 1)
        return body

    def _below(self) -> list[Content]:
        lines = [drawn_line(self._state, "$foreground-muted")] if self._state else []
        if self._answer is not None:
            if found := checked(self._answer):
                lines.append(drawn_line(found, "$text-success" if found[0] == "✓" else "bold $text-warning"))
            lines += [drawn_line(f"! {warning}", "bold $text-warning") for warning in self._answer.warnings]
        if self.outgoing is not None:
            lines += [drawn_line(f"! {text}", "$text-warning") for text in self.outgoing.local.coverage]
            if where := told_sources(self.outgoing.local):
                lines.append(drawn_line(where, "$foreground-muted"))
            view = drawn("view", Style(underline=True) + Style.from_meta({"@click": "outgoing"}))
            what = sent(self.outgoing, self._usage)
            lines.append(joined(drawn_line(f"↑ {what} · ", "$foreground-muted"), view))
        return [piece for line in lines for piece in (Content("\n"), line)]

    def action_outgoing(self) -> None:
        """Show what was sent."""
        if self.outgoing is not None:
            self.post_message(self.Shown(self.outgoing))

    def action_copy(self) -> None:
        """Copy the answer."""
        self.app.copy_to_clipboard(self._text)

    def action_cite(self, ref: int) -> None:
        """Open the record that a reference stands for."""
        for citation in self._answer.citations if self._answer else ():
            if citation.ref == ref:
                self.post_message(self.Cited(citation.record))

    def on_key(self, event: events.Key) -> None:
        """A digit opens the record of that number."""
        if event.key in DIGITS:
            event.stop()
            self.action_cite(int(event.key))

    def action_cite_key(self) -> None:
        """Only a name for the footer: `on_key` knows which digit it was."""
