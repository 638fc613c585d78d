"""The server as a whole: its addresses, its sign-in page, and its chart behind tokens."""

import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
from authlib.oauth2 import OAuth2Error

from tests.fakes.smart_server.chart import Chart, allows, capability_statement, outcome
from tests.fakes.smart_server.faults import Faults
from tests.fakes.smart_server.identity import published_keys
from tests.fakes.smart_server.models import Clients, Issued, Token
from tests.fakes.smart_server.oauth import Question, SmartAuthorization
from tests.fakes.smart_server.wire import Request, Response, Web, as_html, as_json

FHIR = "application/fhir+json"
PASSWORDS = {"nadia": "correct horse"}


class SmartServer:
    """One FHIR server with its authorization server, on a port of this computer."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.clients = Clients()
        self.issued = Issued()
        self.faults = Faults()
        self.chart = Chart()
        self.plain: dict[str, tuple[str, bytes]] = {}
        """Paths answered with bytes of a media type, as some servers answer for a Binary."""
        self.config: dict[str, Any] = {}
        """Replaces entries of the discovery document; None takes one away."""
        self.published: dict[str, Any] = {}
        """Replaces entries of the issuer's own document."""
        self.ahead = 0.0
        """Seconds by which this server's clock is ahead."""
        self._oauth = SmartAuthorization(self.clients, self.issued, self.faults)
        self._web = Web(self._handle, tls=tls)

    async def __aenter__(self) -> Self:
        await self._web.start()
        self._oauth.base = self.base
        self._oauth.issuer = self.issuer
        self._oauth.token_url = f"{self.issuer}/token"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._web.close()

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return self._web.origin

    @property
    def base(self) -> str:
        """The FHIR base address."""
        return f"{self.origin}/fhir"

    @property
    def issuer(self) -> str:
        """The issuer of identity tokens, and the authorization server's base address."""
        return f"{self.origin}/auth"

    @property
    def received(self) -> list[Request]:
        """Every request that arrived."""
        return self._web.received

    def requests(self, path: str) -> list[Request]:
        """Every request that arrived at a path."""
        return [one for one in self.received if one.path == path]

    @property
    def lifetime(self) -> int:
        """Seconds that an access token lasts."""
        return self._oauth.lifetime

    @lifetime.setter
    def lifetime(self, seconds: int) -> None:
        self._oauth.lifetime = seconds

    async def _handle(self, request: Request) -> Response:
        answer = await self._bent_answer(request)
        stamp = format_datetime(datetime.now(UTC) + timedelta(seconds=self.ahead), usegmt=True)
        return msgspec.structs.replace(answer, headers=(*answer.headers, ("date", stamp)))

    async def _bent_answer(self, request: Request) -> Response:
        fault = self.faults.take(request.path)
        if fault is None:
            return self._serve(request)
        made = self.faults.response(fault, request.path)
        if made is not None:
            return made
        served = self._serve(request)
        if fault == "lost":
            return msgspec.structs.replace(served, drop=True)
        return msgspec.structs.replace(served, pause=self.faults.pause, trickle=fault == "trickle")

    def _serve(self, request: Request) -> Response:
        path = request.path
        if path == "/fhir/.well-known/smart-configuration":
            return self._well_known()
        if path == "/auth/.well-known/openid-configuration":
            return as_json(_changed(self._openid(), self.published))
        if path == "/auth/jwks":
            return as_json(published_keys())
        if path == "/auth/authorize":
            return self._authorize(request)
        if path.startswith("/auth/") and request.method == "POST":
            return self._post(request)
        return self._fhir(request)

    def _post(self, request: Request) -> Response:
        match request.path:
            case "/auth/token":
                answer: Response = self._oauth.create_token_response(request)
            case "/auth/revoke":
                answer = self._oauth.create_endpoint_response("revocation", request)
            case "/auth/register":
                answer = self._oauth.create_endpoint_response("client_registration", request)
            case _:
                answer = Response(404)
        return answer

    def _well_known(self) -> Response:
        lies = self.faults.lies
        if "no-well-known" in lies:
            return Response(404)
        if "html-well-known" in lies:
            return as_html("<!doctype html><p>Welcome</p>")
        said: dict[str, Any] = {
            "issuer": self.issuer,
            "jwks_uri": f"{self.issuer}/jwks",
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "revocation_endpoint": f"{self.issuer}/revoke",
            "registration_endpoint": f"{self.issuer}/register",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["RS384", "ES384"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "scopes_supported": ["openid", "fhirUser", "launch/patient", "offline_access", "patient/*.rs"],
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            "capabilities": [
                "launch-standalone",
                "client-public",
                "client-confidential-asymmetric",
                "sso-openid-connect",
                "context-standalone-patient",
                "permission-offline",
                "permission-patient",
                "permission-v1",
                "permission-v2",
            ],
        }
        if "no-s256" in lies or "plain-only" in lies:
            said["code_challenge_methods_supported"] = ["plain"] if "plain-only" in lies else []
        if "no-pkce-key" in lies:
            del said["code_challenge_methods_supported"]
        if "wrong-issuer" in lies:
            said["issuer"] = f"{self.origin}/other"
        if "no-issuer" in lies:
            del said["issuer"]
        return as_json(_changed(said, self.config))

    def _openid(self) -> dict[str, Any]:
        wrong = "wrong-published-issuer" in self.faults.lies
        return {
            "issuer": "https://other.example" if wrong else self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "id_token_signing_alg_values_supported": ["RS256", "none", "HS256"],
        }

    def _authorize(self, request: Request) -> Response:
        question = Question(request)
        try:
            grant = self._oauth.get_consent_grant(question, end_user=None)
        except OAuth2Error as error:
            refused: Response = self._oauth.handle_error_response(question, error)
            return self._bent(refused)
        if request.method == "GET":
            return as_html(_page(request, grant.request.payload.data))
        form = request.form
        if form.get("password") != PASSWORDS.get(form.get("user", "")):
            return as_html(_page(request, grant.request.payload.data), 403)
        allowed = (form["user"], form["patient"]) if form.get("decision") == "allow" else None
        answer: Response = self._oauth.create_authorization_response(
            question, grant_user=allowed, grant=grant
        )
        return self._bent(answer)

    def _bent(self, answer: Response) -> Response:
        """The answer with the issuer's name added, and with what the faults ask for."""
        if answer.location is None:
            return answer
        lies, parts = self.faults.lies, urlsplit(answer.location)
        pairs = dict(parse_qsl(parts.query)) | {"iss": self.issuer}
        if "wrong-iss" in lies:
            pairs["iss"] = "https://other.example"
        if "no-iss" in lies:
            del pairs["iss"]
        if "wrong-state" in lies:
            pairs["state"] = pairs["state"][::-1]
        if "code-swap" in lies and len(self.issued.codes) > 1:
            pairs["code"] = next(iter(self.issued.codes))
        query = urlencode(pairs) + ("&state=again" if "two-states" in lies else "")
        return Response(302, (("location", parts._replace(query=query).geturl()),))

    def _fhir(self, request: Request) -> Response:
        if request.path == "/fhir/metadata":
            statement = capability_statement(
                self.base, f"{self.issuer}/authorize", f"{self.issuer}/token", f"{self.issuer}/revoke"
            )
            return as_json(statement, media=FHIR)
        parts = request.path.removeprefix("/fhir/").split("/")
        if request.method != "GET" or not request.path.startswith("/fhir/") or len(parts) > 2:
            return as_json(outcome("not-found", "no such address"), 404, media=FHIR)
        token = self.issued.by_access(request.bearer or "")
        if token is None or token.is_expired() or token.is_revoked():
            return as_json(outcome("login", "no valid token"), 401, media=FHIR, www_authenticate="Bearer")
        if request.path in self.plain:
            media, body = self.plain[request.path]
            return Response(200, (("content-type", media),), body)
        return (
            self._read(parts[0], parts[1], token)
            if len(parts) == 2
            else self._search(parts[0], request, token)
        )

    def _read(self, type_: str, id_: str, token: Token) -> Response:
        if not allows(token.scope, type_, "r"):
            return as_json(outcome("forbidden", "not in scope"), 403, media=FHIR)
        found = self.chart.resources.get((type_, id_))
        if found is None or (type_ == "Patient" and id_ != token.patient):
            return as_json(outcome("not-found", "no such resource"), 404, media=FHIR)
        return as_json(found, media=FHIR)

    def _search(self, type_: str, request: Request, token: Token) -> Response:
        if not allows(token.scope, type_, "s"):
            return as_json(outcome("forbidden", "not in scope"), 403, media=FHIR)
        return as_json(self.chart.bundle(self.base, type_, request.query), media=FHIR)


def _changed(said: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (said | changes).items() if value is not None}


def _page(request: Request, asked: dict[str, str]) -> str:
    """The sign-in page: name, password, person, and yes or no."""
    action = escape(f"{request.path}?{request.query_text}", quote=True)
    wanted = "".join(f"<li>{escape(scope)}</li>" for scope in asked.get("scope", "").split())
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Sign in to Test Clinic</title><body>"
        f"<h1>{escape(asked.get('client_id', ''))} asks for</h1><ul>{wanted}</ul>"
        f'<form method="post" action="{action}">'
        '<label>Name <input name="user" id="user"></label>'
        '<label>Password <input name="password" id="password" type="password"></label>'
        '<label>Person <input name="patient" id="patient" value="nadia"></label>'
        '<button name="decision" id="allow" value="allow">Allow</button>'
        '<button name="decision" id="deny" value="deny">Deny</button>'
        "</form></body></html>"
    )
