"""The protocol's libraries log what servers say, records included; here nothing of that is kept."""

import logging

_TALKERS = ("mcp", "client", "httpx2")


def hush() -> None:
    """Silence them for good, whoever else turned logging on."""
    for name in _TALKERS:
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL + 1)
        logger.propagate = False
