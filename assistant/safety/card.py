"""The cards that answer where something urgent may be said: fixed words, action first."""

from functools import cache
from importlib.resources import files

import msgspec

from assistant.safety.model import Card, Urgent

_NO_NUMBER = "your local emergency number"


class _Numbers(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    emergency: dict[str, str]
    crisis: dict[str, str]


@cache
def _numbers() -> _Numbers:
    text = files("assistant.safety").joinpath("numbers.json").read_bytes()
    return msgspec.json.decode(text, type=_Numbers)


def card(kind: Urgent, country: str) -> Card:
    """The card for a country, as two capital letters; for one that is not known, no number is guessed."""
    number = _numbers().emergency.get(country, _NO_NUMBER)
    lines = _SELF_HARM if kind is Urgent.SELF_HARM else _EMERGENCY
    crisis = _numbers().crisis.get(country)
    line = f"call {crisis}" if crisis else "call a crisis line near you"
    return Card(kind, tuple(text.format(number=number, crisis=line) for text in lines))


_EMERGENCY = (
    "Call {number} now. What you wrote can be an emergency.",
    "Do not wait to see if it gets better, and do not drive yourself.",
    "If you can, unlock the door and ask someone to stay with you.",
    "Nothing in your records makes this less urgent.",
    "Chartside can't judge how you are. Nothing was sent to anyone.",
)
_SELF_HARM = (
    "Call {number} now if you are hurt, or might act on this.",
    "To talk with someone at any hour, {crisis}.",
    "Stay with another person, and move away from what you could use to hurt yourself.",
    "If this is about someone else, stay with them and make the call.",
    "You don't have to explain it well. Nothing was sent to anyone.",
)
