"""After the sign-in, before anything is fetched: what will come, what will not and why."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from assistant.tui.drawn import drawn, drawn_line, joined
from assistant.tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from assistant.links.providers.door import Coming, Signed

LEAVE_SECONDS = 3.0
"""How long a lock waits for the server that access is given back to."""


class ComingScreen(Screen[bool]):
    """Dismissed with whether the patient agrees."""

    HELP = (
        "Nothing has been fetched or kept yet. F5 agrees: the sign-in is kept, encrypted with your records, "
        "and fetching begins. Escape says no: access is given back."
    )
    CSS = "ComingScreen VerticalScroll { padding: 0 2; }"
    AUTO_FOCUS = "VerticalScroll"
    BINDINGS = [
        Binding("f5", "agree", "Agree and fetch", id="coming.agree", tooltip="Keep it, fetch what comes"),
        Binding("escape", "decline", "No, give it back", id="coming.no", tooltip="Give access back"),
    ]

    def __init__(self, signed: "Signed", shared: str, drop: "Callable[[Signed], Awaitable[str]]") -> None:
        """`shared` says what is shared of it by this; `drop` gives access back."""
        super().__init__()
        self._signed = signed
        self._shared = shared
        self._drop = drop

    def compose(self) -> ComposeResult:
        """The facts, then the kinds."""
        signed = self._signed
        with VerticalScroll():
            yield Static(drawn_line(f"You are signed in: {signed.link.info.name}", "bold $text-primary"))
            if signed.whose:
                yield Static(drawn(signed.whose, "$text-warning"))
            yield Static(drawn(f"{signed.lasting}\n{self._shared}\n"))
            yield Static(coming_lines(signed.coming))
        yield KeyLine()

    @property
    def working(self) -> bool:
        """Waiting for an answer does not keep the records open."""
        return False

    async def leave(self) -> None:
        """Nobody agreed: give access back, without holding up the lock for long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LEAVE_SECONDS):
                await self._drop(self._signed)

    def action_agree(self) -> None:
        """Keep it and fetch."""
        self.dismiss(True)

    def action_decline(self) -> None:
        """Keep nothing."""
        self.dismiss(False)


def coming_lines(coming: "Sequence[Coming]") -> Content:
    """What will come, then what will not."""
    comes = [one for one in coming if one.comes]
    stays = [one for one in coming if not one.comes]
    lines = [drawn_line(f"Will be fetched, as far as it is there ({len(comes)}):", "bold")]
    lines += [_came(one) for one in comes]
    if stays:
        lines += [drawn(""), drawn_line(f"Will not come ({len(stays)}):", "bold")]
        lines += [_left(one) for one in stays]
    return Content("\n").join(lines)


def _came(one: "Coming") -> Content:
    """With all that the server says of it, where nothing more is known."""
    name = joined(drawn("✓ ", "$text-success"), drawn_line(one.name))
    return joined(name, "\n", drawn(one.about, "$text-muted")) if one.about else name


def _left(one: "Coming") -> Content:
    return joined(
        drawn("✗ ", "$text-warning"), drawn_line(f"{one.name}: "), drawn_line(one.why, "$text-muted")
    )
