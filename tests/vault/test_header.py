"""The header file: any damage shows, and a cheaper protection than a real vault's is not taken."""

from pathlib import Path

import msgspec
import pytest

from assistant.errors import NoVault, UsageError, VaultClosed, VaultDamaged, WrongPassphrase
from assistant.vault import header as headers
from assistant.vault.kdf import STANDARD, KdfCost, check_passphrase
from assistant.vault.paths import VaultPaths
from assistant.vault.vault import Vault
from tests.vault.helpers import PASSPHRASE, make_vault, unlock


@pytest.fixture
def header_file(home: Path) -> Path:
    make_vault(home).close()
    return VaultPaths(home).header


def changed(file: Path, **members: object) -> None:
    """Write the header anew with other members and a right sum, as an attacker could."""
    header = headers.read_header(file)
    headers.write_header(file, msgspec.structs.replace(header, **members))


def test_every_flipped_byte_is_damage_and_never_a_wrong_passphrase(header_file: Path) -> None:
    whole = header_file.read_bytes()
    for place in range(len(whole)):
        for bit in (0x01, 0x20, 0x80):
            content = bytearray(whole)
            content[place] ^= bit
            with pytest.raises(VaultDamaged):
                headers.decode(bytes(content))


def test_every_cut_and_every_addition_is_damage(header_file: Path) -> None:
    whole = header_file.read_bytes()
    for length in range(len(whole)):
        with pytest.raises(VaultDamaged):
            headers.decode(whole[:length])
    for tail in (b"\n", b" ", whole):
        with pytest.raises(VaultDamaged):
            headers.decode(whole + tail)


def test_damage_is_told_apart_from_a_wrong_passphrase(home: Path, header_file: Path) -> None:
    with pytest.raises(WrongPassphrase):
        unlock(home, "not the right passphrase")
    content = bytearray(header_file.read_bytes())
    content[len(content) // 2] ^= 1
    header_file.write_bytes(content)
    with pytest.raises(VaultDamaged):
        unlock(home)
    with pytest.raises(VaultDamaged):
        unlock(home, "not the right passphrase")


def test_a_vault_with_test_protection_needs_the_callers_word(home: Path, header_file: Path) -> None:
    with pytest.raises(VaultDamaged):
        Vault.unlock(VaultPaths(home), PASSPHRASE)
    unlock(home).close()


@pytest.mark.parametrize(
    "cost",
    [
        KdfCost(64 * 1024 - 1, 3, 4),
        KdfCost(64 * 1024, 2, 4),
        KdfCost(1 << 40, 3, 4),
        KdfCost(0, 0, 0),
        KdfCost(-1, 3, 4),
    ],
)
def test_a_cost_below_or_far_above_a_real_vaults_is_refused(
    home: Path, header_file: Path, cost: KdfCost
) -> None:
    header = headers.read_header(header_file)
    slot = header.slot("passphrase")
    assert slot is not None
    changed(header_file, profile="standard", slots=(msgspec.structs.replace(slot, cost=cost),))
    with pytest.raises(VaultDamaged):
        unlock(home)


def test_a_changed_cost_does_not_open(home: Path, header_file: Path) -> None:
    header = headers.read_header(header_file)
    slot = header.slot("passphrase")
    assert slot is not None
    assert slot.cost is not None
    cost = msgspec.structs.replace(slot.cost, t=slot.cost.t + 1)
    changed(header_file, slots=(msgspec.structs.replace(slot, cost=cost),))
    with pytest.raises(WrongPassphrase):
        unlock(home)


def test_what_real_vaults_use_is_strong_enough() -> None:
    assert STANDARD.m_kib >= 64 * 1024
    assert STANDARD.t >= 3
    assert STANDARD.strong_enough()


def test_a_slot_of_another_vault_does_not_open(tmp_path: Path, home: Path, header_file: Path) -> None:
    make_vault(tmp_path / "other").close()
    other = headers.read_header(VaultPaths(tmp_path / "other").header)
    changed(header_file, slots=other.slots)
    with pytest.raises(WrongPassphrase):
        unlock(home)


def test_a_wrong_key_check_is_damage(home: Path, header_file: Path) -> None:
    changed(header_file, check="00" * 32)
    with pytest.raises(VaultDamaged):
        unlock(home)


@pytest.mark.parametrize("member", ["salt", "nonce", "wrapped"])
@pytest.mark.parametrize("text", ["", "zz", "00", "é"])
def test_a_malformed_slot_is_damage(home: Path, header_file: Path, member: str, text: str) -> None:
    header = headers.read_header(header_file)
    slot = msgspec.structs.replace(header.slots[0], **{member: text})
    changed(header_file, slots=(slot,))
    with pytest.raises(VaultDamaged):
        unlock(home)


def test_a_newer_header_asks_for_an_update(home: Path, header_file: Path) -> None:
    changed(header_file, version=headers.VERSION + 1)
    with pytest.raises(VaultClosed, match="newer version") as raised:
        unlock(home)
    assert not isinstance(raised.value, WrongPassphrase | NoVault)


def test_no_header_is_no_vault(tmp_path: Path) -> None:
    with pytest.raises(NoVault):
        unlock(tmp_path)


def test_records_without_their_keys_are_not_made_over(home: Path, header_file: Path) -> None:
    header_file.unlink()
    with pytest.raises(VaultDamaged):
        make_vault(home)
    assert VaultPaths(home).database.exists()


@pytest.mark.parametrize("short", ["", "sevench", " five  "])
def test_a_short_passphrase_is_refused(short: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        check_passphrase(short)
    with pytest.raises(UsageError):
        Vault.create(VaultPaths(tmp_path / "x"), short)
    assert not (tmp_path / "x").exists()
