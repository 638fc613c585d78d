"""What a model costs, from the list that comes with litellm: read as a file, the library isn't loaded.

The list is as old as the installed litellm; what a provider bills may differ.
"""

from importlib.util import find_spec
from pathlib import Path

import msgspec

from assistant.llm.base import Usage
from assistant.sharing.model import Destination

_FILE = "model_prices_and_context_window_backup.json"

TYPICAL_ANSWER = 300
"""Tokens of an answer, for an estimate before it is there."""


class Price(msgspec.Struct, frozen=True):
    """US dollars a token."""

    input: float
    output: float


class _Entry(msgspec.Struct):
    input_cost_per_token: float | None = None
    output_cost_per_token: float | None = None


class Prices:
    """The prices of every model that is known. Read once, when first asked."""

    def __init__(self) -> None:
        self._known: dict[str, msgspec.Raw] | None = None

    def of(self, destination: Destination) -> Price | None:
        """A destination's price: nothing for what stays on this computer, None where it isn't known."""
        if destination.stays_here:
            return Price(0.0, 0.0)
        if self._known is None:
            self._known = _read()
        short = destination.model.rpartition("/")[2]
        for name in (destination.model, f"{destination.adapter}/{destination.model}", short):
            if name in self._known:
                try:
                    entry = msgspec.json.decode(self._known[name], type=_Entry)
                except msgspec.DecodeError:
                    return None
                return _price(entry)
        return None

    def estimate(self, destination: Destination, tokens: int) -> float | None:
        """What a message of so many tokens and an answer of the usual length would cost, in US dollars."""
        price = self.of(destination)
        return None if price is None else tokens * price.input + TYPICAL_ANSWER * price.output

    def priced(self, destination: Destination, usage: Usage) -> Usage:
        """A usage with its cost, where tokens and price are known and no cost was told."""
        if usage.cost is not None:
            return usage
        price = self.of(destination)
        if price is None or (usage.input is None and usage.output is None):
            return usage
        cost = (usage.input or 0) * price.input + (usage.output or 0) * price.output
        return msgspec.structs.replace(usage, cost=cost)


def _price(entry: _Entry) -> Price | None:
    """None for what is paid otherwise: by picture, by second. That isn't free."""
    if entry.input_cost_per_token is None or entry.output_cost_per_token is None:
        return None
    return Price(entry.input_cost_per_token, entry.output_cost_per_token)


def _read() -> dict[str, msgspec.Raw]:
    spec = find_spec("litellm")
    if spec is None or spec.origin is None:
        return {}
    try:
        listed = (Path(spec.origin).parent / _FILE).read_bytes()
        return msgspec.json.decode(listed, type=dict[str, msgspec.Raw])
    except (OSError, msgspec.DecodeError):
        return {}
