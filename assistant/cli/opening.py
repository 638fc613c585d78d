"""Open the patient's vault for one command."""

from collections.abc import Iterator
from contextlib import contextmanager

from assistant.bootstrap import House, open_house
from assistant.cli.secrets import current_passphrase


@contextmanager
def opened() -> Iterator[House]:
    """The vault, opened; closed when the command is done."""
    with open_house(current_passphrase) as house:
        yield house
