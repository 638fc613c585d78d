"""Every older vault opens and says what it said; a newer one asks for an update and stays as it is."""

import shutil
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from assistant.errors import VaultClosed, VaultDamaged
from assistant.records.model import Category
from assistant.vault import tables
from assistant.vault.chats import ChatStore
from assistant.vault.grants import GrantStore
from assistant.vault.ledger import Ledger
from assistant.vault.meta import MetaStore
from assistant.vault.migrations import CURRENT
from assistant.vault.paths import VaultPaths
from assistant.vault.query import EVERYTHING, RecordQuery
from assistant.vault.raws import RawStore
from assistant.vault.records import RecordStore
from assistant.vault.rows import Rows
from assistant.vault.runs import RunStore
from assistant.vault.sources import SourceStore
from assistant.vault.vault import Vault
from assistant.vault.visits import VisitStore
from tests.vault import freeze
from tests.vault.helpers import unlock

VERSIONS = sorted(folder.name for folder in freeze.FROZEN.iterdir())


@pytest.fixture(params=VERSIONS)
def frozen(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a frozen vault."""
    return Path(shutil.copytree(freeze.FROZEN / request.param, tmp_path / "home"))


def test_every_version_is_frozen() -> None:
    assert [f"v{number}" for number in range(1, CURRENT + 1)] == VERSIONS


def test_a_frozen_vault_opens_and_says_what_it_said(frozen: Path) -> None:
    vault = unlock(frozen, freeze.PASSPHRASE)
    with vault.read() as session:
        store = RecordStore(session)
        (lab, labelled) = store.find(EVERYTHING, RecordQuery())
        assert (lab.record.title, lab.source, labelled.record.labels) == ("Glucose", "s1", ("PSY",))
        assert lab.record.value is not None
        assert lab.record.value.quantity is not None
        assert lab.record.value.quantity.value == "5.40"
        for query in (
            RecordQuery(words=("prediabetes",)),
            RecordQuery(codes=(("http://loinc.org", "15074-8"),)),
            RecordQuery(events=("e1",)),
            RecordQuery(series=("glucose mmol/L",)),
            RecordQuery(since="2026-01-01", until="2026-01-31"),
        ):
            assert [one.record.id for one in store.find(EVERYTHING, query)] == ["r1"]
        assert store.counts(EVERYTHING) == {Category.LABS: 1, Category.CONDITIONS: 1}
        raw = RawStore(session).get(lab.raw)
        assert raw is not None
        assert raw.body == freeze.BODY
        assert [source.name for source in SourceStore(session).all()] == ["invented.json"]
        assert [run.id for run in RunStore(session).all()] == ["i1"]
        assert [row.destination for row in GrantStore(session).all()] == ["scripted"]
        assert [turn.answer for turn in ChatStore(session).turns("c1")] == ["5.40 mmol/L"]
        assert MetaStore(session).get("owner") == b"invented"
        assert [entry.kind for entry in Ledger(session).entries()] == ["vault made", "import", "unlock"]
    assert [check.name for check in vault.check() if not check.ok] == []
    vault.close()


def test_frozen_visit_sheets_say_what_they_said(tmp_path: Path) -> None:
    since = [name for name in VERSIONS if int(name[1:]) >= 4]
    assert since
    for name in since:
        vault = unlock(Path(shutil.copytree(freeze.FROZEN / name, tmp_path / name)), freeze.PASSPHRASE)
        with vault.read() as session:
            (sheet,) = VisitStore(session).all()
        vault.close()
        assert [(line.part, line.body, line.records) for line in sheet.lines] == [
            ("question", b"Why?", ("r1",))
        ]


def test_a_frozen_vault_can_be_written_to_and_opened_again(frozen: Path) -> None:
    vault = unlock(frozen, freeze.PASSPHRASE)
    with vault.write() as session:
        freeze.fill_more(session)
        assert MetaStore(session).get("schema") == str(CURRENT).encode()
    vault.close()
    vault = unlock(frozen, freeze.PASSPHRASE)
    with vault.read() as session:
        assert RecordStore(session).count(EVERYTHING, RecordQuery(words=("glucose",))) == 2
    vault.close()


def set_schema(vault: Vault, version: bytes | None) -> None:
    with vault.write() as session:
        meta = MetaStore(session)
        meta.remove("schema") if version is None else meta.set("schema", version)
    vault.close()


def test_a_newer_schema_asks_for_an_update_and_changes_nothing(home: Path, vault: Vault) -> None:
    set_schema(vault, str(CURRENT + 1).encode())
    before = VaultPaths(home).database.read_bytes()
    with pytest.raises(VaultClosed, match="newer version"):
        unlock(home)
    assert VaultPaths(home).database.read_bytes() == before


def test_no_schema_at_all_is_damage(home: Path, vault: Vault) -> None:
    set_schema(vault, None)
    with pytest.raises(VaultDamaged):
        unlock(home)


def test_the_tables_are_what_the_models_say(vault: Vault) -> None:
    assert tables.Meta.metadata is SQLModel.metadata
    with vault.read() as session:
        for name, table in SQLModel.metadata.tables.items():
            built = {
                row[1]: bool(row[3]) or bool(row[5])
                for row in Rows(session).all(f"SELECT * FROM pragma_table_info('{name}')")
            }
            assert built == {column.name: not column.nullable for column in table.columns}, name
