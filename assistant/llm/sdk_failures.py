"""What an SDK and the HTTP library under it raise, as failures in a patient's words.

The anthropic and openai SDKs are made by one generator and raise errors of the same names; their HTTP
libraries share theirs too.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from assistant.errors import ModelFailed
from assistant.llm.crossing import BadReply
from assistant.llm.failures import Told, Why, by_status, error_code, failed


@contextmanager
def told(sdk: ModuleType, http: ModuleType) -> Iterator[None]:
    """Turn what the libraries raise inside into a `ModelFailed`. Nothing of a server's text goes along."""
    try:
        yield
    except ModelFailed:
        raise
    except sdk.APIStatusError as error:
        wait = error.response.headers.get("retry-after")
        raise by_status(error.status_code, error_code(error.body), wait) from None
    except (sdk.APIConnectionError, http.HTTPError, http.StreamError) as error:
        raise of_connection(error, http, sdk.APITimeoutError) from None
    except sdk.APIError as error:
        raise by_status(200, error_code(getattr(error, "body", None))) from None
    except (ValueError, TypeError, AttributeError, RecursionError):
        # The SDKs build their values from a reply without checking it; a reply of another form ends anywhere.
        raise failed(Why.MALFORMED) from None


def of_connection(error: BaseException, http: ModuleType, *timeouts: type[BaseException]) -> Told:
    """What an error of the HTTP library `http` means; `timeouts` are what others call its timeouts."""
    under = list(causes(error))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in under):
        return failed(Why.CERTIFICATE)
    if any(isinstance(cause, BadReply) for cause in under):
        return failed(Why.MALFORMED)
    if any(isinstance(cause, (http.TimeoutException, *timeouts)) for cause in under):
        return failed(Why.TIMEOUT)
    if any(isinstance(cause, (http.ReadError, http.RemoteProtocolError)) for cause in under):
        return failed(Why.CUT)
    return failed(Why.NETWORK)


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it came of."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
