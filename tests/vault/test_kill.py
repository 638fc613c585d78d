"""Killed at any moment: what was acknowledged is there, and a change of keys has happened or has not."""

import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from assistant.errors import NoVault, WrongPassphrase
from assistant.vault.ledger import Ledger
from assistant.vault.meta import MetaStore
from assistant.vault.paths import VaultPaths
from assistant.vault.query import EVERYTHING, RecordQuery
from assistant.vault.records import RecordStore
from assistant.vault.vault import Vault
from tests.vault import workers
from tests.vault.helpers import PASSPHRASE, make_vault, new, record, unlock
from tests.vault.processes import KILLS, context, finished, kill, needs_processes, start

pytestmark = needs_processes
OTHER = "four other words than before"


def filled(home: Path, title: str = "LDL") -> None:
    vault = make_vault(home)
    with vault.write() as session:
        RecordStore(session).add([new(record("r1", title=title))])
    vault.close()


def titles(vault: Vault) -> list[str]:
    """What is in a vault that must be whole; closes it."""
    assert [check.name for check in vault.check() if not check.ok] == []
    with vault.read() as session:
        found = [one.record.title for one in RecordStore(session).find(EVERYTHING, RecordQuery())]
    vault.close()
    return found


def opens(home: Path, passphrase: str) -> bool:
    VaultPaths(home).spool.unlink(missing_ok=True)
    try:
        assert titles(unlock(home, passphrase)) == ["LDL"]
    except WrongPassphrase:
        return False
    return True


def until_done(work: Callable[[int], bool], limit: int = 200) -> int:
    """Kill at step 1, 2, 3... until the work is done before; how many steps it has."""
    return next(step for step in range(1, limit) if work(step)) - 1


def test_a_passphrase_change_killed_at_any_step_leaves_one_that_opens(home: Path) -> None:
    filled(home)
    now, then = PASSPHRASE, OTHER
    changed = []

    def killed_at(step: int) -> bool:
        nonlocal now, then
        done = finished(start(workers.change_passphrase, home, now, then, step))
        assert opens(home, now) != opens(home, then)
        if opens(home, then):
            now, then = then, now
            changed.append(step)
        else:
            assert not done
        return done

    assert until_done(killed_at) >= 4
    assert len(changed) >= 2


def test_a_passphrase_change_killed_at_any_moment_leaves_one_that_opens(home: Path) -> None:
    filled(home)
    now, then = PASSPHRASE, OTHER
    chance = random.Random(2)
    for _ in range(KILLS):
        ready = context().Event()
        process = start(workers.change_passphrase_when_told, home, now, then, ready)
        assert ready.wait(60)
        process.join(chance.uniform(0, 0.03))
        kill(process)
        assert opens(home, now) != opens(home, then)
        if opens(home, then):
            now, then = then, now


def test_every_acknowledged_write_survives_and_no_half_one(home: Path) -> None:
    filled(home)
    chance = random.Random(4)
    for _ in range(max(KILLS // 3, 3)):
        make_room(home)
        mine, theirs = context().Pipe(duplex=False)
        process = start(workers.write_and_tell, home, theirs)
        assert mine.poll(60)
        process.join(chance.uniform(0, 0.1))
        kill(process)
        acknowledged = -1
        while mine.poll(0):
            acknowledged = mine.recv()
        vault = unlock(home)
        with vault.read() as session:
            last = int(MetaStore(session).get("last") or b"-1")
            records = RecordStore(session).count(EVERYTHING, RecordQuery())
            imports = sum(entry.kind == "import" for entry in Ledger(session).entries())
            lines = Ledger(session).verify()
        vault.close()
        assert last >= acknowledged >= 0
        assert (records, imports) == (5 * (last + 1), last + 1)
        assert lines.ok


def make_room(home: Path) -> None:
    """A new vault in place of the one there."""
    unlock(home).destroy()
    make_vault(home).close()


def test_making_a_vault_killed_at_any_step_can_be_done_again(home: Path) -> None:
    def killed_at(step: int) -> bool:
        done = finished(start(workers.create, home, step))
        try:
            assert titles(unlock(home)) == []
        except NoVault:
            assert not done
            make_vault(home).close()
        unlock(home).destroy()
        return done

    assert until_done(killed_at) >= 4


def test_a_restore_killed_at_any_step_leaves_the_old_or_the_new(tmp_path: Path, home: Path) -> None:
    filled(tmp_path / "source", title="from backup")
    backup = tmp_path / "backup"
    source = unlock(tmp_path / "source")
    source.backup(backup)
    source.close()
    seen = set()

    def killed_at(step: int) -> bool:
        if not VaultPaths(home).header.exists():
            filled(home, title="here before")
        done = finished(start(workers.restore, home, backup, step))
        vault = unlock(home)
        (title,) = titles(vault)
        seen.add(title)
        unlock(home).destroy()
        assert title == "from backup" or not done
        return done

    assert until_done(killed_at) >= 8
    assert seen == {"here before", "from backup"}


def test_destroying_killed_at_any_step_goes_on_where_it_stopped(home: Path) -> None:
    def killed_at(step: int) -> bool:
        filled(home)
        done = finished(start(workers.destroy, home, step))
        with suppress(NoVault):
            unlock(home).destroy()
        with pytest.raises(NoVault):
            unlock(home)
        assert list(home.iterdir()) == []
        return done

    assert until_done(killed_at) >= 4


def test_a_backup_killed_at_any_step_is_whole_or_not_there(tmp_path: Path, home: Path) -> None:
    filled(home)
    backup = tmp_path / "backup"

    def killed_at(step: int) -> bool:
        done = finished(start(workers.back_up, home, backup, step))
        if backup.exists():
            folder = tmp_path / f"restored{step}"
            Vault.restore(VaultPaths(folder), backup, PASSPHRASE, allow_test_kdf=True)
            assert titles(unlock(folder)) == ["LDL"]
            backup.unlink()
        else:
            assert not done
        assert titles(unlock(home)) == ["LDL"]
        return done

    assert until_done(killed_at) >= 4
