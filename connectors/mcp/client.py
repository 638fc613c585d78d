"""Who this program is to a server of tools: a client that registered itself, or one known by a document.

What was registered with one issuer is used with no other (RFC 7591; MCP authorization, 2026-07-28).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote_plus

import msgspec

from connectors.http import Network
from connectors.net_errors import BadReply
from connectors.reply import json_object
from connectors.smart.discovery import Server
from connectors.smart.errors import ClientRefused, NotSupported
from connectors.smart.secret import Secret

NAME = "Chartside"
Method = Literal["none", "client_secret_post", "client_secret_basic"]
_METHODS: Mapping[str, Method] = {
    "none": "none",
    "client_secret_post": "client_secret_post",
    "client_secret_basic": "client_secret_basic",
}


class McpClient(msgspec.Struct, frozen=True):
    """A client of one issuer, for one server: every token that it asks for is for that server (RFC 8707)."""

    client_id: str
    resource: str
    """The server that tokens are for."""
    issuer: str | None
    """Who registered it; None where no issuer is named."""
    redirect_uri: str
    """The address that was registered to come back to."""
    secret: Secret | None = None
    method: Method = "none"

    def proof(self, token_endpoint: str, now: datetime) -> dict[str, str]:
        """Its id and what the token is for; a secret where the server gave one."""
        fields = {"resource": self.resource}
        if self.method != "client_secret_basic":
            fields["client_id"] = self.client_id
        if self.secret is not None and self.method == "client_secret_post":
            fields["client_secret"] = self.secret.value
        return fields

    def headers(self) -> dict[str, str]:
        """HTTP Basic with id and secret, where the server asks for that (RFC 6749, 2.3.1)."""
        if self.secret is None or self.method != "client_secret_basic":
            return {}
        from base64 import b64encode

        pair = f"{quote_plus(self.client_id)}:{quote_plus(self.secret.value)}"
        return {"authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def of_document(server: Server, resource: str, document: str, redirect_uri: str) -> McpClient:
    """A client whose id is the address of a document about it."""
    return McpClient(document, resource, server.issuer, redirect_uri)


async def register(
    network: Network, server: Server, resource: str, redirect_uri: str, scope: str
) -> McpClient:
    """Make this computer a client of the server (RFC 7591).

    Raises:
        NotSupported: the server takes no registrations.
        ClientRefused: it refused this one.
        SourceError: it can't be asked.
    """
    if server.register is None:
        raise NotSupported(server.host, "does not let this app introduce itself")
    wanted: dict[str, Any] = {
        "client_name": NAME,
        "redirect_uris": [redirect_uri],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "application_type": "native",
    }
    if scope:
        wanted["scope"] = scope
    async with server.pinned(network, server.register) as pinned:
        reply = await pinned.post_json(server.register, msgspec.json.encode(wanted))
    if reply.status in (404, 405, 501):
        raise NotSupported(server.host, "does not let this app introduce itself")
    if reply.status not in (200, 201):
        raise ClientRefused(server.host)
    said = json_object(reply, server.host)
    client_id, secret = said.get("client_id"), said.get("client_secret")
    if not isinstance(client_id, str) or not client_id:
        raise BadReply(server.host, "registered the app without saying its id")
    kept = Secret(secret) if isinstance(secret, str) and secret else None
    method = _METHODS.get(str(said.get("token_endpoint_auth_method", "none")), "none")
    if method != "none" and kept is None:
        raise BadReply(server.host, "registered the app without the secret that it asks for")
    return McpClient(client_id, resource, server.issuer, redirect_uri, kept, method)
