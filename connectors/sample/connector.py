"""The sample patient as two sources, read like any other: a hospital and an outside laboratory."""

import asyncio
from collections.abc import AsyncGenerator
from hashlib import sha256
from typing import Literal

from connectors.errors import SourceUnreadable
from connectors.model import FHIR_R4_JSON, Batch, SourceInfo, SourceRecord
from connectors.sample.fhir import Resource, encode

Which = Literal["mercy", "quest"]

_NAMES: dict[Which, str] = {"mercy": "Mercy General (sample)", "quest": "Quest lab (sample)"}
_BATCH = 40


class SampleConnector:
    """One of the sample patient's sources; the same bytes at every reading."""

    def __init__(self, source: Which) -> None:
        self._source = source

    @property
    def info(self) -> SourceInfo:
        """Which source this is."""
        return SourceInfo(kind="sample", key=f"sample:{self._source}", name=_NAMES[self._source])

    @property
    def resumes(self) -> bool:
        """A file is kept whole or not at all."""
        return False

    async def read(self, cursor: str | None = None) -> AsyncGenerator[Batch, None]:
        """Yield the whole chart in batches.

        Raises:
            SourceUnreadable: a cursor was given; the sample gives none.
        """
        if cursor is not None:
            raise SourceUnreadable(
                "The sample can't be read from there",
                "The sample patient is always read from the start.",
                "Start the demo again.",
            )
        records = [_record(n, resource) for n, resource in enumerate(_chart(self._source), start=1)]
        total = sum(len(record.body) for record in records)
        done = 0
        for start in range(0, len(records), _BATCH):
            # A turn for whoever else waits, as any real source gives while it is read.
            await asyncio.sleep(0)
            some = tuple(records[start : start + _BATCH])
            done += sum(len(record.body) for record in some)
            yield Batch(part=self._source, format="FHIR resource", records=some, done=done, total=total)


def sample_connectors() -> tuple[SampleConnector, ...]:
    """Every source of the sample patient."""
    return tuple(SampleConnector(source) for source in _NAMES)


def _chart(source: Which) -> list[Resource]:
    # The tables take 50 to 100 ms to load: naming the source should cost nothing.
    if source == "mercy":
        from connectors.sample.story import mercy

        return mercy()
    from connectors.sample.quest import quest

    return quest()


def _record(n: int, resource: Resource) -> SourceRecord:
    body = encode(resource)
    return SourceRecord(
        body=body,
        format=FHIR_R4_JSON,
        digest=sha256(body).digest(),
        at=f"entry {n}",
        type=resource["resourceType"],
        id=resource["id"],
    )
