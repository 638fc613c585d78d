"""What fails at a door, as an error of the house."""

from collections.abc import Iterator
from contextlib import contextmanager

from assistant.errors import SourceFailed
from connectors.errors import SourceError


def told(error: SourceError) -> SourceFailed:
    """The same failure, for a person."""
    return SourceFailed(error.text, error.next_step, title=error.title)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn what fails at a door within the block into an error of the house.

    Raises:
        SourceFailed: a door failed.
    """
    try:
        yield
    except SourceError as error:
        raise told(error) from None
