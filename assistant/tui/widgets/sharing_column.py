"""What the one who is asked may see: a switch for each category, and where the records come from."""

from collections.abc import Mapping, Sequence

import msgspec
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from assistant.records.model import CATEGORY_NAMES, Category
from assistant.sharing.model import Destination, Grant
from assistant.tui.drawn import drawn, drawn_line, joined

WIDTH = 30


class SourceLine(msgspec.Struct, frozen=True):
    """One source as the column tells it."""

    name: str
    working: bool
    state: str
    """What is the matter, or when it last worked."""


class SharingState(msgspec.Struct, frozen=True):
    """All that the column shows."""

    destination: Destination
    counts: Mapping[Category, int]
    grants: tuple[Grant, ...]
    """Of this destination."""
    sources: tuple[SourceLine, ...]


def mark(category: Category, grants: Sequence[Grant]) -> str:
    """`●` shared, `◐` shared in part, `○` not shared."""
    own = [grant for grant in grants if grant.category is category]
    if any(g.source is None and g.since is None and g.record is None for g in own):
        return "●"
    return "◐" if own else "○"


class SharingColumn(Vertical):
    """The column at the left of the conversation."""

    DEFAULT_CSS = f"""
    SharingColumn {{ width: {WIDTH}; border-right: vkey $border-blurred; }}
    SharingColumn OptionList {{ height: auto; max-height: 1fr; border: none; padding: 0; }}
    SharingColumn OptionList {{ background: transparent; overflow-x: hidden; }}
    SharingColumn OptionList:focus {{ border: none; background-tint: transparent; }}
    SharingColumn .title {{ padding: 0 1; text-style: bold; }}
    SharingColumn #sources {{ padding: 0 1; }}
    """

    class Switched(Message):
        """A category is to be shared, or no more."""

        def __init__(self, category: Category, on: bool) -> None:
            super().__init__()
            self.category = category
            self.on = on

    class Narrow(Message):
        """The patient wants to share only part of a category."""

        def __init__(self, category: Category) -> None:
            super().__init__()
            self.category = category

    def compose(self) -> ComposeResult:
        """The heading, the categories, the sources."""
        yield Static(drawn("SHARING"), classes="title")
        yield Switches(id="switches")
        yield Static(drawn("SOURCES"), classes="title")
        yield Static(id="sources")

    def show(self, state: SharingState) -> None:
        """Tell what is shared now."""
        self.query_one(Switches).show(state)
        lines = [_source(source) for source in state.sources] or [drawn_line("none yet", "$text-muted")]
        self.query_one("#sources", Static).update(Content("\n").join(lines))


class Switches(OptionList):
    """The categories, each a switch."""

    HELP = (
        "What the one you ask may see. Space or Enter switches a category on or off; n shares only a part of "
        "it: one source, or from a day on, or for a time. ● shared, ◐ in part, ○ not shared. F9 stops all "
        "sharing, with everyone."
    )
    BINDINGS = [
        Binding("space", "select", "Switch", id="sharing.switch", tooltip="Share it, or stop sharing it"),
        Binding("n", "narrow", "Only part", id="sharing.narrow", tooltip="Share only a part of it"),
    ]

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, markup=False)
        self._state: SharingState | None = None

    def show(self, state: SharingState) -> None:
        """Draw the switches; the one in hand stays in hand."""
        at = self.highlighted
        self._state = state
        self.clear_options()
        shown = [c for c in Category if state.counts.get(c) or mark(c, state.grants) != "○"]
        self.add_options([Option(_switch(c, state), id=c.value) for c in shown])
        if shown:
            self.highlighted = min(at or 0, len(shown) - 1)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Ask for the switch to be turned."""
        event.stop()
        if self._state is not None and event.option_id is not None:
            category = Category(event.option_id)
            self.post_message(SharingColumn.Switched(category, mark(category, self._state.grants) == "○"))

    def action_narrow(self) -> None:
        """Ask for a part of the category in hand."""
        if self.highlighted is not None:
            option = self.get_option_at_index(self.highlighted)
            self.post_message(SharingColumn.Narrow(Category(option.id or "")))


def _switch(category: Category, state: SharingState) -> Content:
    sign = mark(category, state.grants)
    count = state.counts.get(category, 0)
    name = CATEGORY_NAMES[category][: WIDTH - 10]
    style = "$text-muted" if sign == "○" else ""
    return joined(drawn(f" {sign} "), drawn(f"{name:<{WIDTH - 10}}{count:>5}", style))


def _source(source: SourceLine) -> Content:
    sign = drawn("✓ ", "$text-success") if source.working else drawn("! ", "bold $text-warning")
    state = joined("\n  ", drawn_line(source.state, "$text-muted")) if source.state else Content("")
    return joined(sign, drawn_line(source.name[: WIDTH - 6]), state)
