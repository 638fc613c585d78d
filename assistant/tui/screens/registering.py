"""Before signing in: whose server it is, what to know, and who this program is there."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Input, Select, Static

from assistant.links.providers.door import Choice, Offer, Way
from assistant.links.providers.link import ClientKind, Registration
from assistant.safe_text import safe_line
from assistant.tui.drawn import drawn, drawn_line, joined
from assistant.tui.widgets.key_line import KeyLine
from assistant.tui.widgets.secret import SecretInput

if TYPE_CHECKING:
    from assistant.links.providers.linked import Used

_WAYS = {
    "http": "The browser comes back to this program by itself",
    "https": "It comes back by itself, over https; the browser warns once",
    "paste": "I paste the address that the browser landed on",
}
_KINDS = {
    "public": "without a secret",
    "secret": "with a secret",
    "key": "with a key of mine",
}
_LARGEST_KEY = 65_536


class RegisteringScreen(Screen[Choice | None]):
    """Dismissed with how to sign in."""

    HELP = (
        "What the provider's server said, before anybody signs in. Where a client id is needed, the steps "
        "say how to get one; F5 copies the address to register. F2 goes on to the sign-in."
    )
    CSS = """
    RegisteringScreen VerticalScroll { padding: 0 1; }
    RegisteringScreen .head, RegisteringScreen #matter { height: auto; padding: 0 1; }
    RegisteringScreen Input { border: none; height: 1; margin-top: 1; padding: 0 1; }
    RegisteringScreen Input:focus { border: none; text-style: bold; }
    RegisteringScreen #steps, RegisteringScreen Select { margin-top: 1; }
    RegisteringScreen .off { display: none; }
    """
    BINDINGS = [
        Binding("escape", "leave", "Back", id="register.back", tooltip="Back to the search"),
        Binding("f2", "go_on", "Sign in", id="register.next", tooltip="On to the sign-in"),
        Binding("f5", "copy", "Copy the address", id="register.copy", tooltip="The address to register"),
    ]

    def __init__(self, offer: Offer, used: "Used | None" = None) -> None:
        """`used`: how the patient signed in there before."""
        super().__init__()
        self._offer = offer
        self._known = used.registration if used else None
        self._came_back_to = used.redirect_uri if used else ""
        self._ways: dict[str, str] = dict(offer.ways)

    def compose(self) -> ComposeResult:
        """Whose server, notes, steps, fields."""
        offer = self._offer
        yield Static(drawn_line(offer.name, "bold $text-primary"), classes="head")
        maker = f" Kind of server: {offer.vendor_name}." if offer.vendor != "generic" else ""
        yield Static(drawn_line(f"The records are at {offer.host}.{maker}"), classes="head")
        with VerticalScroll(can_focus=False):
            if offer.notes:
                yield Static(drawn("\n".join(f"· {note}" for note in offer.notes)))
            if self._asks:
                yield Static(drawn(_steps(offer)), id="steps")
                yield Select(_choices(_KINDS, self._kinds), allow_blank=False, compact=True, id="kind")
                yield Input(placeholder="Client id", id="client")
                yield SecretInput("Secret that came with it", id="secret")
                yield Input(placeholder="File of your private key (JWK)", id="key")
            ways = _choices(_WAYS, tuple(self._ways))
            yield Select(ways, allow_blank=False, compact=True, id="ways")
            yield Static(id="address")
            yield Input(
                safe_line(self._came_back_to),
                placeholder="The https address that you registered",
                id="redirect",
            )
        yield Static(id="matter")
        yield KeyLine()

    @property
    def _asks(self) -> bool:
        return self._offer.needs_client and self._known is None

    @property
    def _kinds(self) -> tuple[str, ...]:
        return tuple(kind for kind in self._offer.clients if kind in _KINDS) or ("public",)

    def on_mount(self) -> None:
        """Where something is missing."""
        self._show()
        self.query_one("#client" if self._asks else "#ways").focus()

    def on_select_changed(self, _event: Select.Changed) -> None:
        """Other fields for another choice."""
        self._show()

    def _show(self) -> None:
        if self._asks:
            self.query_one("#kind").set_class(len(self._kinds) < 2, "off")
            self.query_one("#secret").set_class(self._kind != "secret", "off")
            self.query_one("#key").set_class(self._kind != "key", "off")
        own = not self._ways.get(self._way)
        self.query_one("#redirect").set_class(not own, "off")
        words = "" if own else "Registered address to come back to: "
        told = joined(drawn_line(words, "$text-muted"), drawn_line(self._redirect))
        self.query_one("#address", Static).update(told)
        self.refresh_bindings()

    @property
    def _kind(self) -> str:
        return str(self.query_one("#kind", Select).value)

    @property
    def _way(self) -> str:
        return str(self.query_one("#ways", Select).value)

    @property
    def _redirect(self) -> str:
        return self._ways.get(self._way, "")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what can be done now."""
        return bool(self._redirect) if action == "copy" and self.is_mounted else True

    def action_copy(self) -> None:
        """The address to register, exactly."""
        self.app.copy_to_clipboard(self._redirect)

    def on_input_submitted(self, _event: Input.Submitted) -> None:
        """On to the next field, or on."""
        self.action_go_on()

    def action_go_on(self) -> None:
        """On to the sign-in, where nothing is missing."""
        self.run_worker(self._go_on(), group="register", exclusive=True, name="before signing in")

    async def _go_on(self) -> None:
        registration = await self._registration()
        if registration is None:
            return
        redirect = self._redirect or self.query_one("#redirect", Input).value.strip()
        if not redirect:
            self._miss("redirect", "Type the address that you registered: an https address of your own.")
            return
        way: Way = next(way for way, _ in self._offer.ways if way == self._way)
        self.dismiss(Choice(registration, way, redirect))

    async def _registration(self) -> Registration | None:
        """Who this program is there; None where something is missing, which is said."""
        if not self._asks:
            return self._known or Registration(self._offer.client_id)
        client = self.query_one("#client", Input).value.strip()
        if not client:
            self._miss("client", "Type the client id; the steps above say where to get one.")
            return None
        kind: ClientKind = next(k for k in _REGISTERED if k == self._kind)
        if kind == "public":
            return Registration(client)
        proof = self.query_one("#secret", Input).value
        if kind == "key":
            proof = await asyncio.to_thread(_key_in, self.query_one("#key", Input).value.strip())
            if not proof:
                self._miss("key", "There is no private key in that file.")
                return None
        elif not proof:
            self._miss("secret", "Type the secret that came with the client id.")
            return None
        from connectors.smart.secret import Secret

        return Registration(client, kind, Secret(proof))

    def _miss(self, field: str, text: str) -> None:
        self.query_one("#matter", Static).update(drawn(text, "$text-warning"))
        self.query_one(f"#{field}").focus()

    def action_leave(self) -> None:
        """Back to the search."""
        self.dismiss(None)


_REGISTERED: tuple[ClientKind, ...] = ("public", "secret", "key")


def _choices(words: dict[str, str], wanted: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(words[one], one) for one in wanted]


def _steps(offer: Offer) -> str:
    steps = "\n".join(f"{n}. {step}" for n, step in enumerate(offer.steps, 1))
    return f"This provider wants to know the app. You register it once, as your own:\n{steps}"


def _key_in(path: str) -> str:
    """The private key in a file; empty where none is there."""
    try:
        text = Path(path).expanduser().read_bytes()[:_LARGEST_KEY]
        key = msgspec.json.decode(text, type=dict[str, object])
    except (OSError, msgspec.MsgspecError, ValueError):
        return ""
    return text.decode("utf-8", "replace") if "kty" in key and "d" in key else ""
