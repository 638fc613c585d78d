"""Files and circumstances that no one wishes for: each ends in a plain sentence and the right code."""

import json
import os
import resource as limits
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import PASSPHRASE, Run
from tests.conftest import ROOT
from tests.fakes import small

GOOD = small.ldl("good", 96, "2026-02-10")


def resource_text(**changes: Any) -> bytes:
    return json.dumps({**GOOD, **changes}).encode()


DEEP = b"[" * 20_000 + b"]" * 20_000
FILES: dict[str, bytes] = {
    "not JSON": b"Dear doctor, please find enclosed",
    "nothing": b"",
    "cut": resource_text()[:-20],
    "a duplicate key": resource_text()[:-1] + b', "status": "entered-in-error"}',
    "not a number": resource_text().replace(b"96", b"NaN"),
    "nested 20,000 deep": resource_text()[:-1] + b', "extension": ' + DEEP + b"}",
    "UTF-16": resource_text().decode().encode("utf-16"),
    "a lone surrogate": resource_text()[:-1] + b', "id2": "\\ud800"}',
    "invalid UTF-8": resource_text().replace(b"good", b"go\xffd"),
    "an array": b"[1, 2, 3]",
    "a bare string": b'"Observation"',
    "no resourceType": b'{"a": 1}',
    "an unknown type": b'{"resourceType": "Nonsense", "id": "x"}',
    "a Bundle of nulls": b'{"resourceType": "Bundle", "type": "batch", "entry": [null, {"resource": null}]}',
    "no code": resource_text(code=None),
    "no subject": resource_text(subject=None),
    "a wrong shape": resource_text(code=[7], valueQuantity="96", status=["final"]),
    "an archive": b"PK\x03\x04" + bytes(100),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
}


@pytest.fixture
def started(run: Run, bundle: Callable[..., Path]) -> Path:
    """A vault with one good record in it."""
    path = bundle("good.json", [GOOD])
    run("init")
    assert run("import", str(path)).code == 0
    return path


@pytest.mark.parametrize("kind", FILES)
def test_a_bad_file_is_told_and_changes_nothing(kind: str, run: Run, started: Path, tmp_path: Path) -> None:
    before = run("records").document["records"]
    (tmp_path / "bad.json").write_bytes(FILES[kind])
    ran = run("import", str(tmp_path / "bad.json"))
    assert ran.code in (0, 1)
    told = ran.document["files"][0]
    assert told["problems"] or told["set_aside"]
    assert all(len(problem["text"]) > 10 for problem in told["problems"])
    assert "Traceback" not in ran.err
    after = run("records").document["records"]
    assert [r for r in after if r in before] == before


@pytest.mark.parametrize("kind", [kind for kind in FILES if kind not in ("nothing",)])
def test_the_good_rest_of_a_folder_goes_in(kind: str, run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "bad.json").write_bytes(FILES[kind])
    (folder / "good.json").write_text(json.dumps(small.patient()))
    (folder / "more.ndjson").write_text(json.dumps(GOOD) + "\n" + json.dumps(GOOD)[:40] + "\n")
    run("init")
    ran = run("import", str(folder))
    assert ran.code == 0
    assert run("records", "--search", "ldl").document["records"][0]["value"] == "96"


def test_a_byte_order_mark_is_no_trouble(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bom.json").write_bytes(b"\xef\xbb\xbf" + resource_text())
    run("init")
    assert run("import", str(tmp_path / "bom.json")).document["totals"]["new"] == 1


def test_a_cut_bundle_gives_what_is_whole(run: Run, bundle: Callable[..., Path], tmp_path: Path) -> None:
    whole = bundle(
        "whole.json", [small.ldl(f"o{n}", 90 + n, f"2026-01-{n:02}") for n in range(1, 9)]
    ).read_bytes()
    (tmp_path / "cut.json").write_bytes(whole[: len(whole) * 2 // 3])
    run("init")
    ran = run("import", str(tmp_path / "cut.json"))
    totals = ran.document["totals"]
    assert (ran.code, totals["problems"]) == (0, 1)
    assert 3 <= totals["new"] <= 6


def test_a_missing_file_and_a_missing_folder(run: Run, started: Path, tmp_path: Path) -> None:
    ran = run("import", str(tmp_path / "nowhere"))
    assert ran.code == 1
    assert ran.document["error"]["next"]


def test_links_and_loops_end(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "loop").symlink_to(folder)
    (folder / "a.json").write_text(json.dumps(GOOD))
    (folder / "outside").symlink_to("/etc/hostname")
    run("init")
    assert run("import", str(folder)).document["totals"]["new"] == 1


def in_shell(home: Path, *arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "CHARTSIDE_HOME": str(home), "CHARTSIDE_TEST_KDF": "1"}
    return subprocess.run(
        [sys.executable, "-c", "from assistant.cli.main import main; main()", *arguments, "--json"],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        **more,
    )


def test_a_full_disk_loses_nothing(run: Run, started: Path, home: Path, bundle: Callable[..., Path]) -> None:
    many = bundle("many.json", [small.ldl(f"x{n}", n, "2026-01-01") for n in range(4000)])
    before = run("records").document["records"]
    room = (256 * 1024, 256 * 1024)
    full = in_shell(home, "import", str(many), preexec_fn=lambda: limits.setrlimit(limits.RLIMIT_FSIZE, room))
    assert full.returncode == 1
    assert "disk" in json.loads(full.stdout)["error"]["text"]
    assert "Traceback" not in full.stderr
    assert run("records").document["records"] == before
    assert run("import", str(many)).document["totals"]["new"] >= 4000


def test_a_second_instance_reads_while_one_writes(run: Run, started: Path, home: Path) -> None:
    from assistant.vault.paths import VaultPaths
    from assistant.vault.vault import Vault

    vault = Vault.unlock(VaultPaths(home), PASSPHRASE, allow_test_kdf=True)
    with vault.write():
        assert run("records").code == 0
        assert run("sharing").code == 0
    vault.close()
    assert run("ledger", "verify").document["ok"]


def test_a_second_writer_waits_then_says_so(
    started: Path, home: Path, run: Run, bundle: Callable[..., Path]
) -> None:
    from assistant.vault.paths import VaultPaths
    from assistant.vault.vault import Vault

    vault = Vault.unlock(VaultPaths(home), PASSPHRASE, allow_test_kdf=True)
    with vault.write():
        ran = run("import", str(bundle("more.json", [GOOD])))
    vault.close()
    assert ran.code == 4
    assert "Another" in ran.document["error"]["text"]


def test_an_interrupt_is_130_and_takes_everything_back(
    run: Run, started: Path, monkeypatch: pytest.MonkeyPatch, bundle: Callable[..., Path]
) -> None:
    from assistant.links import intake

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    more = bundle("more.json", [small.ldl("z", 1, "2026-01-01")])
    with monkeypatch.context() as broken:
        broken.setattr(intake.Intake, "settle", interrupted)
        ran = run("import", str(more))
    assert ran.code == 130
    assert run("records", "--category", "labs").document["total"] == 1


def test_an_unexpected_error_shows_no_content(
    run: Run, started: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.links.browse import Shelf

    def broken(*_: object) -> None:
        raise RuntimeError("LDL cholesterol 96 mg/dL of Nadia Brandt")

    monkeypatch.setattr(Shelf, "find", broken)
    ran = run("records")
    assert ran.code == 1
    assert "96" not in ran.out + ran.err
    assert "Brandt" not in ran.out + ran.err
    assert "RuntimeError" in ran.document["error"]["text"]
