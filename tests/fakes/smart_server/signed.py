"""Clients that sign: private_key_jwt, and dynamic clients that sign for each access token."""

import time
from typing import TYPE_CHECKING, Any

from authlib.oauth2.rfc6749 import InvalidClientError, InvalidGrantError, InvalidRequestError, JsonRequest
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion, JWTBearerGrant
from authlib.oauth2.rfc7591 import ClientRegistrationEndpoint
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tests.fakes.smart_server.models import JWT_BEARER, Registered, Token

if TYPE_CHECKING:
    from tests.fakes.smart_server.oauth import SmartAuthorization


def _algorithm(assertion: str) -> str:
    """The algorithm of an assertion, where it is one that SMART allows and the head is whole."""
    header = jws.extract_compact(assertion.encode()).headers()
    if header.get("alg") not in ("RS384", "ES384") or header.get("typ") != "JWT" or not header.get("kid"):
        raise InvalidClientError(description="the assertion's head is not as SMART wants it")
    return str(header["alg"])


def _claims(server: "SmartAuthorization", assertion: str, key: Any) -> dict[str, Any]:
    """The claims of an assertion that is signed, short-lived, for this endpoint, and new."""
    wanted = jwt.JWTClaimsRegistry(
        leeway=5,
        iss={"essential": True},
        sub={"essential": True},
        aud={"essential": True, "value": server.token_url},
        exp={"essential": True},
        jti={"essential": True},
    )
    try:
        claims = jwt.decode(assertion, key, algorithms=[_algorithm(assertion)]).claims
        wanted.validate(claims)
    except JoseError as error:
        raise InvalidClientError(description="the assertion does not hold") from error
    if claims["iss"] != claims["sub"] or claims["exp"] > time.time() + 300:
        raise InvalidClientError(description="the assertion is not as SMART wants it")
    if claims["jti"] in server.issued.assertions:
        server.issued.reuse += 1
        raise InvalidClientError(description="the assertion was shown before")
    server.issued.assertions.add(claims["jti"])
    return claims


class Assertion(JWTBearerClientAssertion):  # type: ignore[misc]
    """private_key_jwt as SMART has it."""

    def __init__(self, server: "SmartAuthorization") -> None:
        super().__init__()
        self._server = server

    def resolve_client_public_key(self, client: Registered) -> KeySet:
        if client.jwks is None:
            raise InvalidClientError(description="no key is registered")
        return KeySet.import_key_set(client.jwks)  # type: ignore[arg-type]

    def process_assertion_claims(self, assertion: str, resolve_key: Any) -> dict[str, Any]:
        return _claims(self._server, assertion, resolve_key)


class DynamicGrant(JWTBearerGrant):  # type: ignore[misc]
    """Access for a dynamic client, which signs instead of holding a refresh token."""

    def validate_token_request(self) -> None:
        assertion = self.request.form.get("assertion", "")
        client = self.server.clients.get(self.request.form.get("client_id", ""))
        if client is None or client.jwks is None or not client.check_grant_type(JWT_BEARER):
            raise InvalidGrantError
        claims = _claims(self.server, assertion, KeySet.import_key_set(client.jwks))
        if claims["sub"] != client.client_id:
            raise InvalidGrantError
        self.request.client = client
        self.request.user = client.client_id

    def create_token_response(self) -> tuple[int, dict[str, Any], Any]:
        client: Registered = self.request.client
        token = self.generate_token(scope=" ".join(sorted(client.scopes or ())), user=client.client_id)
        self.save_token(token)
        return 200, token, self.TOKEN_RESPONSE_HEADER


class Registration(ClientRegistrationEndpoint):  # type: ignore[misc]
    """Registration of a dynamic client by someone who just signed in (as Epic has it)."""

    def authenticate_token(self, request: JsonRequest) -> Token | None:
        kind, _, text = request.headers.get("authorization", "").partition(" ")
        token = self.server.issued.by_access(text) if kind == "Bearer" else None
        return None if token is None or token.is_revoked() or token.is_expired() else token

    def get_server_metadata(self) -> dict[str, Any]:
        return {}

    def generate_client_secret(self, request: JsonRequest) -> str:
        return ""

    def save_client(
        self, client_info: dict[str, Any], client_metadata: dict[str, Any], request: Any
    ) -> Registered:
        token: Token = request.credential
        if client_metadata.get("software_id") != token.client_id or not client_metadata.get("jwks"):
            raise InvalidRequestError("software_id is not the client that signed in")
        client = Registered(
            client_info["client_id"],
            method="client_assertion_jwt",
            jwks=client_metadata["jwks"],
            scopes=frozenset(token.scope.split()),
            grants=frozenset((JWT_BEARER,)),
            software_id=client_metadata["software_id"],
            patient=token.patient,
        )
        self.server.clients.add(client)
        return client
