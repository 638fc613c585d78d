"""A database that isn't as it was written is said to be damaged, or reads as it was; never anything else."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import ChartsideError, StorageFailed, VaultDamaged
from assistant.records.model import Category
from assistant.vault.chats import ChatStore
from assistant.vault.ledger import Ledger
from assistant.vault.paths import VaultPaths
from assistant.vault.query import EVERYTHING, RecordQuery
from assistant.vault.raws import NewRaw, RawStore
from assistant.vault.records import RecordStore
from assistant.vault.vault import Vault
from tests.vault.helpers import make_vault, new, record, unlock

PAGE = 4096
RECORDS = 60


def raw(number: int) -> NewRaw:
    return NewRaw(
        source="s1",
        run=1,
        part="file",
        at=f"entry {number}",
        format="fhir-r4-json",
        type="Observation",
        rid=f"o{number}",
        full_url=None,
        person="p1",
        state="record",
        digest=number.to_bytes(32, "big"),
        body=f"body {number} ".encode() * 40,
    )


def everything(vault: Vault) -> tuple[Any, ...]:
    """All that can be read of a vault, unlocks aside."""
    with vault.read() as session:
        store = RecordStore(session)
        return (
            [one.record for one in store.find(EVERYTHING, RecordQuery())],
            [one.record for one in store.find(EVERYTHING, RecordQuery(words=("ldl",)))],
            RawStore(session).many(range(RECORDS + 1)),
            [chat.title for chat in ChatStore(session).all()],
            [entry for entry in Ledger(session).entries() if entry.kind != "unlock"],
        )


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes, tuple[Any, ...]]:
    """A closed vault's folder, its database's bytes, and what reads from it."""
    home = tmp_path_factory.mktemp("damage")
    vault = make_vault(home)
    with vault.write() as session:
        RawStore(session).add([raw(number) for number in range(RECORDS)])
        RecordStore(session).add(
            [
                new(record(f"r{n}", title=f"LDL {n}"), raw=n + 1, day=f"20{n % 25:02}-01-01")
                for n in range(RECORDS)
            ]
        )
        ChatStore(session).create("About my LDL", at="2026-02-03T10:15:00Z")
    before = everything(vault)
    vault.close()
    content = VaultPaths(home).database.read_bytes()
    assert content.count(b"LDL") == 0
    return home, content, before


def outcome(home: Path, content: bytes, before: tuple[Any, ...]) -> str:
    """What becomes of a vault with this database: `same` or `damaged`; anything else fails."""
    for left in home.glob("records.db*"):
        left.unlink()
    VaultPaths(home).database.write_bytes(content)
    try:
        vault = unlock(home)
    except VaultDamaged:
        return "damaged"
    try:
        assert everything(vault) == before
        whole = all(check.ok for check in vault.check())
    except VaultDamaged:
        return "damaged"
    finally:
        vault.close()
    return "same" if whole else "damaged"


def test_the_fixture_reads_as_it_was(kept: tuple[Path, bytes, tuple[Any, ...]]) -> None:
    home, content, before = kept
    assert outcome(home, content, before) == "same"


def test_a_flipped_bit_in_any_page_is_noticed(kept: tuple[Path, bytes, tuple[Any, ...]]) -> None:
    home, content, before = kept
    chance = random.Random(7)
    for page in range(len(content) // PAGE):
        place = page * PAGE + chance.randrange(PAGE)
        flipped = bytearray(content)
        flipped[place] ^= 1 << chance.randrange(8)
        assert outcome(home, bytes(flipped), before) == "damaged", f"byte {place}"


def test_every_byte_of_the_first_bytes_counts(kept: tuple[Path, bytes, tuple[Any, ...]]) -> None:
    home, content, before = kept
    for place in [*range(32), *range(PAGE - 80, PAGE, 8)]:
        flipped = bytearray(content)
        flipped[place] ^= 0x10
        assert outcome(home, bytes(flipped), before) == "damaged", f"byte {place}"


def test_a_cut_anywhere_is_noticed(kept: tuple[Path, bytes, tuple[Any, ...]]) -> None:
    home, content, before = kept
    for length in [0, 1, 16, 100, *range(PAGE, len(content), 3 * PAGE), len(content) - 1]:
        assert outcome(home, content[:length], before) == "damaged", f"{length} bytes"


def test_swapped_doubled_and_blank_pages_are_noticed(kept: tuple[Path, bytes, tuple[Any, ...]]) -> None:
    home, content, before = kept
    pages = [content[start : start + PAGE] for start in range(0, len(content), PAGE)]
    chance = random.Random(11)
    changes: list[Callable[[list[bytes], int, int], None]] = [_swap, _double, _blank]
    for change in changes:
        for _ in range(8):
            first, second = chance.sample(range(len(pages)), 2)
            changed = list(pages)
            change(changed, first, second)
            assert outcome(home, b"".join(changed), before) == "damaged", (
                f"{change.__name__} {first} {second}"
            )


def test_bytes_added_at_the_end_do_no_harm(kept: tuple[Path, bytes, tuple[Any, ...]]) -> None:
    home, content, before = kept
    for tail in (b"\0" * PAGE, content[:PAGE], b"x"):
        assert outcome(home, content + tail, before) in {"same", "damaged"}


def test_a_damaged_journal_never_gives_wrong_text(home: Path) -> None:
    vault = make_vault(home)
    for number in range(6):
        with vault.write() as session:
            RecordStore(session).add([new(record(f"r{number}", title=f"LDL {number}"))])
    files = {path.name: path.read_bytes() for path in home.iterdir()}
    titles = {f"LDL {number}" for number in range(6)}
    vault.close()
    journal = next(name for name in files if name.endswith("-wal"))
    chance = random.Random(5)
    for _ in range(40):
        for name, content in files.items():
            if name.endswith("-shm"):
                (home / name).unlink(missing_ok=True)
            elif name == journal:
                flipped = bytearray(content)
                flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
                (home / name).write_bytes(flipped)
            else:
                (home / name).write_bytes(content)
        try:
            opened = unlock(home)
        except VaultDamaged:
            continue
        with opened.read() as session:
            found = {one.record.title for one in RecordStore(session).find(EVERYTHING, RecordQuery())}
        opened.close()
        assert found <= titles


def test_damage_under_an_open_vault_is_told_as_damage(home: Path) -> None:
    vault = make_vault(home)
    with vault.write() as session:
        RecordStore(session).add([new(record(f"r{n}", Category.NOTES, f"LDL {n}" * 50)) for n in range(200)])
    vault.close()
    vault = unlock(home)
    database = VaultPaths(home).database
    size = database.stat().st_size
    with database.open("r+b") as file:
        file.seek(3 * PAGE)
        file.write(bytes(size - 3 * PAGE))
    with pytest.raises(VaultDamaged), vault.read() as session:
        RecordStore(session).find(EVERYTHING, RecordQuery())
    checks = {check.name: check.ok for check in vault.check()}
    assert checks["keys"]
    assert not checks["records file"]
    vault.close()


def test_an_error_says_what_to_do(kept: tuple[Path, bytes, tuple[Any, ...]]) -> None:
    home, content, _ = kept
    VaultPaths(home).database.write_bytes(content[:-PAGE])
    with pytest.raises(ChartsideError) as raised:
        unlock(home)
    assert not isinstance(raised.value, StorageFailed)
    assert "restore" in raised.value.next_step


def _swap(pages: list[bytes], first: int, second: int) -> None:
    pages[first], pages[second] = pages[second], pages[first]


def _double(pages: list[bytes], first: int, second: int) -> None:
    pages[first] = pages[second]


def _blank(pages: list[bytes], first: int, second: int) -> None:
    pages[first] = bytes(PAGE)
