"""Whom to ask; add one, look for one on this computer, or remove one."""

import asyncio
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from assistant.chat.telling import where
from assistant.sharing.consent import answers
from assistant.sharing.model import Destination
from assistant.tui.drawn import drawn, drawn_line, joined
from assistant.tui.guarded import guarded
from assistant.tui.screens.adding import AddModelScreen, Proposal
from assistant.tui.screens.boxed import Boxed
from assistant.tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from assistant.bootstrap import House


class WhomScreen(Boxed[str]):
    """Dismissed with a destination's id."""

    HELP = (
        "Choose with the arrow keys and Enter. Nothing is sent by choosing. a adds a model; l looks for one "
        "on this computer, at the ports that such programs use; Delete removes one with its key."
    )
    BINDINGS = [
        Binding("a", "add", "Add a model", id="whom.add", tooltip="Claude, another provider, an address"),
        Binding("l", "look", "Look on this computer", id="whom.look", tooltip="Ollama, llama.cpp, LM Studio"),
        Binding("delete", "remove", "Remove", id="whom.remove", tooltip="With its key and what it may see"),
    ]

    def __init__(self, house: "House") -> None:
        super().__init__()
        self._house = house
        self._found: dict[str, Proposal] = {}

    def compose(self) -> ComposeResult:
        """Each destination with what is known of it."""
        with Vertical(classes="box"):
            yield Static(drawn("Whom do you want to ask?", "bold"))
            yield OptionList(*self._options(), id="whom", markup=False)
            yield Static(id="matter")
            yield KeyLine()

    def _options(self) -> list[Option]:
        return [_option(d) for d in self._house.voices.destinations]

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Ask this one from now on; one that was found has to be added first."""
        proposal = self._found.get(event.option_id or "")
        if proposal is not None:
            self.app.push_screen(AddModelScreen(self._house, proposal), self._added)
        else:
            self.dismiss(event.option_id)

    def action_add(self) -> None:
        """Add a model."""
        self.app.push_screen(AddModelScreen(self._house), self._added)

    def _added(self, name: str | None) -> None:
        if name is not None:
            self.dismiss(name)

    def action_look(self) -> None:
        """Look for models on this computer: only now, because it was asked for."""
        self._tell("Looking …")
        self.run_worker(self._look(), group="look", exclusive=True, name="look for models here")

    async def _look(self) -> None:
        from assistant.llm.finding import USUAL_PORTS, find_local

        found = await find_local(USUAL_PORTS, self._house.watch)
        await asyncio.to_thread(self._house.vault.note, "looked for models here")
        self._found = {
            f"found {n}": Proposal("openai", model, server.base_url)
            for n, (server, model) in enumerate((s, m) for s in found for m in s.models)
        }
        self._draw()
        self._tell("" if self._found else "No model answers on this computer. Is its program running?")

    def action_remove(self) -> None:
        """Remove the model in hand."""
        options = self.query_one("#whom", OptionList)
        if options.highlighted is not None:
            name = options.get_option_at_index(options.highlighted).id or ""
            self.run_worker(guarded(self.app, self._remove(name)), group="remove", exclusive=True)

    async def _remove(self, name: str) -> None:
        await asyncio.to_thread(self._house.models.remove, name)
        self._draw()
        self._tell("It is gone, with its key and everything that was shared with it.")

    def _draw(self) -> None:
        options = self.query_one("#whom", OptionList)
        options.clear_options()
        options.add_options([*self._options(), *(_offer(id_, p) for id_, p in self._found.items())])

    def _tell(self, text: str) -> None:
        self.query_one("#matter", Static).update(drawn(text))


def _option(destination: Destination) -> Option:
    head = drawn_line(f"{destination.id}, {where(destination)}", "bold")
    who, kept, _ = answers(destination)
    return Option(joined(head, "\n", drawn(f"{who} {kept}", "$text-muted")), id=destination.id)


def _offer(name: str, proposal: Proposal) -> Option:
    head = drawn_line(f"Found here: {proposal.model}", "bold $text-success")
    return Option(joined(head, "\n", drawn_line(f"at {proposal.base_url}; Enter adds it")), id=name)
