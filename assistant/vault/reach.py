"""From a reach and a query to SQL. Every statement that reads records for someone takes its limits from here.

A record is in reach when an atom of its own category covers it. A word or code counts when the text it stands
in belongs to a category that is in reach for that record. Nothing else of the vault has any influence.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from assistant.records.model import Category
from assistant.records.words import code_token
from assistant.vault.query import Reach, RecordQuery
from assistant.vault.rows import Values, listed

POSITION = {category: position for position, category in enumerate(Category)}
TEXT_BITS = 4
"""A text's row number is its record's, shifted by this, plus the position of the text's category."""

_NEVER = "9999-99-99"
"""After every day."""
_TOKEN = re.compile(r"\w+")
_WITH_TEXT = f"""r.n IN (SELECT rowid >> {TEXT_BITS} FROM record_text
    WHERE record_text MATCH ? AND (? >> (rowid & {(1 << TEXT_BITS) - 1})) & 1)"""


class Sql(NamedTuple):
    """A piece of SQL with the values for its question marks, in order."""

    text: str
    values: Values = ()


class _Group(NamedTuple):
    """Some categories, and what a record must be for them to be in reach."""

    categories: frozenset[Category]
    inside: Sql


def wanted(reach: Reach, query: RecordQuery, *, common: bool = False) -> Sql:
    """FROM and WHERE for the records `r` that are in reach and that the query asks for.

    With `common`, all that is looked for stands in many texts: then going through the records in order is
    cheaper than fetching each. It makes no other difference.
    """
    groups = _groups(reach)
    texts, named = expressions(query), _named(query)
    found_by_index = bool(named or (texts and not common))
    pieces = [*_own(groups, query, found_by_index), *named, *_narrowed(query)]
    everywhere = frozenset(category for group in groups for category in group.categories)
    for text in texts:
        hits = [_all([_with_text(text, group.categories), group.inside]) for group in groups]
        pieces += [_any(hits), _with_text(text, everywhere)] if len(groups) > 1 else [_any(hits)]
    where = _all(pieces)
    order = "" if found_by_index else " INDEXED BY record_order"
    return Sql(f"FROM record r{order} WHERE {where.text}", where.values)


def _own(groups: Sequence[_Group], query: RecordQuery, found_by_index: bool) -> list[Sql]:
    """That the record's own category is one the query asks for, and lets it be reached."""
    asked = frozenset(Category if query.categories is None else query.categories)
    reached = frozenset(category for group in groups for category in group.categories)
    own = [_all([_in(group.categories & asked, found_by_index=True), group.inside]) for group in groups]
    return [_in(reached & asked, found_by_index), _any(own)]


def in_reach(reach: Reach) -> Sql:
    """FROM and WHERE for all records `r` in reach."""
    return wanted(reach, RecordQuery())


def _groups(reach: Reach) -> list[_Group]:
    stretches: defaultdict[tuple[str | None, str | None, bool], set[Category]] = defaultdict(set)
    records: defaultdict[tuple[str | None, str | None, str], set[Category]] = defaultdict(set)
    for atom in reach:
        if atom.record is None:
            stretches[atom.source, atom.since, atom.labelled].add(atom.category)
        else:
            records[atom.source, atom.since, atom.record].add(atom.category)
    alike: defaultdict[tuple[str | None, str | None, frozenset[Category]], list[str]] = defaultdict(list)
    for (source, since, record), categories in records.items():
        alike[source, since, frozenset(categories)].append(record)
    found = [
        _Group(
            frozenset(categories),
            _all(_inside(source, since) + ([] if labelled else [Sql("r.labelled = 0")])),
        )
        for (source, since, labelled), categories in stretches.items()
    ]
    for (source, since, together), ids in alike.items():
        found.append(_Group(together, _all([*_inside(source, since), _listed("id", ids)])))
    return found


def _inside(source: str | None, since: str | None) -> list[Sql]:
    pieces = [] if source is None else [Sql("r.source = ?", (source,))]
    return pieces if since is None else [*pieces, _from(since)]


def _named(query: RecordQuery) -> list[Sql]:
    """What a query asks for by a name that has an index."""
    pieces = [] if query.ids is None else [_listed("id", query.ids)]
    if query.events is not None:
        pieces += [_listed("event", query.events), Sql("r.event <> ''")]
    if query.series is not None:
        pieces += [_listed("series", query.series), Sql("r.series <> ''")]
    return pieces


def _narrowed(query: RecordQuery) -> list[Sql]:
    """What a query asks for besides."""
    pieces = []
    if query.since is not None:
        pieces.append(_from(query.since))
    if query.until is not None:
        pieces.append(Sql("(r.last_day <= ? AND r.last_day <> '')", (query.until,)))
    if query.near is not None:
        since, until = query.near
        within = "r.first_day <= ? AND r.last_day >= ?"
        pieces.append(Sql(f"(r.first_day = '' OR ({within}))", (until or _NEVER, since)))
    if query.without:
        pieces.append(Sql("r.id NOT IN (SELECT value FROM json_each(?))", (listed(query.without),)))
    if query.kinds is not None:
        pieces.append(_listed("kind", query.kinds))
    if query.words and not _tokens(query):
        pieces.append(Sql("0"))
    return pieces


def expressions(query: RecordQuery) -> list[str]:
    """FTS5 expressions, each of which must match some text of the record that is in reach."""
    star = " *" if query.prefix else ""
    words = [f'words : "{token}"{star}' for token in dict.fromkeys(_tokens(query))]
    if query.any_words and words:
        words = [" OR ".join(words)]
    tokens = dict.fromkeys(code_token(system, code) for system, code in query.codes)
    codes = [" OR ".join(f'codes : "{token}"' for token in tokens)] if tokens else []
    return [" OR ".join([*words, *codes])] if query.either and len(words) == 1 and codes else [*words, *codes]


def _tokens(query: RecordQuery) -> list[str]:
    return [token for word in query.words for token in _TOKEN.findall(word)]


def _with_text(expression: str, categories: Iterable[Category]) -> Sql:
    return Sql(_WITH_TEXT, (expression, sum(1 << POSITION[category] for category in categories)))


def _in(categories: Iterable[Category], found_by_index: bool) -> Sql:
    """The plus keeps SQLite from walking whole categories where a better index is at hand."""
    numbers = ", ".join(str(number) for number in sorted({POSITION[category] for category in categories}))
    return Sql(f"{'+' if found_by_index else ''}r.category IN ({numbers})")


def _from(since: str) -> Sql:
    return Sql("(r.first_day >= ? AND r.first_day <> '')", (since,))


def _listed(column: str, values: Iterable[str]) -> Sql:
    return Sql(f"r.{column} IN (SELECT value FROM json_each(?))", (listed(values),))


def _all(pieces: Sequence[Sql]) -> Sql:
    return _joined(pieces, " AND ", "1")


def _any(pieces: Sequence[Sql]) -> Sql:
    return _joined(pieces, " OR ", "0")


def _joined(pieces: Sequence[Sql], word: str, empty: str) -> Sql:
    if not pieces:
        return Sql(empty)
    text = word.join(piece.text for piece in pieces)
    return Sql(f"({text})", tuple(value for piece in pieces for value in piece.values))
