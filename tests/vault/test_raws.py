"""The exact bytes of resources: kept, replaced by newer ones, and in force again after an undo."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.vault.raws import NewRaw, RawStore
from assistant.vault.session import Session
from assistant.vault.vault import Vault
from tests.vault.helpers import make_vault


def raw(
    rid: str | None, body: bytes = b"{}", *, run: int = 1, source: str = "s1", state: str = "record"
) -> NewRaw:
    return NewRaw(
        source=source,
        run=run,
        part="file.json",
        at="entry 1",
        format="fhir-r4-json",
        type="Observation",
        rid=rid,
        full_url=f"urn:uuid:{rid}",
        person="p1",
        state=state,
        digest=hashlib.sha256(body).digest(),
        body=body,
    )


def test_bytes_come_back_exactly(vault: Vault) -> None:
    body = bytes(range(256)) + '{"value": 5.40, "µ": "é"}'.encode()
    with vault.write() as session:
        numbers = RawStore(session).add([raw("a", body), raw("b")])
    with vault.read() as session:
        kept = RawStore(session).get(numbers[0])
    assert kept is not None
    assert (kept.body, kept.rid, kept.current, kept.why, kept.validation) == (body, "a", True, "", None)
    assert kept.digest == hashlib.sha256(body).digest()


def test_only_the_version_in_force_is_found(vault: Vault) -> None:
    with vault.write() as session:
        store = RawStore(session)
        first = store.add([raw("a", b"1"), raw("b", b"2")])
        store.set_current([first[0]], False)
        second = store.add([raw("a", b"3", run=2), raw("a", b"3", source="s2")])
        known = store.current("s1", [("Observation", "a"), ("Observation", "b"), ("Condition", "a")])
        assert {key: value.n for key, value in known.items()} == {
            ("Observation", "a"): second[0],
            ("Observation", "b"): first[1],
        }
        assert [found.n for found in store.of_source("s1")] == [first[1], second[0]]
        assert [found.n for found in store.of_source("s1", current=False)] == [*first, second[0]]
        assert [found.n for found in store.of_run(2)] == [second[0]]
        named = store.named("s1", "Observation", "a")
        assert named is not None
        assert named.body == b"3"
        assert store.named("s1", "Observation", "zzz") is None


def test_what_is_set_aside_is_listed_until_released(vault: Vault) -> None:
    with vault.write() as session:
        store = RawStore(session)
        numbers = store.add([raw("a", state="set_aside"), raw("b"), raw("c", state="set_aside")])
        store.set_state([numbers[2]], "released", "the patient says so")
        assert [kept.rid for kept in store.set_aside()] == ["a"]
        kept = store.get(numbers[2])
        assert kept is not None
        assert (kept.state, kept.why) == ("released", "the patient says so")
        store.set_validation(numbers[1], b"[]")
        assert [one.validation for one in store.many(numbers)] == [None, b"[]", None]


def bring(session: Session, run: int, versions: dict[str, bytes]) -> None:
    """An import as it happens: what is new replaces what was in force."""
    store = RawStore(session)
    known = store.current("s1", [("Observation", rid) for rid in versions])
    fresh = {
        rid: body
        for rid, body in versions.items()
        if ("Observation", rid) not in known
        or known["Observation", rid].digest != hashlib.sha256(body).digest()
    }
    store.set_current([known["Observation", rid].n for rid in fresh if ("Observation", rid) in known], False)
    store.add([raw(rid, body, run=run) for rid, body in fresh.items()])


def in_force(session: Session) -> dict[str | None, bytes]:
    store = RawStore(session)
    return {kept.rid: kept.body for kept in store.many(known.n for known in store.of_source("s1"))}


versions = st.dictionaries(st.sampled_from("abc"), st.sampled_from([b"1", b"2", b"3"]), max_size=3)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    return make_vault(tmp_path_factory.mktemp("raws"))


@given(st.lists(versions, min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_taking_back_imports_from_the_last_gives_what_was_there_before(
    shared: Vault, imports: list[dict[str, bytes]]
) -> None:
    with shared.write() as session:
        store = RawStore(session)
        states = [in_force(session)]
        for run, brought in enumerate(imports, 1):
            bring(session, run, brought)
            states.append(in_force(session))
        for run in range(len(imports), 0, -1):
            before = in_force(session)
            undone = store.remove_run(run)
            assert in_force(session) == states[run - 1]
            changed = {rid for rid, body in before.items() if states[run - 1].get(rid, body) != body}
            assert {kept.rid for kept in store.many(undone.restored)} == changed


def test_taking_back_an_earlier_import_keeps_later_versions(vault: Vault) -> None:
    with vault.write() as session:
        bring(session, 1, {"a": b"1", "b": b"1"})
        bring(session, 2, {"a": b"2"})
        undone = RawStore(session).remove_run(1)
        assert in_force(session) == {"a": b"2"}
        assert len(undone.removed) == 2
        assert undone.restored == ()
