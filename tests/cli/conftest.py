"""Run commands as a shell would, in this process: arguments in; exit code, stdout and stderr out."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from assistant.cli.main import main
from tests.fakes import small

PASSPHRASE = "correct horse battery staple"


class Ran(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Stdout as the one JSON document that it has to be."""
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder, and a passphrase at hand."""
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    monkeypatch.setenv("CHARTSIDE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CHARTSIDE_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    return tmp_path / "home"


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs one command; `--json` is added unless `plain=True`."""
    assert not home.exists()

    def command(*arguments: str, plain: bool = False) -> Ran:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([*arguments, *([] if plain else ["--json"])])
        out, err = capsys.readouterr()
        return Ran(int(ended.value.code or 0), out, err)

    return command


@pytest.fixture
def bundle(tmp_path: Path) -> Callable[..., Path]:
    """Writes a FHIR Bundle of these resources, with the patient in front unless told otherwise."""

    def write(name: str, resources: Sequence[Any], *, owner: Any = None) -> Path:
        path = tmp_path / name
        first = [] if owner is False else [owner or small.patient()]
        entries = [{"resource": resource} for resource in (*first, *resources)]
        path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
        return path

    return write


@pytest.fixture
def chart(run: Run, bundle: Callable[..., Path]) -> Path:
    """A vault with a small chart in it; gives the file that it came from."""
    path = bundle(
        "chart.json",
        [
            small.ldl("o1", 148, "2019-03-12", referenceRange=[{"high": {"value": 130, "unit": "mg/dL"}}]),
            small.ldl("o2", 96, "2026-02-10T08:30:00-05:00"),
            small.weight("w1", 71.25, "2024-01-01"),
            small.medication("m1", "83367", "Atorvastatin 20 MG", "2019-04-01", reason="High cholesterol"),
            small.condition("c1", "38341003", "Hypertension", "2015"),
            small.allergy("a1", "91936005", "Penicillin", "2010-05", verified="refuted"),
            small.ldl("s1", 55, "2026-03-03", meta=small.SENSITIVE),
        ],
    )
    assert run("init").code == 0
    assert run("import", str(path)).code == 0
    return path
