"""The settings on the screen: each with what it does, changed by keyboard and kept at once."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from assistant.errors import ChartsideError, UsageError
from assistant.settings import NAMES, Settings, choices, day_words, sentences, with_value
from assistant.tui.drawn import drawn, drawn_line, joined
from assistant.tui.widgets.key_line import KeyLine

EXAMPLE_DAY = dt.date(2026, 2, 3)


class SettingsScreen(Screen[Settings]):
    """Shows the settings and changes them; gives them back when it is left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "change", "Change", id="settings.change", tooltip="Change the marked setting"),
        Binding(
            "d", "default", "Default", id="settings.default", tooltip="Set the marked setting as at first"
        ),
        Binding("escape", "back", "Back", id="settings.back", tooltip="Go back; everything is saved"),
    ]
    DEFAULT_CSS = """
    SettingsScreen {
        #title { padding: 0 1; text-style: bold; }
        OptionList { height: 1fr; background: $background; }
        OptionList, OptionList:focus { border: none; padding: 0 1; }
        Input { display: none; margin: 0 1; }
        Input.-open { display: block; }
        #said, #where { padding: 0 1; height: auto; }
        #where { color: $text-muted; }
    }
    """

    class Changed(Message):
        """A setting was changed and saved."""

        def __init__(self, settings: Settings) -> None:
            super().__init__()
            self.settings = settings

    def __init__(
        self,
        settings: Settings,
        save: Callable[[Settings], None],
        path: Path,
        *,
        conflicts: Callable[[Mapping[str, str]], Sequence[str]] = lambda _: (),
    ) -> None:
        """`save` keeps the settings in `path`; `conflicts` says what is wrong with keys."""
        super().__init__()
        self._settings = settings
        self._save = save
        self._path = path
        self._conflicts = conflicts
        self._sentences = sentences()

    def compose(self) -> ComposeResult:
        """A list of settings, a line to type in, what happened, and where the file is."""
        yield Static(drawn("Settings. Enter changes the marked one."), id="title")
        yield OptionList(*(Option(self._row(name), name) for name in NAMES), id="settings")
        yield Input(id="typed", compact=True)
        yield Static(id="said")
        yield Static(drawn(f"Kept in {self._path}. Nothing about your health is in it."), id="where")
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin at the first setting."""
        self.query_one(OptionList).focus()

    @on(OptionList.OptionSelected)
    def action_change(self) -> None:
        """Take the next choice, or ask for what can only be typed."""
        name = self._marked()
        listed = choices(name)
        if not listed:
            self._open(name)
        elif len(listed) == 1:
            self._say("There is only one choice so far.")
        else:
            self._keep(name, following(self._settings, name))

    def action_default(self) -> None:
        """Set the marked setting as it is at first."""
        self._keep(self._marked(), getattr(Settings(), self._marked()))

    def action_back(self) -> None:
        """Stop typing; else leave."""
        if self.query_one(Input).has_class("-open"):
            self._close()
            self._say("Nothing was changed.")
        else:
            self.dismiss(self._settings)

    @on(Input.Submitted)
    def take_typed(self, typed: Input.Submitted) -> None:
        """Keep what was typed, or say why it can't be."""
        try:
            value = read_typed(self._marked(), typed.value)
        except UsageError as error:
            self._object(error)
        else:
            if self._keep(self._marked(), value):
                self._close()

    def _keep(self, name: str, value: object) -> bool:
        try:
            changed = with_value(self._settings, name, value)
            for told in self._conflicts(changed.keys) if name == "keys" else ():
                raise UsageError(told, "Choose another key.")
            self._save(changed)
        except ChartsideError as error:
            self._object(error)
            return False
        self._settings = changed
        self.query_one(OptionList).replace_option_prompt(name, self._row(name))
        self._say(f"Saved. {label(name)}: {value_words(changed, name)}.")
        self.post_message(self.Changed(changed))
        return True

    def _open(self, name: str) -> None:
        line = self.query_one(Input)
        line.value = typed_form(self._settings, name)
        line.add_class("-open")
        line.focus()
        self._say(f"Type it, then Enter. {HOW_TO_TYPE[name]}")

    def _close(self) -> None:
        self.query_one(Input).remove_class("-open")
        self.query_one(OptionList).focus()

    def _marked(self) -> str:
        return NAMES[self.query_one(OptionList).highlighted or 0]

    def _say(self, text: str) -> None:
        self.query_one("#said", Static).update(drawn(text))

    def _object(self, error: ChartsideError) -> None:
        self.query_one("#said", Static).update(
            drawn(f"! {error.title}. {error.text} {error.next_step}", "$text-error")
        )

    def _row(self, name: str) -> Content:
        value = drawn_line(value_words(self._settings, name), "bold")
        return joined(f"{label(name):<20}", value, "\n", drawn(self._sentences[name], "$text-muted"))


HOW_TO_TYPE = {
    "lock_after_minutes": "A number of minutes, 0 for never.",
    "monthly_cap_usd": "A number of dollars, 0 for none.",
    "country": "Two letters, such as US, or nothing.",
    "keys": "Each action with its key, such as chat.outgoing=f8; a space between them.",
}
"""How a setting is typed that has no list of choices."""


def label(name: str) -> str:
    """What the screen calls a setting."""
    return name.replace("_", " ").capitalize()


def following(settings: Settings, name: str) -> object:
    """The choice after the present one; after the last, the first."""
    listed = choices(name)
    return listed[(listed.index(getattr(settings, name)) + 1) % len(listed)]


def value_words(settings: Settings, name: str) -> str:
    """The value of a setting in plain words."""
    value = getattr(settings, name)
    match name:
        case "motion":
            return "on" if value else "off"
        case "lock_after_minutes":
            return f"{value} minute{'' if value == 1 else 's'}" if value else "never"
        case "monthly_cap_usd":
            return f"${value:,}" if value else "none"
        case "country":
            return value or "not set"
        case "language":
            return "English"
        case "units":
            return "as recorded"
        case "date_style":
            return day_words(EXAMPLE_DAY, settings.date_style)
        case "keys":
            return typed_form(settings, name) or "as they came"
        case _:
            return str(value)


def typed_form(settings: Settings, name: str) -> str:
    """A value as it is typed."""
    value = getattr(settings, name)
    if isinstance(value, Mapping):
        return " ".join(f"{action}={key}" for action, key in value.items())
    return str(value)


def read_typed(name: str, text: str) -> object:
    """The value that was typed.

    Raises:
        UsageError: it isn't one for this setting.
    """
    match name:
        case "lock_after_minutes" | "monthly_cap_usd" if text.strip().isdecimal() and len(text.strip()) < 10:
            return int(text)
        case "keys":
            pairs = [pair.partition("=") for pair in text.split()]
            for action, sign, key in pairs:
                if not (action and sign and key):
                    raise UsageError(f"“{action}” has no key.", HOW_TO_TYPE[name])
            return {action: key for action, _, key in pairs}
        case "country":
            return text.strip().upper()
        case _:
            return text.strip()
