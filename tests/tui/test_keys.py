"""Keys that would do two things, or nothing, are told in a sentence."""

from collections.abc import Iterable

import pytest
from textual.app import App
from textual.binding import Binding, BindingType

from assistant.tui.keys import conflicts
from assistant.tui.places import every_binding

CHAT = (
    Binding("ctrl+o", "outgoing", "Outgoing", id="chat.outgoing"),
    Binding("ctrl+r", "records", "Records", id="chat.records"),
    Binding("escape", "stop", "Stop", id="chat.stop"),
)
LEDGER = (
    Binding("f", "filter", "Filter", id="ledger.filter"),
    Binding("escape", "back", "Back", id="ledger.back"),
)
SCREENS = {"Chat": CHAT, "Ledger": LEDGER}


def test_one_key_may_do_different_things_on_different_screens() -> None:
    assert conflicts(SCREENS, {}) == ()
    assert conflicts(SCREENS, {"ledger.filter": "ctrl+o"}) == ()


def test_a_key_for_two_things_on_one_screen_is_told() -> None:
    assert conflicts(SCREENS, {"chat.records": "ctrl+o"}) == (
        "On “Chat”, ctrl+o would do 2 things: Outgoing (chat.outgoing) and Records (chat.records).",
    )


def test_two_actions_may_swap_their_keys() -> None:
    assert conflicts(SCREENS, {"chat.records": "ctrl+o", "chat.outgoing": "ctrl+r"}) == ()


def test_the_same_thing_twice_is_no_conflict() -> None:
    twice = (*CHAT, Binding("ctrl+o", "outgoing", "Outgoing"))
    assert conflicts({"Chat": twice}, {}) == ()


def test_keys_as_delivered_are_checked_too() -> None:
    (told,) = conflicts({"Chat": (*CHAT, Binding("escape,f1", "help"))}, {})
    assert told == "On “Chat”, esc would do 2 things: Stop (chat.stop) and help."


@pytest.mark.parametrize(
    ("one", "other"),
    [("tab", "ctrl+i"), ("enter", "ctrl+m"), ("?", "question_mark"), ("alt+ctrl+x", "ctrl+alt+x")],
)
def test_two_names_of_one_key_are_one_key(one: str, other: str) -> None:
    found = (Binding(one, "a", "A", id="x.a"), Binding("f9", "b", "B", id="x.b"))
    assert len(conflicts({"X": found}, {"x.b": other})) == 1


def test_each_of_several_keys_counts() -> None:
    assert len(conflicts(SCREENS, {"chat.records": "f8,ctrl+o"})) == 1


def test_an_action_that_does_not_exist_is_told() -> None:
    assert conflicts(SCREENS, {"chat.outgiong": "f8"}) == (
        "There is no action called “chat.outgiong” to give a key to.",
    )


@pytest.mark.parametrize("key", ["ctlr+o", "f99", "cmd+x", "escpae", "", "ctrl+"])
def test_what_is_no_key_is_told(key: str) -> None:
    assert f"“{key}” for “chat.records” is not a key." in conflicts(SCREENS, {"chat.records": key})


@pytest.mark.parametrize(
    "key",
    ["f8", "a", "A", "?", "+", "ü", "ctrl+shift+o", "alt+up", "space", "question_mark", "plus", "ctrl+@"],
)
def test_what_is_a_key_is_taken(key: str) -> None:
    assert conflicts(SCREENS, {"chat.records": key}) == ()


class Chat(App[None]):
    """An app that says which action ran."""

    BINDINGS = [*CHAT]

    def __init__(self) -> None:
        super().__init__()
        self.ran: list[str] = []

    def action_outgoing(self) -> None:
        self.ran.append("outgoing")

    def action_records(self) -> None:
        self.ran.append("records")


async def test_a_keymap_without_conflicts_does_what_it_says() -> None:
    keymap = {"chat.outgoing": "f8", "chat.records": "?"}
    assert conflicts(SCREENS, keymap) == ()
    app = Chat()
    async with app.run_test() as pilot:
        app.set_keymap(keymap)
        await pilot.press("f8", "question_mark", "ctrl+o")
        assert app.ran == ["outgoing", "records"]


def test_no_key_of_the_app_does_two_things_in_one_place() -> None:
    own = {
        where: [b for b in bindings if not isinstance(b, Binding) or b.id or b.key in taken(bindings)]
        for where, bindings in every_binding().items()
    }
    assert conflicts(own, {}) == ()


def taken(bindings: Iterable[BindingType]) -> set[str]:
    """The keys that the app's own bindings use: Textual's may say one thing twice, but not take these."""
    named = [b for b in bindings if isinstance(b, Binding) and b.id]
    return {key.strip() for b in named for key in b.key.split(",")}
