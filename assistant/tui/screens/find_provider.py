"""Find a provider: by name in the lists on this computer, by a pasted address, or an invented one to try."""

import asyncio
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from assistant.errors import ChartsideError
from assistant.links.providers.door import Offer
from assistant.tui.drawn import drawn, drawn_line, joined
from assistant.tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from assistant.bootstrap import House
    from assistant.links.providers.finding import Finder, Hinted
    from connectors.directory.model import Listed
    from connectors.directory.search import Match

_SERVICES = (
    ("healthex", "HealthEx", "Links many providers by one sign-in, at HealthEx's own pages."),
    ("function-health", "Function Health", "Compares its counts with what you imported; brings no records."),
)
"""What `Links.look` calls them, and what to call them here."""
_LISTS = "lists"
_MARK = "look:"
_TOOLS = "tools:"
_NO_LIST = (
    "No list of providers is here yet. F5 fetches one. Or paste the address of your provider's FHIR server."
)

_NOTHING = "Nothing fits. Try fewer words, fetch another list with F5, or paste an address."
_HINT = "Type a name, a city or a zip code. What you type stays on this computer."


class FindProviderScreen(Screen[Offer | None]):
    """Dismissed with what the chosen provider answered."""

    HELP = (
        "Type a name; Down goes to what was found, Enter chooses. You can also paste the address "
        "of a FHIR server. Nothing is sent while you type; choosing asks that one server how to sign in."
    )
    CSS = """
    FindProviderScreen #told, FindProviderScreen #matter { height: auto; padding: 0 1; }
    FindProviderScreen OptionList, FindProviderScreen OptionList:focus { height: 1fr; border: none; }
    """
    AUTO_FOCUS = "#typed"
    BINDINGS = [
        Binding("escape", "leave", "Back", id="find.back", tooltip="Link nothing"),
        Binding("down", "to_found", "To the list", id="find.down", tooltip="To what was found", show=False),
        Binding("f5", "lists", "Fetch lists", id="find.lists", tooltip="Published lists of providers"),
    ]

    def __init__(self, house: "House") -> None:
        super().__init__()
        self._house = house
        self._finder: Finder | None = None
        self._others: list[Option] = []
        self._doors: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """The line, what to know, what was found."""
        yield Static(drawn("Find a provider", "bold"), id="told")
        yield Input(placeholder="Name, city or zip code, or an address", id="typed")
        yield Static(drawn("Looking at the lists here …"), id="matter")
        yield OptionList(id="found", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Open the lists."""
        self._open_soon()

    def _open_soon(self) -> None:
        self.run_worker(self._open(), group="open lists", exclusive=True, name="open the lists")

    async def _open(self) -> None:
        from assistant.bootstrap import provider_directory
        from assistant.links.providers.finding import Finder

        try:
            finder = await asyncio.to_thread(Finder, provider_directory(), self._house.shelf)
            self._doors = await asyncio.to_thread(lambda: self._house.links.doors)
        except ChartsideError as error:
            self._tell(f"{error.title}. {error.text} Paste an address, or fetch the lists again with F5.")
            self._others = [*_for_sandboxes(), _for_lists(False)]
            await self._search(self.query_one(Input).value)
            return
        if self._finder is not None:
            self._finder.close()
        self._finder = finder
        self._others = [*_for_services(self._doors), *_for_sandboxes(), _for_lists(finder.has_lists)]
        await self._search(self.query_one(Input).value)

    def on_unmount(self) -> None:
        """Let go of the lists."""
        if self._finder is not None:
            self._finder.close()

    # Searching

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look at every key."""
        self.run_worker(self._search(event.value), group="search", exclusive=True, name="search the lists")

    async def _search(self, typed: str) -> None:
        finder, typed = self._finder, typed.strip()
        matches = await asyncio.to_thread(finder.search, typed) if typed and finder else []
        options = _for_address(typed, self._doors) if _is_address(typed) else []
        options += [_for_match(match) for match in matches]
        if not typed:
            options = [*map(_for_hint, finder.hinted if finder else ()), *self._others]
        listed = self.query_one(OptionList)
        listed.set_options(options)
        listed.highlighted = 0 if options else None
        if finder is not None:
            hint = _HINT if finder.has_lists else _NO_LIST
            self._tell(_NOTHING if typed and not options else hint)
        self.refresh_bindings()

    # Choosing

    def action_to_found(self) -> None:
        """Into the list."""
        self.query_one(OptionList).focus()

    def on_input_submitted(self, _event: Input.Submitted) -> None:
        """The one in hand."""
        listed = self.query_one(OptionList)
        if listed.highlighted is not None:
            self._choose(listed.get_option_at_index(listed.highlighted).id or "")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """This one."""
        self._choose(event.option_id or "")

    def _choose(self, chosen: str) -> None:
        if chosen == _LISTS:
            self.action_lists()
        elif chosen.startswith(_MARK):
            self._look_soon(chosen.removeprefix(_MARK), "smart")
        elif chosen.startswith(_TOOLS):
            self._look_soon(chosen.removeprefix(_TOOLS), "mcp")

    def _look_soon(self, provider: str, door: str) -> None:
        looking = self._look(provider, door)
        self.run_worker(looking, group="look", exclusive=True, name="ask how to sign in")

    async def _look(self, provider: str, door: str) -> None:
        self._tell("Asking how to sign in there …")
        try:
            offer = await self._house.links.look(provider, door=door)
        except ChartsideError as error:
            self._tell(f"{error.title}. {error.text} {error.next_step}", "$text-warning")
        else:
            self.dismiss(offer)

    def action_lists(self) -> None:
        """Fetch lists of providers."""
        from assistant.tui.screens.fetching_lists import ListsScreen

        self.app.push_screen(ListsScreen(), lambda _: self._open_soon())

    def action_leave(self) -> None:
        """Link nothing."""
        self.dismiss(None)

    def _tell(self, text: str, style: str = "$text-muted") -> None:
        self.query_one("#matter", Static).update(drawn(text, style))


def _is_address(typed: str) -> bool:
    return bool(typed) and not any(c.isspace() for c in typed) and ("/" in typed or "." in typed)


def _for_address(typed: str, doors: tuple[str, ...]) -> list[Option]:
    fhir = Option(joined(drawn_line("Use this address: ", "bold"), drawn_line(typed)), id=f"{_MARK}{typed}")
    tools = drawn_line("It is the address of a server of tools (MCP), not of FHIR", "$text-muted")
    return [fhir, Option(tools, id=f"{_TOOLS}{typed}")] if "mcp" in doors else [fhir]


def _for_match(match: "Match") -> Option:
    one = match.provider
    about = joined("\n  ", drawn_line(_about(one), "$text-muted"))
    return Option(joined(drawn_line(one.name, "bold"), about), id=f"{_MARK}{match.id}")


def _for_hint(one: "Hinted") -> Option:
    seen = drawn_line(f"You were seen at {one.hint.seen_at}: ")
    about = joined("\n  ", drawn_line(_about(one.hint.provider), "$text-muted"))
    return Option(joined(seen, drawn_line(one.hint.provider.name, "bold"), about), id=f"{_MARK}{one.id}")


def _about(one: "Listed") -> str:
    place = next((" ".join(filter(None, (p.city, p.state, p.zip))) for p in one.places), "")
    brand = f"part of {one.brand}" if one.facility and one.brand else ""
    return ", ".join(filter(None, (place, brand, one.portal or one.vendor))) or one.url


def _for_services(doors: tuple[str, ...]) -> list[Option]:
    """Those that gather from many providers, or count."""
    if "mcp" not in doors:
        return []
    return [
        Option(joined(drawn_line(name, "bold"), "\n  ", drawn(about, "$text-muted")), id=f"{_MARK}{word}")
        for word, name, about in _SERVICES
    ]


def _for_sandboxes() -> list[Option]:
    """The public ones that anyone may sign in to."""
    from connectors.smart.vendors import vendors

    found = [one for vendor in vendors() for one in vendor.sandboxes if one.client_id]
    return [
        Option(
            joined(
                drawn_line(f"Try with invented patients: {one.name}", "bold"),
                "\n  ",
                drawn_line(one.note, "$text-muted"),
            ),
            id=f"{_MARK}{one.base}",
        )
        for one in found
    ]


def _for_lists(has_lists: bool) -> Option:
    head = "Fetch other lists of providers, or newer ones" if has_lists else "Fetch a list of providers"
    about = "Vendors publish them. You see each address before anything is fetched."
    return Option(joined(drawn_line(head, "bold"), "\n  ", drawn_line(about, "$text-muted")), id=_LISTS)
