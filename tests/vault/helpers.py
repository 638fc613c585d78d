"""A small vault for tests, quick to make: its passphrase is protected only as tests may."""

from pathlib import Path
from typing import Unpack

from assistant.records.model import Category, Record, Trust
from assistant.vault.kdf import TEST
from assistant.vault.opening import Opening
from assistant.vault.paths import VaultPaths
from assistant.vault.query import NewRecord
from assistant.vault.vault import Vault

PASSPHRASE = "three quiet lamps on a hill"


def make_vault(folder: Path, **options: Unpack[Opening]) -> Vault:
    """A new, empty, open vault in `folder`."""
    merged: Opening = {"allow_test_kdf": True, **options}
    vault, _ = Vault.create(VaultPaths(folder), PASSPHRASE, cost=TEST, **merged)
    return vault


def unlock(folder: Path, passphrase: str = PASSPHRASE, **options: Unpack[Opening]) -> Vault:
    """The vault that `make_vault` made in `folder`, opened again."""
    merged: Opening = {"allow_test_kdf": True, **options}
    return Vault.unlock(VaultPaths(folder), passphrase, **merged)


def record(id: str, category: Category = Category.LABS, title: str = "LDL", **rest: object) -> Record:  # noqa: A002
    """An invented record; `rest` sets other members."""
    members = {"kind": "Observation", "status": "final", "trust": Trust.FACT, **rest}
    return Record(id=id, category=category, title=title, **members)  # type: ignore[arg-type]


def new(
    kept: Record,
    *texts: tuple[Category, str, str],
    raw: int = 1,
    source: str = "s1",
    day: str = "2024-05-06",
) -> NewRecord:
    """The record as it is added, with the texts to find it by (its title, if none are given)."""
    found_by = texts or ((kept.category, kept.title.lower(), ""),)
    return NewRecord(kept, raw, source, f"{day}T00:00:00Z" if day else "", day, day, found_by)
