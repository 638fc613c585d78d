"""Questions to start with, where a conversation is still empty."""

from collections.abc import Sequence

from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from assistant.tui.drawn import drawn, joined


class Starter(OptionList):
    """A few questions; Enter asks the one in hand."""

    HELP = "Questions to start with: Enter asks one. Or type your own below."
    DEFAULT_CSS = """
    Starter { height: auto; border: none; padding: 1; background: transparent; }
    Starter:focus { border: none; }
    """

    class Chosen(Message):
        """One of them is asked."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, questions: Sequence[str]) -> None:
        super().__init__(
            Option(drawn("To start with, choose one (Tab, then Enter), or type your own:"), disabled=True),
            *[Option(joined(drawn("› ", "bold $text-accent"), text), id=text) for text in questions],
            markup=False,
        )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Ask it."""
        event.stop()
        self.post_message(self.Chosen(event.option_id or ""))
