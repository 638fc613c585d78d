"""The cards: fixed words, action first, the number of the country or none."""

import pytest

from assistant.safety.card import card
from assistant.safety.model import Urgent

COUNTRIES = {
    "US": "911",
    "GB": "999",
    "DE": "112",
    "AU": "000",
    "JP": "119",
    "BR": "192",
    "IN": "112",
    "ZA": "112",
}
LINES = {"US": "988", "GB": "116 123", "DE": "0800 111 0 111", "AU": "13 11 14", "BR": "188", "IN": "14416"}
GOLDEN = {
    Urgent.EMERGENCY: (
        "Call 911 now. What you wrote can be an emergency.",
        "Do not wait to see if it gets better, and do not drive yourself.",
        "If you can, unlock the door and ask someone to stay with you.",
        "Nothing in your records makes this less urgent.",
        "Chartside can't judge how you are. Nothing was sent to anyone.",
    ),
    Urgent.SELF_HARM: (
        "Call 911 now if you are hurt, or might act on this.",
        "To talk with someone at any hour, call 988.",
        "Stay with another person, and move away from what you could use to hurt yourself.",
        "If this is about someone else, stay with them and make the call.",
        "You don't have to explain it well. Nothing was sent to anyone.",
    ),
}


@pytest.mark.parametrize("kind", Urgent)
def test_the_words_are_fixed(kind: Urgent) -> None:
    assert card(kind, "US").lines == GOLDEN[kind]


@pytest.mark.parametrize("kind", Urgent)
@pytest.mark.parametrize("country", COUNTRIES)
def test_a_card_is_short_and_says_first_what_to_do(kind: Urgent, country: str) -> None:
    shown = card(kind, country)
    assert shown.kind is kind
    assert len(shown.lines) <= 6
    assert shown.lines[0].startswith(f"Call {COUNTRIES[country]} now")
    assert all(len(line) <= 90 for line in shown.lines)
    assert shown.text.splitlines() == [*shown.lines]


@pytest.mark.parametrize("country", LINES)
def test_the_crisis_line_is_the_country_s_own(country: str) -> None:
    assert f"call {LINES[country]}" in card(Urgent.SELF_HARM, country).lines[1]


@pytest.mark.parametrize("country", ["", "XX", "us", "Atlantis", "JP"])
def test_no_crisis_line_is_guessed(country: str) -> None:
    assert card(Urgent.SELF_HARM, country).lines[1].endswith("call a crisis line near you.")


@pytest.mark.parametrize("kind", Urgent)
@pytest.mark.parametrize("country", ["", "XX", "us", "Atlantis"])
def test_an_unknown_country_gets_words_and_no_number(kind: Urgent, country: str) -> None:
    shown = card(kind, country)
    assert shown.lines[0].startswith("Call your local emergency number now")
    assert not any(letter.isdigit() for letter in shown.text)


def test_a_card_can_t_be_changed() -> None:
    with pytest.raises(AttributeError):
        card(Urgent.EMERGENCY, "US").lines = ()  # type: ignore[misc]
