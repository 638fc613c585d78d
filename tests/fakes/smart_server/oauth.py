"""The authorization server: authlib's, with SMART's rules added."""

import time
from typing import Any

import msgspec
from authlib.common.security import generate_token
from authlib.oauth2.rfc6749 import (
    AuthorizationServer,
    InvalidRequestError,
    InvalidScopeError,
    JsonRequest,
    OAuth2Request,
)
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, RefreshTokenGrant
from authlib.oauth2.rfc6749.requests import JsonPayload, OAuth2Payload
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core.grants import OpenIDCode

from tests.fakes.smart_server.faults import Faults
from tests.fakes.smart_server.identity import identity_token
from tests.fakes.smart_server.models import CODE_SECONDS, Clients, Code, Issued, Registered, Token
from tests.fakes.smart_server.signed import Assertion, DynamicGrant, Registration
from tests.fakes.smart_server.wire import Request, Response

METHODS = ["none", "client_secret_basic", "client_assertion_jwt"]
LEAST_STATE = 22
"""Characters; 128 bits in base64url."""


class Payload(OAuth2Payload):  # type: ignore[misc]
    """The pairs of a request."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs

    @property
    def data(self) -> dict[str, str]:
        return dict(self._pairs)

    @property
    def datalist(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, value in self._pairs:
            found.setdefault(name, []).append(value)
        return found


class Oauth(OAuth2Request):  # type: ignore[misc]
    """A request as authlib wants it. Its address is given as https: loopback stands for TLS here."""

    def __init__(self, request: Request) -> None:
        headers = {name.title(): value for name, value in request.headers.items()}
        super().__init__(request.method, f"https://server.example{request.path}", headers=headers)
        self._form = request.form
        self.payload = Payload(list(request.form.items()) if request.form else request.query)

    @property
    def args(self) -> dict[str, str]:
        return {}

    @property
    def form(self) -> dict[str, str]:
        return self._form


class Question(Oauth):
    """An authorization request: its parameters are those of the address, also when a form is posted to it."""

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self.payload = Payload(request.query)


class _Json(JsonPayload):  # type: ignore[misc]
    def __init__(self, body: bytes) -> None:
        self._body = body

    @property
    def data(self) -> dict[str, Any]:
        try:
            value = msgspec.json.decode(self._body)
        except msgspec.DecodeError:
            return {}
        return value if isinstance(value, dict) else {}


class SmartAuthorization(AuthorizationServer):  # type: ignore[misc]
    """authlib's server over the models of this package."""

    def __init__(self, clients: Clients, issued: Issued, faults: Faults) -> None:
        super().__init__()
        self.clients = clients
        self.issued = issued
        self.faults = faults
        self.base = ""
        self.token_url = ""
        self.issuer = ""
        self.lifetime = 3600
        self.register_token_generator("default", self._make)
        self.register_grant(CodeGrant, [SmartRules(), CodeChallenge(required=True), Identity()])
        self.register_grant(RotatingRefresh)
        self.register_grant(DynamicGrant)
        self.register_client_auth_method("client_assertion_jwt", Assertion(self))
        self.register_endpoint(Revocation)
        self.register_endpoint(Registration)

    def query_client(self, client_id: str) -> Registered | None:
        return self.clients.get(client_id)

    def create_oauth2_request(self, request: Request | OAuth2Request) -> OAuth2Request:
        return Oauth(request) if isinstance(request, Request) else request

    def create_json_request(self, request: Request) -> JsonRequest:
        made = JsonRequest(request.method, f"https://server.example{request.path}", dict(request.headers))
        made.payload = _Json(request.body)
        return made

    def handle_response(self, status: int, body: Any, headers: list[tuple[str, str]]) -> Response:
        content = body.encode() if isinstance(body, str) else msgspec.json.encode(body)
        return Response(status, tuple((name.lower(), value) for name, value in headers), content)

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""

    def _make(self, *, client: Registered, scope: str | None, **_: Any) -> dict[str, Any]:
        words = (scope or "").split()
        token = {
            "token_type": "Bearer",
            "access_token": generate_token(40),
            "expires_in": self.lifetime,
            "scope": " ".join(words),
        }
        if "offline_access" in words and "no-refresh" not in self.faults.lies:
            token["refresh_token"] = generate_token(40)
        return token

    def save_token(self, token: dict[str, Any], request: OAuth2Request) -> None:
        """Keep a token, and say what SMART adds to the answer: the patient."""
        code, old = request.authorization_code, request.refresh_token
        if code is not None:
            patient, family = code.patient, self.issued.new_family()
        elif old is not None:
            patient, family = old.patient, old.family
        else:
            patient, family = request.client.patient, self.issued.new_family()
        self.issued.tokens.append(
            Token(
                token["access_token"],
                token.get("refresh_token"),
                request.client.client_id,
                token["scope"],
                str(request.user),
                patient,
                family,
                time.monotonic() + token["expires_in"],
            )
        )
        self._say(token, patient)

    def _say(self, token: dict[str, Any], patient: str) -> None:
        lies = self.faults.lies
        if "no-patient" not in lies:
            token["patient"] = "someone-else" if "other-patient" in lies else patient
        if "wider-scope" in lies:
            token["scope"] += " patient/*.cruds system/*.cruds"
        if "no-scope" in lies:
            del token["scope"]
        if "mac-token" in lies:
            token["token_type"] = "mac"
        if "strange-token" in lies:
            token["access_token"] = "ab\r\nx-injected: 1"


