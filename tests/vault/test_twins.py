"""Two vaults that differ only in what is out of reach give the same records, in the same order."""

import random
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.records.model import Category, Element, Quantity, Value, ValueKind
from assistant.vault.query import Atom, NewRecord, Reach, RecordQuery
from assistant.vault.records import RecordStore
from assistant.vault.session import Session
from assistant.vault.vault import Vault
from tests.vault.helpers import make_vault, record

CATEGORIES = [Category.LABS, Category.MEDICATIONS, Category.CONDITIONS, Category.NOTES]
WORDS = ["ldl", "hdl", "met", "metformin", "diabetes", "hiv"]
SOURCES = ["s1", "s2"]
DAYS = ["", "2019-01-01", "2024-05-06", "2024-05-06"]

atoms = st.builds(
    Atom,
    st.sampled_from(CATEGORIES),
    source=st.none() | st.sampled_from(SOURCES),
    since=st.none() | st.sampled_from(DAYS[1:]),
    record=st.none() | st.sampled_from([f"r{n}" for n in range(4)]),
    labelled=st.booleans(),
)
plain_atoms = st.builds(Atom, st.sampled_from(CATEGORIES), labelled=st.booleans())
reaches = st.lists(plain_atoms | atoms, max_size=4).map(tuple)
lookups = st.builds(
    RecordQuery,
    words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(tuple),
    any_words=st.booleans(),
    limit=st.none() | st.integers(1, 3),
)
narrowed = st.builds(
    RecordQuery,
    categories=st.none() | st.lists(st.sampled_from(CATEGORIES), max_size=2).map(tuple),
    codes=st.lists(
        st.sampled_from([("http://loinc.org", "1-2"), ("http://loinc.org", "3-4")]), max_size=1
    ).map(tuple),
    words=st.lists(st.sampled_from(WORDS), max_size=3).map(tuple),
    any_words=st.booleans(),
    either=st.booleans(),
    prefix=st.booleans(),
    near=st.none() | st.tuples(st.sampled_from(["", *DAYS[1:]]), st.sampled_from(["", *DAYS[1:]])),
    since=st.none() | st.sampled_from(DAYS[1:]),
    until=st.none() | st.sampled_from(DAYS[1:]),
    events=st.none() | st.just(("e1",)),
    limit=st.none() | st.integers(0, 4),
    offset=st.integers(0, 2),
)
queries = lookups | narrowed
texts = st.dictionaries(
    st.sampled_from(CATEGORIES),
    st.tuples(
        st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join), st.sampled_from(["", "l1_2", "l3_4"])
    ),
    max_size=3,
)
rows = st.fixed_dictionaries(
    {
        "category": st.sampled_from(CATEGORIES),
        "title": st.sampled_from(["A", "B"]),
        "digits": st.sampled_from(["1", "2.0"]),
        "labels": st.sampled_from([(), ("HIV",)]),
        "event": st.sampled_from(["", "e1"]),
        "source": st.sampled_from(SOURCES),
        "day": st.sampled_from(DAYS),
        "texts": texts,
    }
)


def made(number: int, row: dict[str, Any]) -> NewRecord:
    kept = record(
        f"r{number}",
        row["category"],
        row["title"],
        value=Value(ValueKind.QUANTITY, Quantity(row["digits"])),
        labels=row["labels"],
        event=row["event"],
        elements=tuple(
            Element(category, "X.reason", "for", words) for category, (words, _) in row["texts"].items()
        ),
    )
    found_by = tuple((category, words, codes) for category, (words, codes) in row["texts"].items())
    day = row["day"]
    return NewRecord(kept, number, row["source"], f"{day}T00:00:00Z" if day else "", day, day, found_by)


def admitted(reach: Reach, new: NewRecord, category: Category) -> bool:
    """Whether this category of a record is in reach: the rule, said once more without SQL."""
    return any(
        atom.category is category
        and atom.source in (None, new.source)
        and (atom.since is None or new.first_day >= atom.since)
        and atom.record in (None, new.record.id)
        and (atom.labelled or atom.record is not None or not new.record.labels)
        for atom in reach
    )


