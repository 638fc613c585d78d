"""Which category to show."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from assistant.records.model import CATEGORY_NAMES, Category
from assistant.tui.drawn import drawn_line
from assistant.tui.screens.boxed import Boxed


class CategoryScreen(Boxed[str]):
    """Chooses a category: its id, empty for all; None where nothing was chosen."""

    def __init__(self, counts: dict[Category, int], chosen: Category | None) -> None:
        super().__init__()
        self._counts = counts
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        """All, then each category with how many records it would show."""
        total = sum(self._counts.values())
        each = [
            (category.value, CATEGORY_NAMES[category], self._counts.get(category, 0)) for category in Category
        ]
        with Vertical(classes="box"):
            yield OptionList(*(_option(*row) for row in [("", "All categories", total), *each]))

    def on_mount(self) -> None:
        """Begin on the category that is shown."""
        options = self.query_one(OptionList)
        options.highlighted = options.get_option_index(self._chosen.value if self._chosen else "")

    @on(OptionList.OptionSelected)
    def _take(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)


def _option(value: str, name: str, count: int) -> Option:
    return Option(drawn_line(f"{name:<24}{count:>10,}"), id=value)
