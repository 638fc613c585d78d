"""A real small model on this computer. `make test-models` fetches it and says where it is; without that, all
tests here are skipped."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast
from urllib.parse import urlsplit

import msgspec
import pytest

from assistant.bootstrap import House
from assistant.llm.models import NewModel
from assistant.records.model import Category
from assistant.sharing.model import Grant
from tests.chat.conftest import house, opener, sample_home

__all__ = ["house", "opener", "sample_home"]

MODEL = "local"


class Server(msgspec.Struct, frozen=True):
    """A model server that runs."""

    port: int

    @property
    def base_url(self) -> str:
        """Where its requests begin."""
        return f"http://127.0.0.1:{self.port}/v1"


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The model, loaded and listening on a free port."""
    file, python = (os.environ.get(f"CHARTSIDE_TEST_{name}", "") for name in ("MODEL", "MODEL_PYTHON"))
    if not (file and python):
        pytest.skip("no local model: `make test-models` fetches one and runs these tests")
    assert Path(file).is_file(), "the model is gone: `make clean`, then `make test-models`"
    assert Path(python).exists(), "its runtime is gone: `make clean`, then `make test-models`"
    serve = Path(__file__).with_name("serve.py")
    process = subprocess.Popen(
        [python, str(serve), file],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        address = cast(IO[str], process.stdout).readline().strip()
        assert address, f"the model server ended with {process.wait()}"
        yield Server(urlsplit(address).port or 0)
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def asked(house: House, server: Server) -> House:
    """The sample patient's vault with the model added, and everything shared with it."""
    add(house, server)
    return house


def add(house: House, server: Server) -> None:
    """Let the model be asked about all records."""
    house.models.add(NewModel(MODEL, "openai", "qwen2.5-1.5b", server.base_url), None)
    house.sharing.share(Grant(MODEL, category) for category in Category)
