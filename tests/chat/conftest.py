"""The sample patient's vault, opened anew for each test."""

import asyncio
import datetime as dt
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.bootstrap import House, make_house, open_vault, sample_sources
from assistant.links.importer import bring_in

PASSPHRASE = "an invented patient's passphrase"

NOW = dt.datetime(2026, 11, 22, 10, 15, tzinfo=dt.UTC)


def now() -> dt.datetime:
    """The time in these tests."""
    return NOW


Opener = Callable[[str], House]


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a vault with the sample patient; not to be written to."""
    home = tmp_path_factory.mktemp("sample") / "home"
    house, _ = make_house(PASSPHRASE, home=home, clock=now)
    with pytest.MonkeyPatch.context() as always_the_same:
        always_the_same.setattr(secrets, "token_hex", lambda size: "0" * 2 * size)
        asyncio.run(bring_in(house.vault, sample_sources(), clock=now))
    house.vault.close()
    return home


@pytest.fixture
def opener(sample_home: Path, tmp_path: Path) -> Iterator[Opener]:
    """Opens copies of the sample patient's vault, by name."""
    houses = []

    def opened(name: str = "home") -> House:
        home = Path(shutil.copytree(sample_home, tmp_path / name))
        houses.append(House(open_vault(lambda: PASSPHRASE, home=home, clock=now), clock=now))
        return houses[-1]

    yield opened
    for house in houses:
        house.vault.close()


@pytest.fixture
def house(opener: Opener) -> House:
    """One open vault with the sample patient."""
    return opener("home")
