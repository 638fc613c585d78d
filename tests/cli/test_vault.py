"""The vault's commands, as the contract has them."""

import stat
from pathlib import Path

import pytest

from tests.cli.conftest import PASSPHRASE, Run


def test_init_makes_a_vault_once(run: Run, home: Path) -> None:
    assert run("init").document == {"home": str(home), "created": True}
    before = {path.name: path.read_bytes() for path in home.iterdir()}
    again = run("init")
    assert (again.code, again.document["created"]) == (0, False)
    assert {path.name: path.read_bytes() for path in home.iterdir()} == before
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in home.iterdir()} == {0o600}


def test_without_a_vault_everything_says_so(run: Run) -> None:
    for command in (["records"], ["ask", "x"], ["sharing"], ["ledger"], ["import", "x.json"], ["chats"]):
        ran = run(*command)
        assert ran.code == 4
        assert ran.document["error"]["next"]


def test_without_a_passphrase_and_a_terminal_nothing_is_asked(
    run: Run, chart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHARTSIDE_PASSPHRASE_FILE")
    assert run("records").code == 4


def test_a_wrong_passphrase_is_code_4_and_damage_is_5(run: Run, chart: Path, home: Path) -> None:
    secret = chart.with_name("passphrase")
    secret.write_text("something else altogether\n")
    assert run("records").code == 4
    secret.write_text(PASSPHRASE)
    assert run("records").code == 0
    (database,) = home.glob("*.db")
    content = bytearray(database.read_bytes())
    content[:64] = bytes(64)
    database.write_bytes(content)
    for left in home.glob("*.db-*"):
        left.unlink()
    assert run("records").code == 5


def test_a_new_passphrase_opens_and_the_old_one_does_not(run: Run, chart: Path, tmp_path: Path) -> None:
    (tmp_path / "new").write_text("another long passphrase\n")
    assert run("passphrase", "--new-file", str(tmp_path / "new")).document == {"ok": True}
    assert run("records").code == 4
    (tmp_path / "passphrase").write_text("another long passphrase\n")
    assert run("records").code == 0


def test_the_recovery_code_lets_back_in(run: Run, tmp_path: Path) -> None:
    code = tmp_path / "code"
    assert run("init", "--recovery-file", str(code)).code == 0
    assert stat.S_IMODE(code.stat().st_mode) == 0o600
    (tmp_path / "passphrase").write_text("a passphrase after the first\n")
    assert run("records").code == 4
    assert run("recover", "--code-file", str(code)).document == {"ok": True}
    assert run("records").code == 0


def test_lock_is_ok_without_a_keychain(run: Run, chart: Path) -> None:
    assert run("lock").document == {"ok": True}


def test_backup_and_restore(run: Run, chart: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("ask", "What was my last LDL?")
    kept = run("backup", str(tmp_path / "kept"))
    assert kept.document["ok"]
    monkeypatch.setenv("CHARTSIDE_HOME", str(tmp_path / "elsewhere"))
    back = run("restore", str(tmp_path / "kept"))
    assert back.document == kept.document
    assert run("records").document["total"] == kept.document["records"]


def test_a_damaged_backup_leaves_the_vault_alone(run: Run, chart: Path, tmp_path: Path) -> None:
    run("backup", str(tmp_path / "kept"))
    content = bytearray((tmp_path / "kept").read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "kept").write_bytes(content)
    before = run("records").document["records"]
    refused = run("restore", str(tmp_path / "kept"))
    assert refused.code in (1, 5)
    assert run("records").document["records"] == before


def test_forget_one_record_one_source_everything(run: Run, chart: Path, home: Path) -> None:
    first = run("records", "--search", "atorvastatin").document["records"][0]["id"]
    assert run("forget", "--record", first).code == 2
    assert run("forget", "--record", first, "--yes").document["removed"]["records"] == 1
    assert run("records", "--search", "atorvastatin").document["total"] == 0
    (source,) = run("sources").document["sources"]
    assert run("forget", "--source", source["id"], "--yes").code == 0
    assert run("records").document["total"] == 0
    assert run("forget", "--all", "--yes").code == 0
    assert run("records").code == 4


def test_doctor_says_what_is_well(run: Run, chart: Path) -> None:
    checks = run("doctor").document["checks"]
    assert {"name", "ok", "text", "next"} <= set(checks[0])
    assert all(check["ok"] for check in checks if check["name"] != "file reading")


def test_the_ledger_tells_and_verifies(run: Run, chart: Path) -> None:
    run("ask", "What was my last LDL?")
    entries = run("ledger").document["entries"]
    assert {"seq", "at", "kind", "destination", "sha256", "items", "outcome"} <= set(entries[0])
    assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
    kinds = [entry["kind"] for entry in entries]
    assert kinds.index("import") < kinds.index("intent") < kinds.index("outcome")
    assert run("ledger", "verify").document["ok"] is True


def test_every_access_is_in_the_ledger(run: Run, chart: Path) -> None:
    chart.with_name("passphrase").write_text("not the passphrase\n")
    run("records")
    chart.with_name("passphrase").write_text(PASSPHRASE)
    run("records")
    kinds = [entry["kind"] for entry in run("ledger").document["entries"]]
    assert {"unlock", "failed unlock", "records looked at"} <= set(kinds)
