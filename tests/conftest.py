"""Fixtures for all tests."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")
"""No property is lost on a computer that is busy with something else."""


@pytest.fixture(scope="session")
def material() -> Path:
    """The folder of real test data; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("CHARTSIDE_MATERIAL", ROOT.parent / "shared" / "material")).resolve()
    if not folder.is_dir():
        pytest.skip(f"no test material at {folder}: set CHARTSIDE_MATERIAL to its folder")
    return folder


@pytest.fixture(autouse=True, scope="session")
def quick_keys() -> None:
    """Vaults of tests are made with the quick, weak key derivation that only tests may use."""
    os.environ["CHARTSIDE_TEST_KDF"] = "1"
