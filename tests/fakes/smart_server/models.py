"""Clients, codes and tokens of the server, in the shape that authlib asks for."""

import hmac
import time
from dataclasses import dataclass, field
from typing import Any, Literal

from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, TokenMixin
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
CODE_SECONDS = 60.0

Method = Literal["none", "client_secret_basic", "client_assertion_jwt"]


@dataclass
class Registered(ClientMixin):  # type: ignore[misc]
    """A registered client."""

    client_id: str
    redirect_uris: tuple[str, ...] = ()
    method: Method = "none"
    secret: str | None = None
    jwks: dict[str, Any] | None = None
    scopes: frozenset[str] | None = None
    """What it may be granted; None for whatever it asks."""
    grants: frozenset[str] = frozenset(("authorization_code", "refresh_token"))
    software_id: str | None = None
    patient: str | None = None
    """Whose records a dynamic client was made for."""

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str | None:
        return None

    def get_allowed_scope(self, scope: str | None) -> str:
        words = (scope or "").split()
        return " ".join(word for word in words if self.scopes is None or word in self.scopes)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        return self.secret is not None and hmac.compare_digest(self.secret, client_secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == self.method

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in self.grants


assert JWTBearerClientAssertion.CLIENT_AUTH_METHOD == "client_assertion_jwt"


@dataclass
class Code(AuthorizationCodeMixin):  # type: ignore[misc]
    """An authorization code, bound to everything it was asked with."""

    code: str
    client_id: str
    redirect_uri: str
    scope: str
    user: str
    patient: str
    nonce: str | None
    code_challenge: str
    code_challenge_method: str
    made: float = field(default_factory=time.monotonic)
    used: bool = False

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope


@dataclass
class Token(TokenMixin):  # type: ignore[misc]
    """An access token, with the refresh token that came with it."""

    access: str
    refresh: str | None
    client_id: str
    scope: str
    user: str
    patient: str
    family: int
    """All tokens that go back to one sign-in have the same."""
    ends: float
    access_revoked: bool = False
    refresh_revoked: bool = False

    def check_client(self, client: Registered) -> bool:
        return client.client_id == self.client_id

    def get_scope(self) -> str:
        return self.scope

    def get_expires_in(self) -> float:
        return self.ends - time.monotonic()

    def is_expired(self) -> bool:
        return time.monotonic() >= self.ends

    def is_revoked(self) -> bool:
        return self.access_revoked


class Clients:
    """All registered clients."""

    def __init__(self) -> None:
        self._known: dict[str, Registered] = {}

    def add(self, client: Registered) -> None:
        """Register one."""
        self._known[client.client_id] = client

    def get(self, client_id: str) -> Registered | None:
        """One by its id."""
        return self._known.get(client_id)


class Issued:
    """All codes and tokens."""

    def __init__(self) -> None:
        self.codes: dict[str, Code] = {}
        self.tokens: list[Token] = []
        self.assertions: set[str] = set()
        """Ids of assertions that were shown; each holds once."""
        self.reuse = 0
        """How often something that holds once was shown again."""
        self._families = 0

    def new_family(self) -> int:
        """The number of a new sign-in."""
        self._families += 1
        return self._families

    def by_access(self, text: str) -> Token | None:
        """The token of an access token's text."""
        return next((token for token in self.tokens if token.access == text), None)

    def by_refresh(self, text: str) -> Token | None:
        """The token of a refresh token's text."""
        return next((token for token in self.tokens if token.refresh == text), None)

    def revoke_family(self, family: int) -> None:
        """End everything that goes back to one sign-in."""
        for token in self.tokens:
            if token.family == family:
                token.access_revoked = token.refresh_revoked = True

    def revoke_all(self) -> None:
        """End everything, as a patient does on the provider's own page."""
        for token in self.tokens:
            token.access_revoked = token.refresh_revoked = True

    def expire_access(self) -> None:
        """End all access tokens; refresh tokens go on."""
        for token in self.tokens:
            token.ends = time.monotonic() - 1

    def secrets(self) -> set[str]:
        """Everything that must not be seen anywhere else."""
        found = set(self.codes)
        for token in self.tokens:
            found |= {token.access} | ({token.refresh} if token.refresh else set())
        return found
