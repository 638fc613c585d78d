"""What a FHIR server says about signing in (SMART App Launch 2.2, Conformance).

The addresses it names are judged like any that a server gives: https, or this computer where the patient
typed that; never another private host than the one typed.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from connectors.http import JSON, Network, Pinned
from connectors.net_errors import BadAddress, BadReply
from connectors.origin import Origin, join, parse
from connectors.reply import json_object
from connectors.smart.errors import NotSupported, NotWhoItSays

OAUTH_URIS = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
WELL_KNOWN = ".well-known/smart-configuration"
_GONE = frozenset((401, 403, 404, 405, 406, 410, 501))


class Server(msgspec.Struct, frozen=True):
    """A server and where to sign in to it."""

    base: str
    """The FHIR base address without a slash at its end: what `aud` says."""
    typed: bool
    """Whether the patient typed this address."""
    authorize: str
    token: str
    issuer: str | None = None
    revoke: str | None = None
    register: str | None = None
    capabilities: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    """What it lists; it may take more."""
    auth_methods: frozenset[str] = frozenset()
    auth_algorithms: frozenset[str] = frozenset()
    says_iss: bool = False
    """Whether its answers always name the issuer (RFC 9207)."""
    brands: str | None = None
    brand: str | None = None
    legacy: bool = False
    """Known from the CapabilityStatement only."""

    @property
    def host(self) -> str:
        """The FHIR server's host."""
        return parse(self.base).host

    @property
    def takes_v2(self) -> bool:
        """Whether it takes scopes of SMART 2 (`.rs`)."""
        return "permission-v2" in self.capabilities

    def pinned(self, network: Network, address: str) -> Pinned:
        """A client for one of the server's own addresses and nothing beside it."""
        return network.pinned(
            Origin.of(address, typed=self.typed), typed=self.typed and parse(address).host == self.host
        )


class Issuer(msgspec.Struct, frozen=True):
    """What the issuer of identity tokens publishes about itself (OpenID Connect Discovery 1.0)."""

    issuer: str
    jwks: str
    algorithms: frozenset[str]


async def discover(network: Network, base: str, *, typed: bool = False) -> Server:
    """Ask a server where and how to sign in.

    Raises:
        BadAddress: `base` or an address that the server names can't be used.
        NotSupported: something that a safe sign-in needs is missing.
        SourceError: the server can't be asked.
    """
    origin = Origin.of(base, typed=typed)
    async with network.pinned(origin, typed=typed) as client:
        reply = await client.get(WELL_KNOWN, accept=JSON)
        if reply.status == 200 and not reply.is_web_page:
            return _from_well_known(origin, typed, json_object(reply, origin.host))
        if reply.status != 200 and reply.status not in _GONE:
            raise BadReply(origin.host, "could not say how to sign in", status=reply.status)
        metadata = await client.get("metadata")
    if metadata.status != 200:
        raise NotSupported(origin.host, "does not say how to sign in")
    return _from_metadata(origin, typed, json_object(metadata, origin.host))


async def confirm_issuer(network: Network, server: Server) -> Issuer | None:
    """Ask the issuer about itself, and see that it and the server agree on where codes go; None where
    there is no issuer that says anything about itself.

    A code that was given out by one server must not be sent to another: the token address has to share the
    sign-in page's host, or the issuer has to name both.

    Raises:
        NotWhoItSays: they don't agree.
        SourceError: the issuer can't be asked.
    """
    published = None if server.issuer is None else await _published(network, server, server.issuer)
    pages, tokens = {_place(server.authorize)}, {_place(server.authorize)}
    if published is not None:
        if published.get("issuer") != server.issuer:
            raise NotWhoItSays(f"{server.host} names an issuer that says it is another.")
        pages = {_place(published.get("authorization_endpoint")), _place(server.issuer)}
        tokens = {_place(published.get("token_endpoint")), _place(server.issuer)}
    if _place(server.authorize) not in pages or _place(server.token) not in tokens:
        raise NotWhoItSays(
            f"{server.host} would have the sign-in's answer sent to a server that did not give it."
        )
    if published is None or server.issuer is None:
        return None
    keys = _address(
        Origin.of(server.issuer, typed=server.typed), server.typed, published.get("jwks_uri"), "keys"
    )
    algorithms = _words(published, "id_token_signing_alg_values_supported")
    return Issuer(server.issuer, keys, algorithms or frozenset(("RS256",)))


