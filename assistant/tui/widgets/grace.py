"""The moment in which nothing can be approved yet: a key that was on its way must not send a message."""

from time import monotonic

from textual.widgets import Static

from assistant.tui.drawn import drawn

SECONDS = 0.7


class Grace(Static):
    """Says whether approving is possible already."""

    DEFAULT_CSS = "Grace { height: 1; padding: 0 1; color: $text-warning; text-style: bold; }"

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._until = 0.0

    @property
    def over(self) -> bool:
        """Whether the moment has passed."""
        return monotonic() >= self._until

    def begin(self) -> None:
        """Wait from now on."""
        self._until = monotonic() + SECONDS
        self.update(drawn("Look at it first …"))
        self.set_timer(SECONDS, self._tell)

    def on_mount(self) -> None:
        """The first look."""
        self.begin()

    def _tell(self) -> None:
        if self.over:
            self.update(drawn("F5 sends exactly this; F6 too, and asks no more in this chat."))
