"""A chat screen of Textual and nothing else: the floor for a first frame."""

from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Footer, Input, Static


class Bare(App[None]):
    """A transcript, a line to type in, a footer."""

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Static("SHARING nothing")
        yield Input()
        yield Footer()


if __name__ == "__main__":
    Bare().run()
