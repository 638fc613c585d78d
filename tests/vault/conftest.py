"""A fresh open vault for each test that asks for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.vault.vault import Vault
from tests.vault.helpers import make_vault


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder that the vault lies in."""
    return tmp_path / "home"


@pytest.fixture
def vault(home: Path) -> Iterator[Vault]:
    """An empty open vault."""
    made = make_vault(home, busy_seconds=0.2)
    yield made
    made.close()
