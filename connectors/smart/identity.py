"""Who signed in: the identity token, checked whole (OpenID Connect Core 1.0, 3.1.3.7)."""

import hmac
from collections.abc import Mapping
from typing import Any

from connectors.http import JSON, Network
from connectors.net_errors import BadReply
from connectors.origin import Origin
from connectors.reply import json_object
from connectors.smart.discovery import Issuer, Server
from connectors.smart.errors import NotWhoItSays
from connectors.smart.secret import Secret
from connectors.smart.token_reply import patient_id

ALGORITHMS = frozenset(("RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512"))
"""Signatures with a public key; a shared secret or none proves nothing."""
LEEWAY = 60


async def checked_identity(
    network: Network, server: Server, issuer: Issuer, token: Secret, *, client_id: str, nonce: str
) -> dict[str, Any]:
    """The claims of an identity token that holds: signed by the issuer, for this client and this sign-in,
    not expired.

    Raises:
        NotWhoItSays: it doesn't hold.
        SourceError: the issuer's keys can't be fetched.
    """
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    async with server.pinned(network, issuer.jwks) as client:
        reply = await client.get(issuer.jwks, accept=JSON)
    host = client.origin.host
    if reply.status != 200:
        raise BadReply(host, "does not show its keys", status=reply.status)
    wanted = jwt.JWTClaimsRegistry(
        now=lambda: int(network.waits.now().timestamp()),
        leeway=LEEWAY,
        iss={"essential": True, "value": issuer.issuer},
        sub={"essential": True},
        aud={"essential": True, "value": client_id},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True},
    )
    try:
        keys = KeySet.import_key_set(_usable_keys(json_object(reply, host)))
        claims = jwt.decode(token.value, keys, algorithms=sorted(issuer.algorithms & ALGORITHMS)).claims
        wanted.validate(claims)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        raise NotWhoItSays("What the server says about who signed in does not hold.") from None
    if not _for_this(claims, client_id, nonce):
        raise NotWhoItSays("What the server says about who signed in belongs to another sign-in.")
    return claims


def _for_this(claims: Mapping[str, Any], client_id: str, nonce: str) -> bool:
    audience, party = claims.get("aud"), claims.get("azp")
    if isinstance(audience, list) and len(audience) > 1 and party is None:
        return False
    if party is not None and party != client_id:
        return False
    said = claims.get("nonce")
    return isinstance(said, str) and hmac.compare_digest(said.encode(), nonce.encode())


def _usable_keys(jwks: Mapping[str, Any]) -> Any:
    """The signing keys that have a kind this program reads; one unknown key must not spoil the rest."""
    keys = jwks.get("keys")
    kept = [
        key
        for key in (keys if isinstance(keys, list) else [])
        if isinstance(key, dict) and key.get("kty") in ("RSA", "EC") and key.get("use", "sig") == "sig"
    ]
    return {"keys": kept}


def patient_of(claims: Mapping[str, Any], base: str, *, typed: bool) -> str | None:
    """The patient's id, where the one who signed in is a patient of this server."""
    user = claims.get("fhirUser")
    if not isinstance(user, str):
        return None
    origin = Origin.of(base, typed=typed)
    address = origin.resolve(user)
    if address is None:
        return None
    kind, _, found = address.path.removeprefix(f"{origin.path}/").partition("/")
    return patient_id(found) if kind == "Patient" else None
