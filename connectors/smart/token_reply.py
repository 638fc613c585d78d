"""What a token endpoint answers (RFC 6749, 5; SMART App Launch 2.2, Obtain access token)."""

import email.utils
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from connectors.net_errors import BadReply
from connectors.reply import Reply, json_object
from connectors.smart.secret import Secret

SHORT_LIFE = 300.0
"""Seconds that an access token is taken to last where the server doesn't say."""
LONGEST_LIFE = 86_400.0 * 366
_TOKEN = re.compile(r"[\x21-\x7e]{1,16384}")
_PATIENT = re.compile(r"[A-Za-z0-9\-._]{1,128}")
_ERRORS = frozenset(
    (
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
    )
)


class Granted(msgspec.Struct, frozen=True):
    """Access as it was given: what the caller keeps, encrypted."""

    access: Secret
    expires: datetime
    """By the server's clock."""
    ahead: float
    """Seconds by which the server's clock was ahead of this computer's."""
    refresh: Secret | None = None
    scope: str | None = None
    """What was granted; None where the server did not say (then: what was asked)."""
    patient: str | None = None
    identity: Secret | None = None
    """The identity token, until it was checked."""
    uncertain: bool = False
    """Whether an answer that may have renewed this was lost."""

    def remaining(self, now: datetime) -> float:
        """Seconds until the access token ends."""
        return (self.expires - now - timedelta(seconds=self.ahead)).total_seconds()


def read_grant(reply: Reply, host: str, asked_at: datetime) -> Granted:
    """The grant in a token endpoint's answer. `asked_at`, this computer's clock when the question left.

    Raises:
        BadReply: it holds no bearer token that can be used.
    """
    said = json_object(reply, host)
    access = _token(said, "access_token")
    kind = said.get("token_type")
    if access is None or not isinstance(kind, str) or kind.lower() != "bearer":
        raise BadReply(host, "answered the sign-in without giving access", status=reply.status)
    server_time = _date(reply.headers) or asked_at
    scope = said.get("scope")
    return Granted(
        access=access,
        expires=server_time + timedelta(seconds=_life(said.get("expires_in"))),
        ahead=(server_time - asked_at).total_seconds(),
        refresh=_token(said, "refresh_token"),
        scope=scope if isinstance(scope, str) else None,
        patient=patient_id(said.get("patient")),
        identity=_token(said, "id_token"),
    )


def patient_id(value: object) -> str | None:
    """A FHIR id, where this is one; some servers' ids are longer than the specification's 64."""
    return value if isinstance(value, str) and _PATIENT.fullmatch(value) and set(value) != {"."} else None


def refusal(reply: Reply) -> str:
    """The error code of a refused request; `other` where it isn't one of RFC 6749."""
    try:
        code = json_object(reply, "").get("error")
    except BadReply:
        return "other"
    return code if isinstance(code, str) and code in _ERRORS else "other"


def _token(said: Mapping[str, Any], key: str) -> Secret | None:
    """A token fit for a header: visible ASCII, no white space."""
    value = said.get(key)
    return Secret(value) if isinstance(value, str) and _TOKEN.fullmatch(value) else None


def _life(said: object) -> float:
    if isinstance(said, str) and said.isascii() and said.isdecimal() and len(said) < 12:
        said = int(said)
    if isinstance(said, bool) or not isinstance(said, (int, float)) or not said >= 0:
        return SHORT_LIFE
    return min(float(said), LONGEST_LIFE)


def _date(headers: Mapping[str, str]) -> datetime | None:
    try:
        when = email.utils.parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, OverflowError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)
