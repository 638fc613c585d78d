"""Add a model: where it is, its name, its key. Adding sends nothing and shares nothing."""

import asyncio
import re
from typing import TYPE_CHECKING

import msgspec
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Input, Select, Static

from assistant.errors import ChartsideError
from assistant.safe_text import safe_line
from assistant.tui.drawn import drawn
from assistant.tui.screens.boxed import Boxed
from assistant.tui.widgets.key_line import KeyLine
from assistant.tui.widgets.secret import SecretInput

if TYPE_CHECKING:
    from assistant.bootstrap import House


class Proposal(msgspec.Struct, frozen=True):
    """What is filled in already."""

    adapter: str = "anthropic"
    model: str = ""
    base_url: str = ""


_KINDS = (
    ("anthropic", "Claude, from Anthropic"),
    ("openai", "On this computer, or a server of the OpenAI kind"),
    ("litellm", "Another provider: gemini/…, mistral/…, openrouter/…"),
)


class AddModelScreen(Boxed[str]):
    """Dismissed with the id of the model that was added."""

    HELP = (
        "Fill in and press Enter in the last field. The key is kept encrypted with your records and goes to "
        "this provider only."
    )
    CSS = """
    AddModelScreen Input { border: none; height: 1; margin: 1 1 0 1; padding: 0 1; }
    AddModelScreen Input:focus { border: none; text-style: bold; }
    AddModelScreen #matter { margin: 1 1 0 1; }
    """

    def __init__(self, house: "House", proposal: Proposal | None = None) -> None:
        super().__init__()
        self._house = house
        self._proposal = proposal or Proposal()

    def compose(self) -> ComposeResult:
        """The kinds and the fields."""
        has = self._proposal
        with VerticalScroll(classes="box"):
            yield Static(drawn("Add a model. Nothing is sent or shared by adding it.", "bold"))
            kinds = [(drawn(words), adapter) for adapter, words in _KINDS]
            yield Select(kinds, value=has.adapter, allow_blank=False, id="kind")
            yield Input(safe_line(has.model), placeholder="Model, as its provider writes it", id="model")
            yield Input(
                safe_line(has.base_url), placeholder="Address, if it isn't the provider's own", id="base"
            )
            yield SecretInput("Key, if it takes one", id="key")
            yield Input(placeholder="What you call it (or leave it empty)", id="name")
            yield Static(id="matter")
            yield KeyLine()

    def on_mount(self) -> None:
        """Where something is missing."""
        self.query_one("#name" if self._proposal.model else "#kind").focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """On to the next field; from the last one, add it."""
        if event.input.id != "name":
            self.focus_next()
            return
        self.run_worker(self._add(), group="add", exclusive=True, name="add a model")

    async def _add(self) -> None:
        from assistant.llm.models import NewModel

        typed = {field.id: field.value.strip() for field in self.query(Input)}
        new = NewModel(
            id=typed["name"] or suggested(typed["model"] or ""),
            adapter=str(self.query_one("#kind", Select).value),
            model=typed["model"] or "",
            base_url=typed["base"] or None,
        )
        try:
            made = await asyncio.to_thread(self._house.models.add, new, typed["key"] or None)
        except ChartsideError as error:
            self.query_one("#matter", Static).update(
                drawn(f"{error.text} {error.next_step}", "$text-warning")
            )
            return
        self.dismiss(made.id)


def suggested(model: str) -> str:
    """A name for a model, from what its provider calls it: `qwen2.5` for `/models/Qwen2.5.gguf`."""
    last = model.rpartition("/")[2].lower().removesuffix(".gguf")
    return re.sub(r"[^a-z0-9._-]+", "-", last).strip("-._")[:32] or "model"
