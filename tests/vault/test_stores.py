"""The small stores: sources, imports, grants, chats, single values."""

from contextlib import suppress

import pytest

from assistant.errors import StorageFailed, UsageError
from assistant.vault.chats import ChatStore
from assistant.vault.grants import GrantStore
from assistant.vault.meta import MetaStore
from assistant.vault.runs import RunStore
from assistant.vault.sources import SourceStore
from assistant.vault.tables import GrantRow, Source
from assistant.vault.vault import Vault

AT = "2026-02-03T10:15:00Z"
LATER = "2026-02-04T10:15:00Z"


def test_a_source_is_kept_changed_and_dropped(vault: Vault) -> None:
    with vault.write() as session:
        store = SourceStore(session)
        store.put(Source(id="s2", kind="file", key="/b", name="b", state="working"))
        store.put(Source(id="s1", kind="file", key="/a", name="a", state="never worked"))
    with vault.write() as session:
        store = SourceStore(session)
        store.put(
            Source(id="s1", kind="file", key="/a", name="a", state="working", last_success=AT, cursor="c1")
        )
    with vault.write() as session:
        store = SourceStore(session)
        assert [source.id for source in store.all()] == ["s1", "s2"]
        found = store.by_key("file", "/a")
        assert found is not None
        assert (found.state, found.last_success, found.cursor, found.detail) == ("working", AT, "c1", "")
        store.remove("s1")
        assert store.get("s1") is None
        assert store.by_key("file", "/a") is None


def test_runs_are_numbered_and_can_be_undone(vault: Vault) -> None:
    with vault.write() as session:
        store = RunStore(session)
        numbers = [store.start(run, at=AT) for run in ("i1", "i2")]
        assert numbers == sorted(set(numbers))
        store.set_state("i2", "undone")
        assert [(run.id, run.state) for run in store.all()] == [("i1", "done"), ("i2", "undone")]
        assert store.get("i3") is None


def test_grants_are_added_and_taken_back(vault: Vault) -> None:
    with vault.write() as session:
        store = GrantStore(session)
        for destination, category in (("claude", "labs"), ("local", "labs"), ("claude", "notes")):
            store.add(GrantRow(destination=destination, category=category))
    with vault.write() as session:
        store = GrantStore(session)
        assert [(row.destination, row.category) for row in store.all()] == [
            ("claude", "labs"),
            ("local", "labs"),
            ("claude", "notes"),
        ]
        store.remove([row.n for row in store.of("claude") if row.category == "notes" and row.n is not None])
        assert [row.category for row in store.of("claude")] == ["labs"]
        assert store.clear() == 2
        assert store.all() == []


def test_a_chat_keeps_its_turns_in_order(vault: Vault) -> None:
    with vault.write() as session:
        store = ChatStore(session)
        older = store.create("LDL", at=AT).id
        newer = store.create("Sleep", at=AT).id
        turn = store.add_turn(older, question="How is my LDL?", destination="offline", at=LATER)
        store.add_turn(older, question="And now?", destination="offline", at=LATER)
        store.update_turn(turn, state="answered", answer="96 mg/dL", checks=b"[]")
        store.rename(newer, "My sleep")
    with vault.read() as session:
        store = ChatStore(session)
        assert [(chat.title, chat.updated) for chat in store.all()] == [("LDL", LATER), ("My sleep", AT)]
        turns = store.turns(older)
    assert [(one.question, one.state, one.answer) for one in turns] == [
        ("How is my LDL?", "answered", "96 mg/dL"),
        ("And now?", "asked", ""),
    ]


def test_a_deleted_chat_takes_its_turns_along(vault: Vault) -> None:
    with vault.write() as session:
        store = ChatStore(session)
        chat = store.create("LDL", at=AT).id
        turn = store.add_turn(chat, question="?", destination="offline", at=AT)
        store.delete(chat)
        assert store.get(chat) is None
        assert store.turns(chat) == []
        with pytest.raises(UsageError):
            store.update_turn(turn, state="answered")
        with pytest.raises(UsageError):
            store.add_turn(chat, question="?", destination="offline", at=AT)
        with pytest.raises(UsageError):
            store.rename(chat, "x")
        store.delete(chat)


def test_single_values_are_replaced_and_removed(vault: Vault) -> None:
    with vault.write() as session:
        store = MetaStore(session)
        assert store.get("owner") is None
        store.set("owner", b"\x00\xff")
        store.set("owner", b"new")
        assert store.get("owner") == b"new"
        store.remove("owner")
        store.remove("owner")
        assert store.get("owner") is None


def test_what_raises_inside_a_write_is_undone_whole(vault: Vault) -> None:
    with suppress(UsageError), vault.write() as session:
        MetaStore(session).set("owner", b"x")
        ChatStore(session).rename("no such chat", "x")
    with vault.read() as session:
        assert MetaStore(session).get("owner") is None


def test_a_reading_session_can_not_write(vault: Vault) -> None:
    with pytest.raises(StorageFailed), vault.read() as session:
        MetaStore(session).set("owner", b"x")
    with vault.read() as session:
        assert MetaStore(session).get("owner") is None
