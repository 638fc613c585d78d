"""Identity tokens and the keys that sign them."""

import time
from functools import cache
from typing import TYPE_CHECKING, Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from tests.fakes.smart_server.models import Code

if TYPE_CHECKING:
    from tests.fakes.smart_server.oauth import SmartAuthorization


@cache
def signing_key() -> RSAKey:
    """The server's key; one for all servers of a test run, since an RSA key takes long to make."""
    return RSAKey.generate_key(2048, {"kid": "server-key"})


@cache
def other_key() -> RSAKey:
    """A key that no server publishes, under the published name."""
    return RSAKey.generate_key(2048, {"kid": "server-key"})


@cache
def second_key() -> ECKey:
    """Another published key, of another kind."""
    return ECKey.generate_key("P-256", {"kid": "second-key"})


def published_keys() -> dict[str, Any]:
    """The public halves, beside one of a kind that nobody knows."""
    keys = KeySet([signing_key(), second_key()]).as_dict(private=False)
    return {"keys": [{"kty": "NEW", "kid": "from-the-future"}, *keys["keys"]]}


def identity_token(server: "SmartAuthorization", code: Code) -> str:
    """An identity token for the answer to a code."""
    lies, now = server.faults.lies, int(time.time())
    age = 7200 if "expired-identity" in lies else 0
    claims: dict[str, Any] = {
        "iss": "https://other.example" if "wrong-token-issuer" in lies else server.issuer,
        "aud": "another-app" if "wrong-audience" in lies else code.client_id,
        "sub": code.user,
        "iat": now - age,
        "exp": now - age + 3600,
        "nonce": "of-another-sign-in" if "wrong-nonce" in lies else code.nonce,
        "fhirUser": f"{server.base}/Patient/{code.patient}",
    }
    if "two-audiences" in lies:
        claims["aud"] = [code.client_id, "another-app"]
    if "unsigned" in lies:
        return _unsigned(claims)
    key = other_key() if "bad-signature" in lies else signing_key()
    return jwt.encode({"alg": "RS256", "kid": "server-key"}, claims, key, algorithms=["RS256"])


def _unsigned(claims: dict[str, Any]) -> str:
    """A token of the kind that says that it needs no signature."""
    from base64 import urlsafe_b64encode

    import msgspec

    parts = [urlsafe_b64encode(msgspec.json.encode(part)).rstrip(b"=") for part in ({"alg": "none"}, claims)]
    return b".".join([*parts, b""]).decode()
