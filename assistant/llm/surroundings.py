"""What the surroundings would make of a library, taken away before it is loaded."""

from collections.abc import MutableMapping

_PREFIXES = ("ANTHROPIC_", "OPENAI_", "LITELLM_", "OTEL_", "AZURE_", "HTTPX_", "DOTENV_")
_NAMES = frozenset(
    ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSLKEYLOGFILE", "SSL_CERT_FILE", "SSL_CERT_DIR")
)


def scrub(environment: MutableMapping[str, str]) -> None:
    """Drop every variable that could move an address, add a header, write a log or weaken TLS."""
    for name in list(environment):
        upper = name.upper()
        if upper.startswith(_PREFIXES) or upper in _NAMES:
            del environment[name]
