"""The sample behaves like any other source, and never differs from one start to the next."""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from connectors.model import FHIR_R4_JSON, SourceRecord
from connectors.sample.connector import SampleConnector, sample_connectors

ROOT = Path(__file__).resolve().parents[2]
DIGEST = """
import asyncio, hashlib
from connectors.sample.connector import sample_connectors

async def main():
    digest = hashlib.sha256()
    for connector in sample_connectors():
        async for batch in connector.read():
            for record in batch.records:
                digest.update(record.body)
    print(digest.hexdigest())

asyncio.run(main())
"""


def _digest(hash_seed: str) -> str:
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "TZ": f"UTC+{hash_seed[0]}"}
    done = subprocess.run(
        [sys.executable, "-c", DIGEST], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_two_processes_make_the_same_bytes() -> None:
    assert _digest("1") == _digest("4242")


def test_there_are_two_sources_with_lasting_keys() -> None:
    keys = {connector.info.key: connector.info.name for connector in sample_connectors()}
    assert keys == {"sample:mercy": "Mercy General (sample)", "sample:quest": "Quest lab (sample)"}
    assert {connector.info.kind for connector in sample_connectors()} == {"sample"}


@pytest.mark.parametrize("connector", sample_connectors(), ids=lambda connector: connector.info.key)
async def test_every_record_is_told_by_its_bytes(connector: SampleConnector) -> None:
    seen: list[SourceRecord] = []
    async for batch in connector.read():
        assert batch.cursor is None
        assert not batch.problems
        assert batch.part == connector.info.key.removeprefix("sample:")
        seen += batch.records
        assert batch.done == sum(len(record.body) for record in seen)
    assert batch.done == batch.total
    for record in seen:
        assert record.format == FHIR_R4_JSON
        assert record.digest == sha256(record.body).digest()
    assert len({(record.type, record.id) for record in seen}) == len(seen)


def test_digits_stay_as_the_laboratory_printed_them(mercy_records: list[SourceRecord]) -> None:
    bodies = {record.id: record.body for record in mercy_records}
    assert b'"value":5.90,' in bodies["lisbon-glucose-molar-2018-07-11"]
    assert b'"value":0.70,' in bodies["lab-creatinine-2007-09-20"]
