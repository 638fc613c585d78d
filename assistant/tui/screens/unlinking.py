"""Unlink a provider: keep its records or delete them."""

from time import monotonic

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from assistant.tui.drawn import drawn, drawn_line, joined
from assistant.tui.screens.asking import AskScreen
from assistant.tui.screens.boxed import Boxed
from assistant.tui.widgets import grace
from assistant.tui.widgets.key_line import KeyLine

KEEP = "keep"
DELETE = "delete"
_CHOICES = (
    (KEEP, "Unlink and keep the records", "They stay as they are; nothing new comes."),
    (DELETE, "Unlink and delete the records", "What only this provider told is deleted here, for good."),
)


class UnlinkScreen(Boxed[str]):
    """Dismissed with `keep` or `delete`."""

    HELP = (
        "Both give access back at the provider where it offers that, and drop the sign-in here. What the "
        "provider holds stays there; what was sent to a model stays with its provider."
    )

    def __init__(self, name: str) -> None:
        super().__init__()
        self._called = name
        self._armed = monotonic() + grace.SECONDS

    def compose(self) -> ComposeResult:
        """The question and the two ways."""
        with Vertical(classes="box"):
            yield Static(drawn_line(f"Unlink {self._called}?", "bold"))
            yield OptionList(*[_option(*choice) for choice in _CHOICES], id="unlink", markup=False)
            yield KeyLine()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the choice, but not from a key that was on its way; deleting is asked again."""
        if monotonic() < self._armed:
            return
        if event.option_id == DELETE:
            question = f"Delete the records of {self._called} for good? Type yes."
            self.app.push_screen(AskScreen(question), self._sure)
        else:
            self.dismiss(KEEP)

    def _sure(self, typed: str | None) -> None:
        if typed == "yes":
            self.dismiss(DELETE)


def _option(name: str, head: str, about: str) -> Option:
    return Option(joined(drawn_line(head, "bold"), "\n", drawn(about, "$text-muted")), id=name)
