"""What can be done where one is: the focused widget's own words, the screen's, and the keys that work now."""

from typing import Any, Protocol, runtime_checkable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from assistant.tui.drawn import drawn, drawn_line, joined
from assistant.tui.screens.boxed import Boxed


@runtime_checkable
class Helpful(Protocol):
    """A widget or screen that says what it is for."""

    HELP: str


class HelpScreen(Boxed[None]):
    """Over the screen that it is about."""

    BINDINGS = [Binding("f1,q", "leave", "Back", id="help.back", tooltip="Close the help", show=False)]

    def __init__(self, words: tuple[str, ...], keys: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self._words = words
        self._keys = keys

    @classmethod
    def about(cls, screen: Screen[Any]) -> "HelpScreen":
        """The help for a screen as it stands."""
        nodes: tuple[object, ...] = (screen.focused, screen)
        helpful = [node for node in nodes if isinstance(node, Helpful)]
        keys = [
            (screen.app.get_key_display(active.binding), active.binding.tooltip or active.binding.description)
            for active in screen.active_bindings.values()
            if active.enabled and active.binding.description and active.binding.id
        ]
        return cls(tuple(node.HELP for node in helpful if node.HELP), tuple(dict.fromkeys(keys)))

    def compose(self) -> ComposeResult:
        """The words, then the keys."""
        with VerticalScroll(classes="box"):
            for words in self._words:
                yield Static(drawn(f"{words}\n"))
            lines = [_line(key, what) for key, what in self._keys]
            yield Static(Content("\n").join(lines))


def _line(key: str, what: str) -> Content:
    return joined(drawn_line(f"{key:>10}  ", "bold $text-primary"), drawn_line(what))
