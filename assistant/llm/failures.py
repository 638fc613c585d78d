"""Why a model did not answer, in a patient's words. Nothing that a server wrote is in them.

A server's own error text may repeat the message (litellm#612), so that only its status, its error code from a
known list, and its `Retry-After` are looked at.
"""

from collections.abc import Mapping
from enum import StrEnum

from assistant.errors import ModelFailed

LONGEST_WAIT = 24 * 3600
"""Seconds; a wait that is longer than this is not told."""


class Why(StrEnum):
    """The kinds of failure."""

    NO_KEY = "no key"
    WRONG_KEY = "wrong key"
    NO_CREDIT = "no credit"
    RATE_LIMIT = "rate limit"
    OVERLOADED = "overloaded"
    TOO_LONG = "too long"
    NO_MODEL = "no model"
    REJECTED = "rejected"
    REDIRECT = "redirect"
    NETWORK = "network"
    CERTIFICATE = "certificate"
    TIMEOUT = "timeout"
    MALFORMED = "malformed"
    CUT = "cut"
    BROKEN = "broken"


_SAID: Mapping[Why, tuple[str, str, str]] = {
    Why.NO_KEY: (
        "There is no key for this model",
        "It needs a key of yours, and none was given.",
        "Remove the model and add it again with a key.",
    ),
    Why.WRONG_KEY: (
        "The key was not taken",
        "The provider says that the key is wrong, or may not use this model.",
        "Make a new key with the provider, and add the model again with it.",
    ),
    Why.NO_CREDIT: (
        "There is no credit left",
        "The provider says that your account there has to be paid first.",
        "Look at your account with the provider, or ask someone else.",
    ),
    Why.RATE_LIMIT: (
        "Too many questions for now",
        "The provider takes no more questions from you at the moment.",
        "Ask again later.",
    ),
    Why.OVERLOADED: (
        "The model has too much to do",
        "The provider says that it is overloaded. Your question was not answered.",
        "Ask again in a minute, or ask someone else.",
    ),
    Why.TOO_LONG: (
        "The message is too long for this model",
        "The records and the conversation together are more than it can read at once.",
        "Begin a new chat, or keep the largest records out of the message and ask again.",
    ),
    Why.NO_MODEL: (
        "There is no such model",
        "The server knows no model of this name.",
        "Look at the name with `chartside models`, and add the model again.",
    ),
    Why.REJECTED: (
        "The message was not taken",
        "The server says that it can't work with this message.",
        "Ask in other words, or ask someone else.",
    ),
    Why.REDIRECT: (
        "The server points elsewhere",
        "It wants the message to go to another address. Nothing was sent there.",
        "If that is right, add the model again with the new address.",
    ),
    Why.NETWORK: (
        "The model can't be reached",
        "No connection came about.",
        "Look whether this computer is online (for a model on this computer: whether its program runs).",
    ),
    Why.CERTIFICATE: (
        "The connection is not safe",
        "The server could not prove who it is, so nothing was sent.",
        "Don't go on if you are in a network that you don't know. Otherwise ask the provider.",
    ),
    Why.TIMEOUT: (
        "The model took too long",
        "It did not answer in time.",
        "Ask again, or ask someone else.",
    ),
    Why.MALFORMED: (
        "The reply can't be read",
        "What came back is not what such a server sends.",
        "Look whether the address is right; what came of the answer is kept.",
    ),
    Why.CUT: (
        "The answer broke off",
        "The connection ended in the middle. What came until then is kept.",
        "Ask it to go on, or ask again.",
    ),
    Why.BROKEN: (
        "The model did not answer",
        "The server says that something is wrong with it.",
        "Ask again later, or ask someone else.",
    ),
}

_CODES: Mapping[str, Why] = {
    "insufficient_quota": Why.NO_CREDIT,
    "billing_error": Why.NO_CREDIT,
    "billing_not_active": Why.NO_CREDIT,
    "authentication_error": Why.WRONG_KEY,
    "permission_error": Why.WRONG_KEY,
    "invalid_api_key": Why.WRONG_KEY,
    "rate_limit_error": Why.RATE_LIMIT,
    "rate_limit_exceeded": Why.RATE_LIMIT,
    "overloaded_error": Why.OVERLOADED,
    "context_length_exceeded": Why.TOO_LONG,
    "exceed_context_size_error": Why.TOO_LONG,
    "request_too_large": Why.TOO_LONG,
    "API_KEY_INVALID": Why.WRONG_KEY,
    "model_not_found": Why.NO_MODEL,
    "not_found_error": Why.NO_MODEL,
}
"""Error codes of the Anthropic and OpenAI protocols and of llama.cpp's server."""

_STATUSES: Mapping[int, Why] = {
    400: Why.REJECTED,
    401: Why.WRONG_KEY,
    402: Why.NO_CREDIT,
    403: Why.WRONG_KEY,
    404: Why.NO_MODEL,
    408: Why.TIMEOUT,
    413: Why.TOO_LONG,
    422: Why.REJECTED,
    429: Why.RATE_LIMIT,
    503: Why.OVERLOADED,
    504: Why.TIMEOUT,
    529: Why.OVERLOADED,
}


class Told(ModelFailed):
    """A model's failure of a known kind."""

    def __init__(self, why: Why, next_step: str | None = None) -> None:
        title, text, usual = _SAID[why]
        super().__init__(text, next_step or usual, title=title)
        self.why = why


def failed(why: Why, *, wait: float | None = None) -> Told:
    """The failure of this kind; `wait` is in seconds, where the server said when to come back."""
    if wait is None or not 0 < wait <= LONGEST_WAIT:
        return Told(why)
    return Told(why, f"Ask again in {_spoken(wait)}.")


def by_status(status: int, code: object = None, retry_after: str | None = None) -> Told:
    """The failure that a status says; `code` is the server's own word for it, if it is one that is known."""
    known = _CODES.get(code) if isinstance(code, str) else None
    if known is None and 300 <= status < 400:
        known = Why.REDIRECT
    wait = float(retry_after) if retry_after and retry_after.isascii() and retry_after.isdecimal() else None
    return failed(known or _STATUSES.get(status, Why.BROKEN), wait=wait)


def error_code(body: object) -> object:
    """The known word for an error in a reply of the Anthropic or OpenAI protocol (`error.code`, else
    `error.type`) or of Google's (a reason among its details); None where there is none."""
    error = body.get("error", body) if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return None
    details = error.get("details")
    said = [error.get(key) for key in ("code", "type")]
    said += [d.get("reason") for d in details if isinstance(d, dict)] if isinstance(details, list) else []
    return next((word for word in said if isinstance(word, str) and word in _CODES), None)


def _spoken(seconds: float) -> str:
    if seconds < 90:
        return f"{round(seconds)} seconds"
    return f"{round(seconds / 60)} minutes"
