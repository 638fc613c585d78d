"""Whether the keys of the app and of the patient get along; Textual lets one of two bindings win unsaid."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from textual.binding import Binding, BindingType
from textual.keys import KEY_ALIASES, KEY_TO_UNICODE_NAME, REPLACED_KEYS, Keys, format_key

_MODIFIERS = frozenset({"alt", "ctrl", "hyper", "meta", "shift", "super"})
_NAMED = frozenset(key.value.rpartition("+")[2] for key in Keys)


def conflicts(bindings: Mapping[str, Iterable[BindingType]], keymap: Mapping[str, str]) -> tuple[str, ...]:
    """What is wrong, one plain sentence each: no such action, no such key, one key for two things.

    `bindings` are those that can be at work on each screen, by its name, the app's own included.
    """
    screens = {screen: tuple(Binding.make_bindings(found)) for screen, found in bindings.items()}
    known = {binding.id for found in screens.values() for binding in found}
    wrong = [
        f"There is no action called “{action}” to give a key to." for action in keymap if action not in known
    ]
    wrong += [
        f"“{key}” for “{action}” is not a key."
        for action, keys in keymap.items()
        for key in _keys(keys)
        if not _is_key(key)
    ]
    for screen, found in screens.items():
        wrong += _twice(screen, found, keymap)
    return tuple(wrong)


def _twice(screen: str, found: Iterable[Binding], keymap: Mapping[str, str]) -> Iterator[str]:
    """The keys that would do two things on one screen."""
    actions: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for binding in found:
        for key in _keys(keymap.get(binding.id or "") or binding.key):
            actions[_canonical(key)].setdefault(binding.action, _called(binding))
    for key, called in actions.items():
        if len(called) > 1:
            things = _listed(called.values())
            yield f"On “{screen}”, {format_key(key)} would do {len(called)} things: {things}."


def _called(binding: Binding) -> str:
    named = binding.description or binding.action
    return f"{named} ({binding.id})" if binding.id else named


def _listed(words: Iterable[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}"


def _keys(keys: str) -> Iterator[str]:
    """The keys of a list with commas."""
    return (key.strip() for key in keys.split(","))


def _canonical(key: str) -> str:
    """One name for each key: terminals send the same for Tab and Ctrl+I."""
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    named = _name(last) if len(last) == 1 else last
    full = "+".join([*sorted(modifiers), named])
    return next((name for name, aliases in KEY_ALIASES.items() if full in aliases), full)


def _name(character: str) -> str:
    return next(iter(Binding.make_bindings([Binding(character, "none")]))).key


def _is_key(key: str) -> bool:
    if len(key) == 1:
        return key.isprintable()
    *modifiers, last = key.split("+")
    return _MODIFIERS.issuperset(modifiers) and (len(last) == 1 or last in _NAMED or _is_character(last))


def _is_character(name: str) -> bool:
    name = REPLACED_KEYS.get(name, name)
    try:
        unicodedata.lookup(KEY_TO_UNICODE_NAME.get(name, name.replace("_", " ")))
    except KeyError:
        return False
    return True
