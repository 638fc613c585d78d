"""Share only a part of a category: one source, from a day on, in this chat only, for some days."""

import datetime as dt
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from assistant.clock import Clock, stamp
from assistant.records.model import CATEGORY_NAMES, Category
from assistant.sharing.model import Grant
from assistant.tui.drawn import drawn, drawn_line, joined
from assistant.tui.screens.boxed import Boxed
from assistant.tui.widgets.key_line import KeyLine


class NarrowScreen(Boxed[Grant]):
    """Asks which part of a category may be shared; None leaves it as it is."""

    HELP = "Choose with the arrow keys and Enter. For “from a day on”, type the day first."

    def __init__(
        self,
        category: Category,
        to: str,
        sources: Sequence[tuple[str, str]],
        chat: str | None,
        clock: Clock,
    ) -> None:
        super().__init__()
        self._category = category
        self._to = to
        self._sources = sources
        self._chat = chat
        self._clock = clock

    def compose(self) -> ComposeResult:
        """The parts that can be shared."""
        with Vertical(classes="box"):
            yield Static(
                drawn_line(f"Share only part of {CATEGORY_NAMES[self._category]} with {self._to}", "bold")
            )
            yield OptionList(*self._options(), id="parts", markup=False)
            yield Input(placeholder="from this day on: 2024-01-31", id="since", max_length=10)
            yield Static(id="matter")
        yield KeyLine()

    def _options(self) -> list[Option]:
        options = [
            Option(joined("Only from ", drawn_line(name, "bold")), id=f"source {source}")
            for source, name in self._sources
        ]
        if self._chat is not None:
            options.append(Option(drawn("All of it, in this chat only"), id="chat"))
        options.append(Option(drawn("All of it, for 30 days"), id="days"))
        return options

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Share that part."""
        kind, _, source = (event.option_id or "").partition(" ")
        match kind:
            case "source":
                self.dismiss(Grant(self._to, self._category, source=source))
            case "chat":
                self.dismiss(Grant(self._to, self._category, chat=self._chat))
            case "days":
                end = stamp(self._clock() + dt.timedelta(days=30))
                self.dismiss(Grant(self._to, self._category, until=end))
            case _:
                self.dismiss(None)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Share from a day on."""
        try:
            day = dt.date.fromisoformat(event.value.strip())
        except ValueError:
            self.query_one("#matter", Static).update(drawn("Type the day like this: 2024-01-31."))
            return
        self.dismiss(Grant(self._to, self._category, since=day.isoformat()))