def in_view(reach: Reach, new: NewRecord) -> NewRecord:
    """The record with only those texts and elements that are in reach."""
    shown = {category for category in CATEGORIES if admitted(reach, new, category)}
    elements = tuple(element for element in new.record.elements if element.category in shown)
    return msgspec.structs.replace(
        new,
        record=msgspec.structs.replace(new.record, elements=elements),
        texts=tuple(text for text in new.texts if text[0] in shown),
    )


def answers(
    session: Session, news: list[NewRecord], reach: Reach, query: RecordQuery, many: int
) -> tuple[Any, ...]:
    store = RecordStore(session, many, many)
    store.add(news)
    found = [stored.record.id for stored in store.find(reach, query)]
    return found, store.count(reach, query), store.counts(reach)


class _TakeBack(Exception):
    pass


def asked(
    vault: Vault, news: list[NewRecord], reach: Reach, query: RecordQuery, many: int = 2000
) -> tuple[Any, ...]:
    result: tuple[Any, ...] = ()
    with suppress(_TakeBack), vault.write() as session:
        result = answers(session, news, reach, query, many)
        raise _TakeBack
    return result


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    return make_vault(tmp_path_factory.mktemp("twins"))


@given(
    st.lists(rows, max_size=6),
    st.lists(rows, max_size=6),
    reaches,
    queries,
    st.randoms(use_true_random=False),
)
@settings(max_examples=150, deadline=None)
def test_what_is_out_of_reach_has_no_influence(
    shared: Vault,
    mine: list[dict[str, Any]],
    others: list[dict[str, Any]],
    reach: Reach,
    query: RecordQuery,
    chance: random.Random,
) -> None:
    first = [made(number, row) for number, row in enumerate(mine)]
    more = [made(number, row) for number, row in enumerate(others, 100)]
    visible = [in_view(reach, new) for new in first if admitted(reach, new, new.record.category)]
    hidden = [new for new in more if not admitted(reach, new, new.record.category)]
    twin = visible + hidden
    chance.shuffle(twin)
    many = chance.choice([1, 2, 2000])
    assert asked(shared, first, reach, query, many) == asked(shared, twin, reach, query, many)


@given(st.lists(rows, max_size=8), reaches, queries)
@settings(max_examples=150, deadline=None)
def test_what_is_found_is_what_a_plain_reading_of_the_rules_finds(
    shared: Vault, mine: list[dict[str, Any]], reach: Reach, query: RecordQuery
) -> None:
    news = [made(number, row) for number, row in enumerate(mine)]
    query = msgspec.structs.replace(query, limit=None, offset=0)
    expected = {
        new.record.id
        for new in news
        if admitted(reach, new, new.record.category) and matches(in_view(reach, new), query)
    }
    found, count, counts = asked(shared, news, reach, query)
    assert (set(found), count) == (expected, len(expected))
    assert asked(shared, news, reach, query, many=1) == (found, count, counts)


def matches(new: NewRecord, query: RecordQuery) -> bool:
    """Whether a record, as in view, is what the query asks for."""
    have = {word for _, words, _ in new.texts for word in words.split()}
    codes = {code for _, _, tokens in new.texts for code in tokens.split()}
    hits = [any(word.startswith(w) if query.prefix else word == w for word in have) for w in query.words]
    said = any(hits) if query.any_words else all(hits)
    coded = bool(codes & {f"l{code.replace('-', '_')}" for _, code in query.codes})
    return (
        (query.categories is None or new.record.category in query.categories)
        and found_by(query, said, coded)
        and (query.near is None or not new.first_day or touches(new, *query.near))
        and (query.since is None or new.first_day >= query.since)
        and (query.until is None or "" < new.last_day <= query.until)
        and (query.events is None or new.record.event in query.events)
    )


def found_by(query: RecordQuery, said: bool, coded: bool) -> bool:
    if query.codes and query.words and query.either and (query.any_words or len(query.words) == 1):
        return said or coded
    return (said or not query.words) and (coded or not query.codes)


def touches(new: NewRecord, since: str, until: str) -> bool:
    return (not until or new.first_day <= until) and new.last_day >= since
