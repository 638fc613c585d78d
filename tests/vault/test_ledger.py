"""The ledger: any edit, gap, reorder or cut shows."""

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.vault.ledger import Ledger, Verification, chain
from assistant.vault.meta import MetaStore
from assistant.vault.rows import Rows
from assistant.vault.session import Session
from assistant.vault.vault import Vault
from tests.vault.helpers import make_vault

LINES = 9
COLUMNS = ("seq", "at", "kind", "destination", "sha256", "items", "outcome", "detail", "prev", "hash")


def fill(session: Session, lines: int = LINES) -> None:
    ledger = Ledger(session)
    for number in range(lines):
        ledger.append(
            "share" if number % 2 else "intent",
            at=f"2026-02-03T10:15:{number:02}Z",
            destination="claude" if number % 3 else None,
            sha256=f"{number:064x}" if number % 2 else None,
            items=number if number % 4 else None,
            outcome="done",
            detail={"labs": number, "é": "µ"},
        )


class _TakeBack(Exception):
    pass


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    """One vault with lines; tests change it in transactions that they take back."""
    vault = make_vault(tmp_path_factory.mktemp("ledger"))
    with vault.write() as session:
        fill(session)
    return vault


def after(vault: Vault, change: Callable[[Session], object]) -> Verification:
    """What `verify` finds after a change, which is taken back."""
    found = []
    with suppress(_TakeBack), vault.write() as session:
        change(session)
        found.append(Ledger(session).verify())
        raise _TakeBack
    return found[0]


def test_a_ledger_as_written_is_whole(shared: Vault) -> None:
    with shared.read() as session:
        found = Ledger(session).verify()
        entries = Ledger(session).entries()
    assert found == Verification(True, LINES + 1)
    assert [entry.seq for entry in entries] == list(range(1, LINES + 2))
    assert all(re.fullmatch("[0-9a-f]{64}", entry.hash) for entry in entries)


def test_the_latest_lines_come_in_order(shared: Vault) -> None:
    with shared.read() as session:
        assert [entry.seq for entry in Ledger(session).entries(limit=3)] == [LINES - 1, LINES, LINES + 1]


@given(line=st.integers(1, LINES + 1), column=st.sampled_from(COLUMNS), data=st.data())
@settings(max_examples=150, deadline=None)
def test_any_edit_shows_where_it_is(shared: Vault, line: int, column: str, data: st.DataObject) -> None:
    value = data.draw(st.none() | st.integers(0, 99) | st.text(max_size=5) | st.just("0" * 64))
    if value is None and column in {"at", "kind", "detail", "prev", "hash"}:
        value = "none"
    if column == "seq":
        value = data.draw(st.integers(-5, 0) | st.integers(LINES + 2, 99))

    def edit(session: Session) -> None:
        rows = Rows(session)
        before = rows.one(f"SELECT {column} FROM ledger WHERE seq = ?", (line,))
        rows.run(f"UPDATE ledger SET {column} = ? WHERE seq = ?", (value, line))
        changed = value if column == "seq" else line
        same = rows.one(f"SELECT {column} IS ? FROM ledger WHERE seq = ?", (before, changed))
        if same:
            rows.run(f"UPDATE ledger SET {column} = 'other' WHERE seq = ?", (line,))

    found = after(shared, edit)
    assert not found.ok
    assert found.first_bad is not None
    assert found.first_bad <= line


@given(first=st.integers(1, LINES + 1), count=st.integers(1, LINES + 1))
@settings(max_examples=60, deadline=None)
def test_any_gap_and_any_cut_end_shows(shared: Vault, first: int, count: int) -> None:
    found = after(
        shared,
        lambda session: Rows(session).run(
            "DELETE FROM ledger WHERE seq >= ? AND seq < ?", (first, first + count)
        ),
    )
    assert not found.ok
    assert found.first_bad == first


@given(order=st.permutations(range(1, LINES + 2)))
@settings(max_examples=60, deadline=None)
def test_any_other_order_shows(shared: Vault, order: list[int]) -> None:
    if order == sorted(order):
        return

    def reorder(session: Session) -> None:
        rows = Rows(session)
        rows.run("UPDATE ledger SET seq = -seq")
        for now, then in enumerate(order, 1):
            rows.run("UPDATE ledger SET seq = ? WHERE seq = ?", (now, -then))

    assert not after(shared, reorder).ok


@given(line=st.integers(1, LINES))
@settings(max_examples=20, deadline=None)
def test_a_line_rewritten_with_a_fitting_hash_shows_in_the_next(shared: Vault, line: int) -> None:
    def rewrite(session: Session) -> None:
        rows = Rows(session)
        rows.run("UPDATE ledger SET outcome = 'other' WHERE seq = ?", (line,))
        (row,) = rows.all(f"SELECT {', '.join(COLUMNS[:-1])} FROM ledger WHERE seq = ?", (line,))
        rows.run("UPDATE ledger SET hash = ? WHERE seq = ?", (chain(tuple(row)), line))

    assert after(shared, rewrite).first_bad == line + 1


@given(line=st.integers(1, LINES + 1))
@settings(max_examples=20, deadline=None)
def test_a_line_doubled_shows(shared: Vault, line: int) -> None:
    columns = ", ".join(COLUMNS[1:])
    found = after(
        shared,
        lambda session: Rows(session).run(
            f"INSERT INTO ledger (seq, {columns}) SELECT {LINES + 2}, {columns} FROM ledger WHERE seq = ?",
            (line,),
        ),
    )
    assert found == Verification(False, LINES + 2, LINES + 2)


@given(head=st.binary(max_size=70))
@settings(max_examples=40, deadline=None)
def test_another_head_shows(shared: Vault, head: bytes) -> None:
    assert not after(shared, lambda session: MetaStore(session).set("ledger_head", head)).ok


def test_a_lost_head_shows(shared: Vault) -> None:
    assert not after(shared, lambda session: MetaStore(session).remove("ledger_head")).ok


@given(
    kind=st.text(min_size=1, max_size=20),
    detail=st.dictionaries(st.text(max_size=5), st.text(max_size=5) | st.integers(0, 2**70), max_size=3),
)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_written_verifies(shared: Vault, kind: str, detail: dict[str, str | int]) -> None:
    clean = {key.encode("utf-8", "replace").decode(): value for key, value in detail.items()}
    written = after(
        shared,
        lambda session: Ledger(session).append(
            kind.encode("utf-8", "replace").decode(), at="2026-02-03T10:15:00Z", detail=clean
        ),
    )
    assert written == Verification(True, LINES + 2)


def test_lines_survive_and_go_on_after_opening_again(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    for _ in range(3):
        with vault.write() as session:
            fill(session, 2)
    with vault.read() as session:
        assert Ledger(session).verify() == Verification(True, 7)
    vault.close()
