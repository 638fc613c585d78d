"""What a reader finds depends on what it may see, not on which other sources the vault holds."""

from pathlib import Path

from assistant.records.model import Category
from assistant.sharing.reader import SharedReader
from assistant.vault.query import Atom, RecordQuery
from assistant.vault.records import RecordStore
from tests.fakes import small
from tests.invariants.twins import Side


def titles_found(home: Path, *, other_source: bool) -> list[str]:
    side = Side(home)
    twice = [
        small.observation("o1", ("2339-0", "Blood sugar"), 90, "mg/dL", "2026-01-01T08:00:00Z"),
        small.observation("o2", ("2339-0", "Glucose"), 90, "mg/dL", "2026-01-01T08:00:00Z"),
    ]
    side.bring("mercy", twice)
    if other_source:
        side.bring("clinic", [small.visit("v1", "Office visit", "2020-01-01")])
    with side.house.vault.read() as session:
        reader = SharedReader(RecordStore(session), (Atom(Category.LABS),))
        found = [record.title for record in reader.find(RecordQuery(words=("sugar",)))]
    side.close()
    return found


def test_a_hidden_source_brings_nothing_in(tmp_path: Path) -> None:
    alone = titles_found(tmp_path / "alone", other_source=False)
    assert alone == titles_found(tmp_path / "beside", other_source=True) == ["Blood sugar"]
