"""Giving access back: tried for seconds, not minutes, since unlinking works without a network."""

import asyncio

from connectors.http import Network
from connectors.smart.client import Client
from connectors.smart.discovery import Server
from connectors.smart.token_reply import Granted
from connectors.smart.tokens import Revocation, revoke

REVOKE_SECONDS = 15.0
ELSEWHERE = "What the provider's own portal shows of connected apps may still list this one; end it there."


async def give_back(network: Network, server: Server, client: Client, access: Granted) -> str:
    """Take access back at the server; a sentence on what became of it. Never raises for the network."""
    try:
        async with asyncio.timeout(REVOKE_SECONDS):
            done = await revoke(network.waited_for(REVOKE_SECONDS / 2), server, client, access)
    except TimeoutError:
        return what_became(None, server.host)
    return what_became(done, server.host)


def what_became(done: Revocation | None, host: str) -> str:
    """What became of giving access back, as a sentence; None where there was no answer in time."""
    if done is None:
        return f"{host} did not answer, so access was not taken back there. {ELSEWHERE}"
    if done.done:
        return f"{host} has taken your access back."
    if not done.offered:
        return f"{host} offers apps no way to give access back. {ELSEWHERE}"
    return f"{done.problem} {ELSEWHERE}"
