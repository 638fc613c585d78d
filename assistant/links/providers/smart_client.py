"""Who this program is to a FHIR server: as registered, or as a client of this computer's own."""

import asyncio

from assistant.links.providers.link import Registration
from connectors.errors import SourceError
from connectors.http import Network
from connectors.smart.client import Client, KeyClient, PublicClient, SecretClient, new_key, register_dynamic
from connectors.smart.discovery import Server
from connectors.smart.token_reply import Granted


def as_client(registration: Registration) -> Client:
    """The client as the token endpoint sees it; one without its secret or key is a public one."""
    if registration.proof is None or registration.kind == "public":
        return PublicClient(registration.client_id)
    if registration.kind == "secret":
        return SecretClient(registration.client_id, registration.proof)
    return KeyClient(registration.client_id, registration.proof)


async def own_registration(
    network: Network, server: Server, registration: Registration, granted: Granted
) -> Registration:
    """A registration of this computer's own, which signs for access and so needs no further sign-in; where
    the organization doesn't offer that or refuses, the one there was."""
    key = await asyncio.to_thread(new_key, "RS384")
    try:
        client = await register_dynamic(network, server, granted.access, registration.client_id, key)
    except SourceError:
        return registration
    return Registration(client.client_id, "dynamic", client.key, software_id=registration.client_id)
