"""The one way in: what a source has to offer so that it can become records."""

from collections.abc import AsyncGenerator
from typing import Protocol

from connectors.model import Batch, SourceInfo


class Connector(Protocol):
    """One source, readable from the start or from a cursor."""

    @property
    def info(self) -> SourceInfo:
        """Which source this is; known without opening it."""

    @property
    def resumes(self) -> bool:
        """Whether its batches end in cursors, so that reading can stop anywhere and go on."""

    def read(self, cursor: str | None = None) -> AsyncGenerator[Batch, None]:
        """Yield the source's batches in a stable order.

        With `cursor`, what lay before it is not read again. A source without cursors is kept whole or
        not at all.

        Raises:
            SourceUnreadable: nothing can be read.
            SourceInterrupted: it stopped part-way; batches up to the last cursor are good.
        """
