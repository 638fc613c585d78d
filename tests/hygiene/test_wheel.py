"""What is shipped: the three packages with their data, and nothing of the tests."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = Path(folder).glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_only_the_three_packages_are_shipped(shipped: list[str]) -> None:
    top = {name.partition("/")[0] for name in shipped}
    assert {name for name in top if not name.endswith(".dist-info")} == {"assistant", "connectors", "prompts"}


def test_prompts_and_types_are_shipped(shipped: list[str]) -> None:
    assert {"prompts/ask.md", "prompts/skills/summary.md"} <= set(shipped)
    assert {"assistant/py.typed", "connectors/py.typed", "prompts/py.typed"} <= set(shipped)


def test_the_lexicon_is_shipped(shipped: list[str]) -> None:
    kept = [
        path for path in (ROOT / "assistant").rglob("*") if path.suffix in {".toml", ".json", ".md", ".tsv"}
    ]
    assert {path.relative_to(ROOT).as_posix() for path in kept} <= set(shipped)


def test_the_locks_name_no_index() -> None:
    for name in ("run.txt", "dev.txt"):
        lock = (ROOT / "requirements" / name).read_text()
        assert "://" not in lock
        assert all("--hash=" in block for block in lock.split("\n\n") if "==" in block)
