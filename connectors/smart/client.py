"""Who this program is to a server: a public client, one with a key, or one with a secret.

Keys and secrets are made and kept by the caller; here they are only used.
"""

import secrets
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, Protocol
from urllib.parse import quote_plus

import msgspec

from connectors.http import Network
from connectors.net_errors import BadReply
from connectors.origin import parse
from connectors.reply import json_object
from connectors.smart.discovery import Server
from connectors.smart.errors import ClientRefused, NotSupported
from connectors.smart.secret import Secret

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ASSERTION_SECONDS = 240
"""How long an assertion holds; SMART allows 300 at most."""

Algorithm = Literal["RS384", "ES384"]


class Client(Protocol):
    """A registered client, as the token endpoint sees it."""

    @property
    def client_id(self) -> str:
        """The id that the server gave."""

    def proof(self, token_endpoint: str, now: datetime) -> dict[str, str]:
        """Form fields that show who asks; fresh for each request."""

    def headers(self) -> dict[str, str]:
        """Headers that show who asks."""


class PublicClient(msgspec.Struct, frozen=True):
    """A client that can't prove who it is; PKCE protects its codes."""

    client_id: str

    def proof(self, token_endpoint: str, now: datetime) -> dict[str, str]:
        """Its id: it has nothing better."""
        return {"client_id": self.client_id}

    def headers(self) -> dict[str, str]:
        """Nothing."""
        return {}


class SecretClient(msgspec.Struct, frozen=True):
    """A client with a secret that the patient registered (client_secret_basic)."""

    client_id: str
    secret: Secret

    def proof(self, token_endpoint: str, now: datetime) -> dict[str, str]:
        """Nothing: the secret goes in a header."""
        return {}

    def headers(self) -> dict[str, str]:
        """HTTP Basic with id and secret (RFC 6749, 2.3.1)."""
        pair = f"{quote_plus(self.client_id)}:{quote_plus(self.secret.value)}"
        return {"authorization": f"Basic {b64encode(pair.encode()).decode()}"}


class KeyClient(msgspec.Struct, frozen=True):
    """A client that signs (private_key_jwt; SMART App Launch 2.2, Asymmetric Authentication)."""

    client_id: str
    key: Secret
    """The private key as a JWK, with `kid` and `alg`."""
    jku: str | None = None

    def proof(self, token_endpoint: str, now: datetime) -> dict[str, str]:
        """A fresh signed statement."""
        return {
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion(self, token_endpoint, now),
        }

    def headers(self) -> dict[str, str]:
        """Nothing."""
        return {}


def new_key(algorithm: Algorithm) -> Secret:
    """A new private key as a JWK in JSON, named by its thumbprint. An RSA one takes about a second."""
    from joserfc.jwk import ECKey, RSAKey

    key: ECKey | RSAKey
    key = ECKey.generate_key("P-384") if algorithm == "ES384" else RSAKey.generate_key(3072)
    private = key.as_dict(private=True) | {"kid": key.thumbprint(), "alg": algorithm, "use": "sig"}
    return Secret(msgspec.json.encode(private).decode())


def public_jwks(*keys: Secret) -> dict[str, list[dict[str, Any]]]:
    """The public halves, as a JWK Set to register; nothing private in it."""
    kept = ("kty", "kid", "alg", "use", "n", "e", "crv", "x", "y")
    jwks = [msgspec.json.decode(key.value) for key in keys]
    return {"keys": [{name: jwk[name] for name in kept if name in jwk} for jwk in jwks]}


def assertion(client: KeyClient, token_endpoint: str, now: datetime) -> str:
    """A signed statement that holds once, for minutes, at this endpoint."""
    from joserfc import jwt
    from joserfc.jwk import import_key

    jwk: dict[str, Any] = msgspec.json.decode(client.key.value)
    header = {"alg": jwk["alg"], "kid": jwk["kid"], "typ": "JWT"}
    if client.jku is not None:
        header["jku"] = client.jku
    issued = int(now.timestamp())
    claims = {
        "iss": client.client_id,
        "sub": client.client_id,
        "aud": token_endpoint,
        "iat": issued,
        "exp": issued + ASSERTION_SECONDS,
        "jti": secrets.token_urlsafe(32),
    }
    return jwt.encode(header, claims, import_key(jwk), algorithms=[jwk["alg"]])


async def register_dynamic(
    network: Network, server: Server, access_token: Secret, software_id: str, key: Secret
) -> KeyClient:
    """Make this computer a client of its own, as Epic lets a signed-in patient do: its public key goes to the
    server, and later sign-ins are signatures.

    Raises:
        NotSupported: this organization doesn't offer it.
        ClientRefused: it refused.
        SourceError: it can't be asked.
    """
    if server.register is None:
        raise NotSupported(server.host, "does not let an app stay signed in")
    place, tokens = parse(server.register), parse(server.token)
    if (place.scheme, place.host, place.port) != (tokens.scheme, tokens.host, tokens.port):
        raise NotSupported(server.host, "would have the app register at another server")
    body = msgspec.json.encode({"software_id": software_id, "jwks": public_jwks(key)})
    async with server.pinned(network, server.register) as client:
        reply = await client.post_json(
            server.register, body, headers={"authorization": f"Bearer {access_token.value}"}
        )
    if reply.status in (404, 405, 501):
        raise NotSupported(server.host, "does not let an app stay signed in")
    if reply.status not in (200, 201):
        raise ClientRefused(server.host)
    client_id = json_object(reply, server.host).get("client_id")
    if not isinstance(client_id, str) or not client_id:
        raise BadReply(server.host, "registered the app without saying its id")
    return KeyClient(client_id, key)


def jwt_bearer_form(client: KeyClient, token_endpoint: str, now: datetime) -> Mapping[str, str]:
    """The form by which a dynamic client gets an access token (RFC 7523, 2.1)."""
    return {
        "grant_type": JWT_BEARER,
        "client_id": client.client_id,
        "assertion": assertion(client, token_endpoint, now),
    }
