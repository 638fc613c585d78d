"""Where a question is typed: Enter sends, Shift+Enter or Ctrl+J begins a new line."""

from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.widgets import TextArea

from assistant.tui.widgets.skill_offer import SkillOffer

MOST_LINES = 6


class Composer(TextArea):
    """A text area that grows with its text and hands it over on Enter."""

    HELP = (
        "Type a question about your records. Enter sends it; Shift+Enter or Ctrl+J begins a new line. "
        "Up brings back the question before. A / at the beginning offers ready-made questions. What you "
        "type stays here until it is sent, also when Chartside is locked or closed."
    )
    DEFAULT_CSS = """
    Composer { height: auto; min-height: 3; max-height: 8; border: tall $border-blurred; padding: 0 1; }
    Composer:focus { border: tall $border; }
    """
    BINDINGS = [
        Binding("enter", "send", "Send", id="composer.send", tooltip="Send the question"),
        Binding("shift+enter,ctrl+j", "newline", "New line", show=False, id="composer.newline"),
    ]

    class Sent(Message):
        """The question is complete."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self) -> None:
        super().__init__(
            id="composer",
            soft_wrap=True,
            show_line_numbers=False,
            tab_behavior="focus",
            highlight_cursor_line=False,
            placeholder="Ask about your records",
        )
        self._before = ""
        self.offer: SkillOffer | None = None
        """What a `/` at the beginning opens."""

    def action_send(self) -> None:
        """Hand the text over, if there is any."""
        if self.text.strip():
            self.post_message(self.Sent(self.text.strip()))

    def action_newline(self) -> None:
        """Begin a new line."""
        self.insert("\n")

    def sent(self, text: str) -> None:
        """The question is safe: make room for the next."""
        self._before = text
        if self.text.strip() == text:
            self.text = ""

    def put(self, text: str) -> None:
        """Put a text here to go on with, unless something else is being typed."""
        if not self.text.strip():
            self.text = text
            self.move_cursor(self.document.end)

    def on_key(self, event: events.Key) -> None:
        """Send, or bring back the question before where there is nothing else above.

        Here and not by a binding with priority: that would overtake keys that were typed before it.
        """
        if self.offer is not None and self._offered(self.offer, event.key):
            event.prevent_default()
            event.stop()
        elif event.key == "enter":
            event.prevent_default()
            event.stop()
            self.action_send()
        elif event.key == "up" and not self.text and self._before:
            event.prevent_default()
            self.put(self._before)

    def _offered(self, offer: SkillOffer, key: str) -> bool:
        """Whether a key was for what is offered."""
        if key not in ("enter", "tab", "up", "down", "escape") or (taken := offer.take(self.text)) is None:
            return False
        match key:
            case "up":
                offer.action_cursor_up()
            case "down":
                offer.action_cursor_down()
            case "escape":
                offer.close()
            case _:
                self.text = taken
                self.move_cursor(self.document.end)
        return True
