"""The outgoing message: every record in it, and the exact bytes. Before it is sent, and for any past one."""

from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from assistant.chat.differences import differences, laid_out
from assistant.chat.events import Outgoing
from assistant.chat.telling import first_time, plural, where, would_send
from assistant.records.model import CATEGORY_NAMES, Category
from assistant.sharing.consent import answers
from assistant.tui.drawn import drawn, drawn_line, joined
from assistant.tui.widgets.grace import Grace
from assistant.tui.widgets.key_line import KeyLine

Change = Callable[[str, str, bool], Awaitable[Outgoing | None]]
"""Holds a record (id, its text) back or lets it go again; the message made anew."""


class Verdict(StrEnum):
    """What the patient decided about a message."""

    NO = "no"
    ONCE = "once"
    CHAT = "chat"


class Shows(StrEnum):
    """How the request is shown."""

    EXACT = "The exact bytes"
    LAID_OUT = "The same, laid out for reading"
    CHANGES = "What is new since the message before"


class OutgoingScreen(Screen[Verdict]):
    """One message. `change` is None for a message that can't be changed any more."""

    HELP = (
        "The message exactly as it is sent. Left: each record in it; w keeps one out. Right: the bytes; "
        "v changes how they are shown. Nothing of this is sent before you say so."
    )
    CSS = """
    OutgoingScreen #head { height: auto; padding: 0 1; }
    OutgoingScreen #items, OutgoingScreen #items:focus { width: 2fr; border: none; }
    OutgoingScreen #request { border-left: vkey $border-blurred; }
    OutgoingScreen #request { width: 3fr; padding: 0 1; }
    OutgoingScreen.-narrow Horizontal { layout: vertical; }
    OutgoingScreen.-narrow #items { width: 1fr; height: 1fr; }
    OutgoingScreen.-narrow #request { width: 1fr; height: 1fr; border-left: none; }
    OutgoingScreen.-narrow #request { border-top: hkey $border-blurred; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    BINDINGS = [
        Binding("escape", "leave", "Back", id="outgoing.back", tooltip="Send nothing, go back"),
        Binding("f5", "send", "Send it", id="outgoing.send", tooltip="Send exactly this, once"),
        Binding(
            "f6",
            "send_chat",
            "Send, don't ask again here",
            id="outgoing.always",
            tooltip="Send, and ask no more in this chat for these categories",
        ),
        Binding("w", "withhold", "Keep out/let in", id="outgoing.withhold", tooltip="Keep a record out"),
        Binding("v", "view", "Show otherwise", id="outgoing.view", tooltip="Bytes, laid out, or changes"),
        Binding("c", "copy", "Copy", id="outgoing.copy", tooltip="Copy the request"),
    ]

    def __init__(
        self,
        outgoing: Outgoing,
        before: Outgoing | None,
        *,
        held: Mapping[str, str],
        change: Change | None,
        asks: bool,
    ) -> None:
        super().__init__()
        self._outgoing = outgoing
        self._before = before
        self._held = held
        self._change = change
        self._asks = asks
        self._shows = Shows.EXACT

    def compose(self) -> ComposeResult:
        """Head, items, request."""
        with Vertical():
            yield Static(id="head")
            if self._asks:
                yield Grace(id="grace")
            with Horizontal():
                yield OptionList(id="items", markup=False)
                with VerticalScroll(id="request"):
                    yield Static(id="body")
        yield KeyLine()

    def on_mount(self) -> None:
        """Show it."""
        self._draw()
        self.query_one("#items").focus()

    def _draw(self) -> None:
        outgoing, request = self._outgoing, self._outgoing.request
        size = f"{len(request.body):,} bytes, sha256 {request.sha256[:12]}…"
        head = [
            drawn_line(f"OUTGOING to {outgoing.destination.id}, {where(outgoing.destination)}", "bold"),
            drawn_line(f"{would_send(outgoing)} · {size}"),
        ]
        if outgoing.first:
            head.append(drawn_line(first_time(outgoing), "bold $text-warning"))
        if outgoing.over_cap:
            head.append(drawn_line(outgoing.over_cap, "bold $text-warning"))
        if self._asks:
            head.append(drawn(" ".join(answers(outgoing.destination)), "$text-muted"))
        self.query_one("#head", Static).update(Content("\n").join(head))
        self._draw_items()
        self._draw_body()

    def _draw_items(self) -> None:
        items = self.query_one("#items", OptionList)
        at = items.highlighted or 0
        options = self._options()
        items.clear_options()
        items.add_options(options)
        records = [place for place, option in enumerate(options) if option.id is not None]
        items.highlighted = next(
            (place for place in records if place >= at), records[-1] if records else None
        )

    def _options(self) -> list[Option]:
        message = self._outgoing.message
        options = [_heading(f"Question: {message.question}")]
        if message.history:
            options.append(_heading(f"Earlier in this chat: {plural(len(message.history), 'exchange')}"))
        options += [_heading(f"{fact.ref} worked out: {fact.text}") for fact in message.facts]
        for category in Category:
            own = [item for item in message.items if item.category is category]
            if own:
                options.append(_heading(f"{CATEGORY_NAMES[category]} ({sum(i.tokens for i in own)} tokens)"))
            options += [
                Option(
                    joined(drawn(f"[{item.ref}] ", "bold"), drawn_line(item.text), f" ({item.tokens})"),
                    id=item.record,
                )
                for item in own
            ]
        if self._held:
            options.append(_heading("Kept out of this chat"))
        options += [
            Option(joined(drawn("✗ ", "bold $text-warning"), drawn_line(text, "strike")), id=record)
            for record, text in self._held.items()
        ]
        return options

    def _draw_body(self) -> None:
        request = self._outgoing.request
        headers = "\n".join(f"{name}: {value}" for name, value in request.headers)
        match self._shows:
            case Shows.EXACT:
                body = request.body.decode("utf-8", "replace")
                text = f"sha256 {request.sha256}\n{request.method} {request.url}\n{headers}\n\n{body}"
            case Shows.LAID_OUT:
                text = laid_out(request.body)
            case _:
                text = "\n".join(differences(self._before, self._outgoing))
        title = drawn(f"{self._shows.value}\n", "bold")
        self.query_one("#body", Static).update(joined(title, drawn(text)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what can be done now."""
        if action in ("send", "send_chat"):
            return self._asks
        if action == "withhold":
            return self._change is not None
        return True

    def on_key(self, event: events.Key) -> None:
        """A key that was typed for something else must not approve: the wait begins anew."""
        if self._asks and event.key not in ("f5", "f6"):
            self.query_one(Grace).begin()

    def action_leave(self) -> None:
        """Go back; a message that was asked about is not sent."""
        self.dismiss(Verdict.NO)

    def action_send(self) -> None:
        """Send it once."""
        self._decide(Verdict.ONCE)

    def action_send_chat(self) -> None:
        """Send it, and all like it in this chat."""
        self._decide(Verdict.CHAT)

    def _decide(self, verdict: Verdict) -> None:
        if self.query_one(Grace).over:
            self.dismiss(verdict)

    async def action_withhold(self) -> None:
        """Keep the record in hand out of this chat, or let it in again."""
        items = self.query_one("#items", OptionList)
        if self._change is None or items.highlighted is None:
            return
        option = items.get_option_at_index(items.highlighted)
        if option.id is None:
            return
        texts = {item.record: item.text for item in self._outgoing.message.items}
        out = option.id in texts
        again = await self._change(option.id, texts.get(option.id, ""), out)
        if self._asks:
            self.dismiss(Verdict.NO)
        elif again is not None:
            self._outgoing = again
            self._draw()

    def action_view(self) -> None:
        """Show the request in the next way."""
        ways = list(Shows)
        self._shows = ways[(ways.index(self._shows) + 1) % len(ways)]
        self._draw_body()

    def action_copy(self) -> None:
        """Copy the request's body."""
        self.app.copy_to_clipboard(self._outgoing.request.body.decode("utf-8", "replace"))


def _heading(text: str) -> Option:
    return Option(drawn_line(text, "$text-muted"), disabled=True)
