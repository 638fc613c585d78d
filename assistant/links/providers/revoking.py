"""Giving access back: tried for seconds, not minutes, since unlinking works without a network."""

import msgspec

from connectors.http import Network
from connectors.smart.tokens import Revocation

REVOKE_SECONDS = 15.0
ELSEWHERE = "What the provider's own portal shows of connected apps may still list this one; end it there."


def hasty(network: Network) -> Network:
    """The same network with little patience."""
    limits = msgspec.structs.replace(network.limits, tries=2, total=REVOKE_SECONDS / 2)
    return msgspec.structs.replace(network, limits=limits)


def what_became(done: Revocation | None, host: str) -> str:
    """What became of giving access back, as a sentence; None where there was no answer in time."""
    if done is None:
        return f"{host} did not answer, so access was not taken back there. {ELSEWHERE}"
    if done.done:
        return f"{host} has taken your access back."
    if not done.offered:
        return f"{host} offers apps no way to give access back. {ELSEWHERE}"
    return f"{done.problem} {ELSEWHERE}"
