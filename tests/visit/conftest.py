"""The sample patient's vault, made anew for each test."""

import asyncio
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.bootstrap import House, make_house, sample_sources
from assistant.links.importer import bring_in

NOW = dt.datetime(2026, 11, 22, 10, 15, tzinfo=dt.UTC)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """One open vault with the sample patient."""
    made, _ = make_house("an invented patient's passphrase", home=tmp_path / "home", clock=lambda: NOW)
    asyncio.run(bring_in(made.vault, sample_sources(), clock=made.clock))
    yield made
    made.vault.close()
