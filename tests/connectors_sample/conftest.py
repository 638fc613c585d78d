"""The sample's two charts, read as an importer would read them."""

import asyncio
import json
from decimal import Decimal
from typing import Any

import pytest

from connectors.model import SourceRecord
from connectors.sample.connector import SampleConnector

Chart = list[dict[str, Any]]


def _records(connector: SampleConnector) -> list[SourceRecord]:
    async def read() -> list[SourceRecord]:
        return [record async for batch in connector.read() for record in batch.records]

    return asyncio.run(read())


@pytest.fixture
def mercy_records() -> list[SourceRecord]:
    """What the hospital hands over."""
    return _records(SampleConnector("mercy"))


@pytest.fixture
def quest_records() -> list[SourceRecord]:
    """What the outside laboratory hands over."""
    return _records(SampleConnector("quest"))


@pytest.fixture
def mercy(mercy_records: list[SourceRecord]) -> Chart:
    """The hospital's resources, numbers as Decimal."""
    return [json.loads(record.body, parse_float=Decimal) for record in mercy_records]


@pytest.fixture
def quest(quest_records: list[SourceRecord]) -> Chart:
    """The laboratory's resources, numbers as Decimal."""
    return [json.loads(record.body, parse_float=Decimal) for record in quest_records]
