"""Both sources of the sample hold the contract of every connector."""

import pytest

from connectors.sample.connector import SampleConnector, Which
from tests.contracts.connector import ConnectorContract, Make

SOURCES: tuple[Which, ...] = ("mercy", "quest")


class TestSampleConnector(ConnectorContract):
    @pytest.fixture(params=SOURCES)
    def which(self, request: pytest.FixtureRequest) -> Which:
        return "mercy" if request.param == "mercy" else "quest"

    @pytest.fixture
    def make(self, which: Which) -> Make:
        return lambda: SampleConnector(which)

    @pytest.fixture
    def parts(self, which: Which) -> list[str]:
        return [which]