async def _published(network: Network, server: Server, issuer: str) -> dict[str, Any] | None:
    origin = Origin.of(issuer, typed=server.typed)
    async with server.pinned(network, origin.base) as client:
        reply = await client.get(f"{origin.base}/.well-known/openid-configuration", accept=JSON)
    if reply.status in _GONE:
        return None
    if reply.status != 200:
        raise BadReply(origin.host, "does not say how it signs its answers", status=reply.status)
    return json_object(reply, origin.host)


def _place(address: object) -> tuple[str, str, int] | None:
    if not isinstance(address, str):
        return None
    try:
        parsed = parse(address)
    except BadAddress:
        return None
    return parsed.scheme, parsed.host, parsed.port


def _from_well_known(origin: Origin, typed: bool, said: Mapping[str, Any]) -> Server:
    methods = _words(said, "code_challenge_methods_supported")
    if "S256" not in methods:
        raise NotSupported(origin.host, "does not offer the protection that a sign-in needs (PKCE with S256)")
    issuer = said.get("issuer")
    return Server(
        base=origin.base,
        typed=typed,
        authorize=_address(origin, typed, said.get("authorization_endpoint"), "sign-in page"),
        token=_address(origin, typed, said.get("token_endpoint"), "token address"),
        issuer=issuer if isinstance(issuer, str) and _usable(origin, typed, issuer) else None,
        revoke=_optional(origin, typed, said.get("revocation_endpoint")),
        register=_optional(origin, typed, said.get("registration_endpoint")),
        capabilities=_words(said, "capabilities"),
        scopes=_words(said, "scopes_supported"),
        auth_methods=_words(said, "token_endpoint_auth_methods_supported"),
        auth_algorithms=_words(said, "token_endpoint_auth_signing_alg_values_supported"),
        says_iss=said.get("authorization_response_iss_parameter_supported") is True,
        brands=_optional(origin, typed, said.get("user_access_brand_bundle")),
        brand=value if isinstance(value := said.get("user_access_brand_identifier"), str) else None,
    )


def _from_metadata(origin: Origin, typed: bool, statement: Mapping[str, Any]) -> Server:
    """The OAuth extension of a CapabilityStatement. It can't say whether PKCE is offered, which is used
    anyway."""
    named: dict[str, str] = {}
    for rest in _list(statement, "rest"):
        security = rest.get("security")
        for extension in _list(security if isinstance(security, Mapping) else {}, "extension"):
            if extension.get("url") == OAUTH_URIS:
                named |= {
                    str(part.get("url")): str(part.get("valueUri")) for part in _list(extension, "extension")
                }
    if not {"authorize", "token"} <= named.keys():
        raise NotSupported(origin.host, "does not say how to sign in")
    return Server(
        base=origin.base,
        typed=typed,
        authorize=_address(origin, typed, named["authorize"], "sign-in page"),
        token=_address(origin, typed, named["token"], "token address"),
        revoke=_optional(origin, typed, named.get("revoke")),
        register=_optional(origin, typed, named.get("register")),
        capabilities=frozenset(("launch-standalone",)),
        legacy=True,
    )


def _address(origin: Origin, typed: bool, said: object, what: str) -> str:
    """An address that the server names, absolute or relative to its base; never to be put together from two
    hosts."""
    address = join(f"{origin.base}/", said) if isinstance(said, str) and said else None
    if address is None:
        raise NotSupported(origin.host, f"does not name a usable {what}")
    if not _usable(origin, typed, address.text):
        raise NotSupported(origin.host, f"names a {what} that is not protected (https)")
    return address.text


def _optional(origin: Origin, typed: bool, said: object) -> str | None:
    try:
        return _address(origin, typed, said, "address")
    except NotSupported:
        return None


def _usable(origin: Origin, typed: bool, address: str) -> bool:
    """Https; or plain http where the patient typed an address of this computer and this is one too."""
    try:
        Origin.of(address, typed=typed and origin.scheme == "http")
    except BadAddress:
        return False
    return True


def _words(said: Mapping[str, Any], key: str) -> frozenset[str]:
    values = said.get(key)
    return (
        frozenset(value for value in values if isinstance(value, str))
        if isinstance(values, list)
        else frozenset()
    )


def _list(value: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = value.get(key)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