class SmartRules:
    """What SMART asks of an authorization request beyond OAuth (App Launch 2.2)."""

    def __call__(self, grant: AuthorizationCodeGrant) -> None:
        grant.register_hook("after_validate_authorization_request_payload", self.check)

    def check(self, grant: AuthorizationCodeGrant, redirect_uri: str) -> None:
        """Refuse what is missing or weak."""
        data = grant.request.payload.data
        if len(data.get("state", "")) < LEAST_STATE:
            raise InvalidRequestError("state is missing or weak")
        if data.get("aud", "").rstrip("/") != grant.server.base:
            raise InvalidRequestError("aud is not this FHIR server")
        if data.get("code_challenge_method") != "S256" or not data.get("code_challenge"):
            raise InvalidRequestError("PKCE with S256 is needed")
        if "launch" in data:
            raise InvalidRequestError("launch is for launches from a record system")
        words = data.get("scope", "").split()
        if not words or "max_age" in data:
            raise InvalidScopeError


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]
    """Codes: for one use, for a minute, for the client and the address they were asked for."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        data = request.payload.data
        user, patient = request.user
        self.server.issued.codes[code] = Code(
            code,
            request.client.client_id,
            data["redirect_uri"],
            request.scope,
            user,
            patient,
            data.get("nonce"),
            data["code_challenge"],
            data["code_challenge_method"],
        )

    def query_authorization_code(self, code: str, client: Registered) -> Code | None:
        issued: Issued = self.server.issued
        known = issued.codes.get(code)
        if known is None or known.client_id != client.client_id:
            return None
        if known.used:
            issued.reuse += 1
            for token in issued.tokens:
                if token.user == known.user and token.client_id == known.client_id:
                    issued.revoke_family(token.family)
            return None
        return known if time.monotonic() - known.made < CODE_SECONDS else None

    def delete_authorization_code(self, authorization_code: Code) -> None:
        authorization_code.used = True

    def authenticate_user(self, authorization_code: Code) -> str:
        return authorization_code.user


class RotatingRefresh(RefreshTokenGrant):  # type: ignore[misc]
    """Refresh tokens are exchanged; showing an old one again ends everything of that sign-in."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> Token | None:
        issued: Issued = self.server.issued
        token = issued.by_refresh(refresh_token)
        if token is None:
            return None
        if token.refresh_revoked:
            issued.reuse += 1
            issued.revoke_family(token.family)
            return None
        return token

    def authenticate_user(self, refresh_token: Token) -> str:
        return refresh_token.user

    def revoke_old_credential(self, refresh_token: Token) -> None:
        refresh_token.refresh_revoked = True


class Identity(OpenIDCode):  # type: ignore[misc]
    """Identity tokens, right or as wrong as ordered."""

    def __init__(self) -> None:
        super().__init__(require_nonce=True)

    def exists_nonce(self, nonce: str, request: OAuth2Request) -> bool:
        return False

    def process_token(self, grant: AuthorizationCodeGrant, response: tuple[int, Any, Any]) -> None:
        token = response[1]
        if "openid" in grant.request.authorization_code.scope.split():
            token["id_token"] = identity_token(grant.server, grant.request.authorization_code)


class Revocation(RevocationEndpoint):  # type: ignore[misc]
    """RFC 7009: a refresh token takes its access tokens with it."""

    CLIENT_AUTH_METHODS = METHODS

    def query_token(self, token_string: str, token_type_hint: str | None) -> Token | None:
        issued: Issued = self.server.issued
        found = issued.by_refresh(token_string) or issued.by_access(token_string)
        self._refresh = found is not None and found.refresh == token_string
        return found

    def revoke_token(self, token: Token, request: OAuth2Request) -> None:
        if self._refresh:
            self.server.issued.revoke_family(token.family)
        else:
            token.access_revoked = True
