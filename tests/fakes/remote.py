"""A remote source that is a list of pages: for whatever must work with cursors and a line that drops."""

import asyncio
import hashlib
import json
from collections.abc import AsyncGenerator, Sequence

from connectors.errors import SourceInterrupted, SourceUnreadable
from connectors.model import FHIR_R4_JSON, Batch, SourceInfo, SourceRecord

QUERY = "Patient/$everything"


class FakeRemote:
    """Yields one batch a page, each with a cursor, as a server's paged answer does.

    With `fail_after`, the line drops after that many pages of each reading; set it to None to mend the line.
    """

    def __init__(self, pages: Sequence[Sequence[bytes]], fail_after: int | None = None) -> None:
        self.fail_after = fail_after
        self.asked: list[str | None] = []
        """The cursor of each reading so far."""
        self._pages = tuple(tuple(page) for page in pages)

    @property
    def info(self) -> SourceInfo:
        return SourceInfo(kind="remote", key="https://fhir.example/r4", name="Example Clinic")

    @property
    def resumes(self) -> bool:
        return True

    async def read(self, cursor: str | None = None) -> AsyncGenerator[Batch, None]:
        self.asked.append(cursor)
        start = 0 if cursor is None else self._after(cursor)
        for index in range(start, len(self._pages)):
            await asyncio.sleep(0)
            if self.fail_after is not None and index - start >= self.fail_after:
                raise SourceInterrupted(
                    "The connection was lost",
                    "The server stopped answering before everything was read.",
                    "Sync again to go on from where it stopped.",
                )
            yield self._batch(index)

    def _after(self, cursor: str) -> int:
        """The page that follows a cursor of ours."""
        known = {self._cursor(index): index + 1 for index in range(len(self._pages))}
        if cursor not in known:
            raise SourceUnreadable(
                "The server no longer knows this place",
                "The server could not go on from where the last sync stopped.",
                "Sync again from the start.",
            )
        return known[cursor]

    def _cursor(self, index: int) -> str:
        seen = hashlib.sha256(b"\n".join(body for page in self._pages[: index + 1] for body in page))
        return f"page-{index + 1}-{seen.hexdigest()[:8]}"

    def _batch(self, index: int) -> Batch:
        return Batch(
            part=QUERY,
            format="FHIR Bundle",
            records=tuple(_record(body, n + 1) for n, body in enumerate(self._pages[index])),
            done=index + 1,
            total=len(self._pages),
            cursor=self._cursor(index),
        )


def _record(body: bytes, number: int) -> SourceRecord:
    members = json.loads(body)
    return SourceRecord(
        body=body,
        format=FHIR_R4_JSON,
        digest=hashlib.sha256(body).digest(),
        at=f"entry {number}",
        type=members.get("resourceType"),
        id=members.get("id"),
    )
