"""Services that are known by a word, with what a patient should know before signing in there."""

from collections.abc import Mapping

import msgspec

from connectors.mcp import function_health, healthex
from connectors.origin import parse


class Service(msgspec.Struct, frozen=True):
    """One service."""

    id: str
    name: str
    address: str
    notes: tuple[str, ...]
    typed: bool = False


_ANY = Service(
    "mcp",
    "",
    "",
    (
        "Nothing is known of this service. After signing in you see every tool that it offers, with what it"
        " says of itself. What you agree to is remembered; if it changes, nothing is asked any more.",
    ),
)
SERVICES: Mapping[str, Service] = {
    one.id: one
    for one in (
        Service(
            "healthex",
            "HealthEx",
            healthex.ADDRESS,
            (
                "HealthEx gathers records from many providers behind one sign-in. You prove who you are on"
                " its own pages, with Google, Microsoft or CLEAR; no password comes here.",
                "If it can't find your providers: your name, birth date and address there must be those that"
                " the provider has on file. Ask the front desk what theirs are.",
                "If it refuses your ID: an expired one isn't taken. If it refuses your picture: take it again"
                " in daylight, without glasses or a hat.",
                "If it does not work out, link the provider itself, or download your records from its portal"
                " and open the file here.",
            ),
        ),
        Service(
            "function-health",
            "Function Health",
            function_health.ADDRESS,
            (
                "Function Health tells only how many results it has, not the results. The numbers are laid"
                " beside what you imported from its files, so that a gap shows.",
            ),
        ),
    )
}
"""By the word that the commands take."""


def service_at(address: str, services: Mapping[str, Service]) -> Service:
    """The service whose address this is, or what holds for any other."""
    text = parse(address).text
    return next((one for one in services.values() if parse(one.address).text == text), _ANY)
