"""What grounding needs of the records: those that may be seen, nothing else."""

from collections.abc import Sequence
from typing import Protocol

from assistant.records.model import Record
from assistant.vault.query import RecordQuery


class Reader(Protocol):
    """Records as their reader may see them: merged across sources, elements out of reach removed.

    Everything that grounding does depends on a question's words and on what this returns, so what isn't
    returned can't change an answer, an order or a count.
    """

    def find(self, query: RecordQuery) -> Sequence[Record]:
        """Records that match, newest first."""

    def count(self, query: RecordQuery) -> int:
        """How many records match."""
