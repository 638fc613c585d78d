"""Who may use the server: registered clients, a sign-in page, and tokens that turn over."""

import secrets
import time
from html import escape

from mcp.server.auth.provider import (
    AccessToken,
    AuthorizationCode,
    AuthorizationParams,
    OAuthAuthorizationServerProvider,
    RefreshToken,
    TokenError,
    construct_redirect_uri,
)
from mcp.shared.auth import OAuthClientInformationFull, OAuthToken
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

PASSWORDS = {"nadia": "correct horse"}


class Accounts(OAuthAuthorizationServerProvider[AuthorizationCode, RefreshToken, AccessToken]):
    """Keeps everything in memory. A refresh token holds once: the second use ends the whole sign-in."""

    def __init__(self) -> None:
        self.clients: dict[str, OAuthClientInformationFull] = {}
        self.lifetime = 3600
        self.renewed = 0
        self.spent: list[str] = []
        """Refresh tokens that came twice."""
        self._waiting: dict[str, tuple[str, AuthorizationParams]] = {}
        self._codes: dict[str, AuthorizationCode] = {}
        self._access: dict[str, AccessToken] = {}
        self._refresh: dict[str, RefreshToken] = {}
        self._old: set[str] = set()

    async def get_client(self, client_id: str) -> OAuthClientInformationFull | None:
        return self.clients.get(client_id)

    async def register_client(self, client_info: OAuthClientInformationFull) -> None:
        assert client_info.client_id is not None
        self.clients[client_info.client_id] = client_info

    async def authorize(self, client: OAuthClientInformationFull, params: AuthorizationParams) -> str:
        ticket = secrets.token_urlsafe(16)
        assert client.client_id is not None
        self._waiting[ticket] = (client.client_id, params)
        return f"/login?ticket={ticket}"

    async def login(self, request: Request) -> Response:
        """The sign-in page and what becomes of its form."""
        if request.method == "GET":
            ticket = escape(request.query_params["ticket"])
            return HTMLResponse(
                f"<form method=post action='/login'><input name=ticket value='{ticket}'>"
                "<input name=user><input name=password type=password></form>"
            )
        form = await request.form()
        client_id, params = self._waiting.pop(str(form["ticket"]))
        to = str(params.redirect_uri)
        if form.get("decision") == "deny" or PASSWORDS.get(str(form["user"])) != form["password"]:
            return _sent_to(construct_redirect_uri(to, error="access_denied", state=params.state))
        code = AuthorizationCode(
            code=secrets.token_urlsafe(32),
            scopes=params.scopes or [],
            expires_at=time.time() + 60,
            client_id=client_id,
            code_challenge=params.code_challenge,
            redirect_uri=params.redirect_uri,
            redirect_uri_provided_explicitly=params.redirect_uri_provided_explicitly,
            resource=params.resource,
            subject=str(form["user"]),
        )
        self._codes[code.code] = code
        return _sent_to(construct_redirect_uri(to, code=code.code, state=params.state))

    async def load_authorization_code(
        self, client: OAuthClientInformationFull, authorization_code: str
    ) -> AuthorizationCode | None:
        return self._codes.get(authorization_code)

    async def exchange_authorization_code(
        self, client: OAuthClientInformationFull, authorization_code: AuthorizationCode
    ) -> OAuthToken:
        code = self._codes.pop(authorization_code.code)
        return self._issue(code.client_id, code.scopes, code.resource)

    async def load_refresh_token(
        self, client: OAuthClientInformationFull, refresh_token: str
    ) -> RefreshToken | None:
        if refresh_token in self._old:
            self.spent.append(refresh_token)
            self.revoke_all()
        return self._refresh.get(refresh_token)

    async def exchange_refresh_token(
        self, client: OAuthClientInformationFull, refresh_token: RefreshToken, scopes: list[str]
    ) -> OAuthToken:
        old = self._refresh.pop(refresh_token.token, None)
        if old is None:
            raise TokenError("invalid_grant")
        self._old.add(old.token)
        self.renewed += 1
        return self._issue(old.client_id, scopes, old.resource)

    async def load_access_token(self, token: str) -> AccessToken | None:
        held = self._access.get(token)
        return held if held and held.expires_at and held.expires_at > time.time() else None

    async def revoke_token(self, token: AccessToken | RefreshToken) -> None:
        self.revoke_all()

    def revoke_all(self) -> None:
        """End every sign-in."""
        self._access.clear()
        self._refresh.clear()

    def end_access(self) -> None:
        """End the access tokens only, as time would."""
        self._access.clear()

    def _issue(self, client_id: str, scopes: list[str], resource: str | None) -> OAuthToken:
        access, refresh = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        ends = int(time.time()) + self.lifetime
        self._access[access] = AccessToken(
            token=access, client_id=client_id, scopes=scopes, expires_at=ends, resource=resource
        )
        self._refresh[refresh] = RefreshToken(
            token=refresh, client_id=client_id, scopes=scopes, resource=resource
        )
        return OAuthToken(
            access_token=access, expires_in=self.lifetime, refresh_token=refresh, scope=" ".join(scopes)
        )


def _sent_to(address: str) -> Response:
    return RedirectResponse(address, status_code=302)
