"""One sign-in to a server of tools: the address to open, and what comes of the answer.

It has the shape of the sign-in to a FHIR server, so that one screen serves both.
"""

import secrets
from urllib.parse import urlencode

import msgspec

from connectors.http import Network
from connectors.mcp.client import McpClient, of_document, register
from connectors.mcp.discovery import Found
from connectors.smart.secret import Secret
from connectors.smart.sign_in import Flow, SignIn
from connectors.smart.token_reply import Granted


class McpSignIn(SignIn):
    """A sign-in that may be finished once. `client` is to be kept with what it grants: renewing needs it."""

    def __init__(self, network: Network, client: McpClient, flow: Flow) -> None:
        super().__init__(network, client, flow)
        self.client = client

    @property
    def address(self) -> str:
        """The address to open in a browser. For screen and browser, never for a log."""
        return self.flow.address

    async def with_person(self, granted: Granted) -> Granted:
        """Nobody is named: a server of tools answers about whoever signed in."""
        return msgspec.structs.replace(granted, identity=None)


async def begin(
    network: Network,
    found: Found,
    *,
    redirect_uri: str,
    client: McpClient | None = None,
    document: str | None = None,
) -> McpSignIn:
    """Make the authorization request, after introducing the app where that is needed.

    `client` is the one of an earlier sign-in: it is used again where it is this issuer's and comes back to
    the same address. `document` is the address of a public document about the app, for servers that take one.

    Raises:
        NotSupported: the server does not let the app introduce itself.
        ClientRefused: it refused.
        SourceError: it can't be asked.
    """
    from mcp.client.auth.oauth2 import PKCEParameters

    known = await _client(network, found, redirect_uri, client, document)
    proof = PKCEParameters.generate()
    state = Secret(secrets.token_urlsafe(32))
    said = {
        "response_type": "code",
        "client_id": known.client_id,
        "redirect_uri": redirect_uri,
        "state": state.value,
        "resource": known.resource,
        "code_challenge": proof.code_challenge,
        "code_challenge_method": "S256",
    }
    if found.scope:
        said["scope"] = found.scope
    page = found.server.authorize
    address = f"{page}{'&' if '?' in page else '?'}{urlencode(said)}"
    flow = Flow(
        server=found.server,
        client_id=known.client_id,
        redirect_uri=redirect_uri,
        scope=found.scope,
        state=state,
        verifier=Secret(proof.code_verifier),
        nonce=Secret(secrets.token_urlsafe(32)),
        issuer=None,
        address=address,
    )
    return McpSignIn(network, known, flow)


async def _client(
    network: Network, found: Found, redirect_uri: str, client: McpClient | None, document: str | None
) -> McpClient:
    wanted = (found.resource, found.server.issuer, redirect_uri)
    if client is not None and (client.resource, client.issuer, client.redirect_uri) == wanted:
        return client
    if document is not None and found.takes_documents:
        return of_document(found.server, found.resource, document, redirect_uri)
    return await register(network, found.server, found.resource, redirect_uri, found.scope)
