"""Where to sign in to a server of tools, found from its refusal (RFC 9728, RFC 8414; MCP authorization).

The server names its authorization server in a document on its own host; that one describes itself, and has to
say that it is who the server named. PKCE with S256 has to be offered.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from connectors.http import JSON, Network
from connectors.net_errors import BadAddress, BadReply
from connectors.origin import Origin, parse
from connectors.reply import Reply, json_object
from connectors.smart.discovery import Server
from connectors.smart.errors import NotSupported, NotWhoItSays

_PROBE = msgspec.json.encode({"jsonrpc": "2.0", "id": 0, "method": "ping"})
_ACCEPT = "application/json, text/event-stream"
"""What a server of tools demands that a client takes; some look at this before they ask for a sign-in."""
_SAID = re.compile(r'(?:^|[\s,])(resource_metadata|scope)=(?:"([^"]*)"|([^\s,"]+))')
_NO_NEED = frozenset(("openid", "profile", "email", "address", "phone"))
"""Scopes that tell the app about the account; it needs none of that."""


class Found(msgspec.Struct, frozen=True):
    """A server of tools and where to sign in to it."""

    address: str
    """The server's address, as every request to it goes out."""
    resource: str
    """The name under which tokens for it are asked."""
    server: Server
    """Its authorization server, in the shape that the other sign-ins use; `base` is the server's address."""
    scope: str
    takes_documents: bool
    """Whether the authorization server knows clients by the address of a document about them."""


async def find(network: Network, address: str, *, typed: bool = False) -> Found | None:
    """Ask a server where to sign in. None where it wants no sign-in.

    Raises:
        BadAddress: the address, or one that the server names, can't be used.
        NotSupported: something that a safe sign-in needs is missing.
        NotWhoItSays: the documents contradict each other.
        SourceError: the server can't be asked.
    """
    origin = Origin.of(address, typed=typed)
    asked = parse(address).text
    async with network.pinned(origin, typed=typed) as client:
        refusal = await client.post_json(asked, _PROBE, accept=_ACCEPT)
    if refusal.status != 401:
        if refusal.is_web_page or refusal.status == 404 or refusal.status >= 500:
            raise BadReply(origin.host, "does not answer as a server of tools does", status=refusal.status)
        return None
    said = _challenge(refusal)
    about = await _first_about(network, origin, typed, asked, said.get("resource_metadata"))
    issuer, resource, offered = _resource(origin, asked, about)
    published = await _published(network, origin, typed, issuer)
    server = _server(origin, typed, published)
    scope = _scope(said.get("scope"), offered, _words(published, "scopes_supported"))
    documents = published.get("client_id_metadata_document_supported") is True
    return Found(asked, resource, server, scope, documents)


def _challenge(refusal: Reply) -> dict[str, str]:
    header = refusal.headers.get("www-authenticate", "")
    return {match[1]: match[2] if match[2] is not None else match[3] for match in _SAID.finditer(header)}


def _root(origin: Origin) -> Origin:
    return msgspec.structs.replace(origin, path="")


async def _first_about(
    network: Network, origin: Origin, typed: bool, asked: str, named: str | None
) -> Mapping[str, Any]:
    """The document about the server: where its refusal points, or at the well-known places. Only on its own
    host: another could name any authorization server."""
    from mcp.client.auth.utils import build_protected_resource_metadata_discovery_urls as places

    root = _root(origin)
    async with network.pinned(root, typed=typed) as client:
        for place in places(named, asked):
            if root.resolve(place) is None:
                continue
            reply = await client.get(place, accept=JSON)
            if reply.status == 200 and reply.is_json:
                return json_object(reply, origin.host)
    raise NotSupported(origin.host, "does not say where to sign in")


def _resource(origin: Origin, asked: str, about: Mapping[str, Any]) -> tuple[str, str, Sequence[str]]:
    """The issuer, the name that tokens are asked for, and the scopes on offer."""
    from mcp.shared.auth_utils import check_resource_allowed

    resource, servers = about.get("resource"), about.get("authorization_servers")
    if not isinstance(resource, str) or not check_resource_allowed(asked, resource):
        raise NotWhoItSays(f"{origin.host} says that it is another server.")
    issuer = servers[0] if isinstance(servers, list) and servers else None
    if not isinstance(issuer, str):
        raise NotSupported(origin.host, "does not say where to sign in")
    return issuer, resource, _words(about, "scopes_supported")


async def _published(network: Network, origin: Origin, typed: bool, issuer: str) -> Mapping[str, Any]:
    """What the authorization server says about itself."""
    from mcp.client.auth.utils import build_oauth_authorization_server_metadata_discovery_urls as places
    from mcp.client.auth.utils import issuers_match

    try:
        home = _root(Origin.of(issuer, typed=typed and origin.scheme == "http"))
    except BadAddress:
        raise NotSupported(origin.host, "names a sign-in that is not protected (https)") from None
    async with network.pinned(home, typed=typed and home.host == origin.host) as client:
        for place in places(issuer, issuer):
            reply = await client.get(place, accept=JSON)
            if reply.status == 200 and reply.is_json:
                said = json_object(reply, home.host)
                if not issuers_match(str(said.get("issuer")), issuer):
                    raise NotWhoItSays(f"{origin.host} names a sign-in that says it is another.")
                return said
            if reply.status >= 500:
                raise BadReply(home.host, "could not say how to sign in", status=reply.status)
    raise NotSupported(origin.host, "does not say how to sign in")


def _server(origin: Origin, typed: bool, said: Mapping[str, Any]) -> Server:
    if "S256" not in _words(said, "code_challenge_methods_supported"):
        raise NotSupported(origin.host, "does not offer the protection that a sign-in needs (PKCE with S256)")
    return Server(
        base=origin.base,
        typed=typed,
        authorize=_address(origin, typed, said.get("authorization_endpoint"), "sign-in page"),
        token=_address(origin, typed, said.get("token_endpoint"), "token address"),
        issuer=str(said.get("issuer")),
        revoke=_optional(origin, typed, said.get("revocation_endpoint")),
        register=_optional(origin, typed, said.get("registration_endpoint")),
        scopes=frozenset(_words(said, "scopes_supported")),
        auth_methods=frozenset(_words(said, "token_endpoint_auth_methods_supported")),
        says_iss=said.get("authorization_response_iss_parameter_supported") is True,
    )


def _address(origin: Origin, typed: bool, said: object, what: str) -> str:
    """An absolute address that is protected, or on this computer where the patient typed one that is."""
    try:
        address = parse(said) if isinstance(said, str) else None
        if address is not None:
            Origin.of(address.text, typed=typed and origin.scheme == "http")
    except BadAddress:
        raise NotSupported(origin.host, f"names a {what} that is not protected (https)") from None
    if address is None:
        raise NotSupported(origin.host, f"does not name a usable {what}")
    return address.text


def _optional(origin: Origin, typed: bool, said: object) -> str | None:
    try:
        return _address(origin, typed, said, "address")
    except NotSupported:
        return None


def _scope(challenged: str | None, offered: Sequence[str], known: Sequence[str]) -> str:
    """What to ask for: what the refusal names, else what the server lists; and to stay signed in."""
    wanted = challenged.split() if challenged else list(offered)
    if wanted and "offline_access" in known:
        wanted.append("offline_access")
    return " ".join(one for one in dict.fromkeys(wanted) if one not in _NO_NEED)


def _words(said: Mapping[str, Any], key: str) -> Sequence[str]:
    values = said.get(key)
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []
