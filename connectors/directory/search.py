"""Find a provider while its name is typed.

Every word typed is the beginning of one in the list. Best are the same name, then names that begin so, names
that hold all words, then other names, then places; brands before facilities. The file numbers providers by
rank, so the first matches that the index gives are the best, and a letter that fits 20,000 costs little more
than one that fits 20.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from connectors.directory.fold import fold, words
from connectors.directory.index import About, abouts, connect, decoded, texts
from connectors.directory.merge import name_key
from connectors.directory.model import Hint, Listed, Seen
from connectors.directory.spelling import near

MOST_CHARACTERS = 200
MOST_WORDS = 12
DEFAULT_LIMIT = 20
MOST_RESULTS = 500

_WIDE = 200
"""How many matches are ranked one by one. Where there are more, each better kind is asked for on its own."""

_SELECT = "SELECT p.n, p.id, p.key, p.body FROM provider p "
_MATCH = "JOIN text ON text.rowid = p.n WHERE text MATCH ? ORDER BY text.rowid LIMIT ?"


class Match(NamedTuple):
    """A provider that fits, with its id."""

    id: str
    provider: Listed


class _Row(NamedTuple):
    n: int
    id: str
    key: str
    body: bytes


class Directory:
    """The directory file, open for reading. Close it when done; a newer file is seen by opening again."""

    def __init__(self, path: Path) -> None:
        """Open it.

        Raises:
            SourceUnreadable: it is damaged, or of another version of this program.
        """
        self._db = connect(path)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def lists(self) -> list[About]:
        """The lists that it holds."""
        return abouts(self._db)

    def get(self, provider_id: str) -> Listed | None:
        """The provider of an id that a search gave."""
        row = self._db.execute("SELECT body FROM provider WHERE id = ?", (provider_id,)).fetchone()
        return decoded(row[0]) if row else None

    def search(self, text: str, limit: int = DEFAULT_LIMIT) -> list[Match]:
        """The best matches for what has been typed so far. Nothing of it is kept."""
        text = text[:MOST_CHARACTERS]
        typed = words(text)[:MOST_WORDS]
        limit = min(limit, MOST_RESULTS)
        if not typed or limit < 1:
            return []
        found = self._found(text, [[word] for word in typed], limit)
        if not found:
            spelled = near(typed, self._is_word)
            found = self._found(text, spelled, limit) if spelled else []
        return found

    def hints(self, seen: Iterable[Seen], limit: int = 10) -> list[Hint]:
        """Providers that the patient's records name, in the records' order: "you were seen at ...".

        A name has to be the same but for spelling; where several have it, those in the same place, else none
        beyond three.
        """
        hints: dict[str, Hint] = {}
        for one in seen:
            same = self._named(one.name)
            near_by = [match for match in same if _is_in(match.provider, one)]
            for match in (near_by or (same if len(same) <= 3 else []))[:limit]:
                hints.setdefault(match.id, Hint(match.provider, one.name))
        return list(hints.values())[:limit]

    def _named(self, name: str) -> list[Match]:
        typed = words(name[:MOST_CHARACTERS])[:MOST_WORDS]
        if not typed:
            return []
        wanted = " ".join(typed)
        return [
            match
            for match in self._found(name, [[word] for word in typed], _WIDE)
            if wanted in _names(match.provider)
        ]

    def _found(self, text: str, typed: Sequence[Sequence[str]], limit: int) -> list[Match]:
        """`typed` has for each word of `text` the ways to read it."""
        key = name_key(text)
        rows = self._rows(_all_of(typed), max(_WIDE, limit))
        if len(rows) >= max(_WIDE, limit):
            rows += self._same_name(key, limit)
            rows += self._rows(f'name : ^ "{fold(text)}" *', limit)
            rows += self._rows(f"name : ({_all_of(typed)})", limit)
        ranked = sorted(
            {row.n: row for row in rows}.values(), key=lambda row: (_kind(row, key, typed), row.n)
        )
        return [Match(row.id, decoded(row.body)) for row in ranked[:limit]]

    def _rows(self, query: str, limit: int) -> list[_Row]:
        return [_Row(*row) for row in self._db.execute(_SELECT + _MATCH, (query, limit))]

    def _same_name(self, key: str, limit: int) -> list[_Row]:
        found = self._db.execute(f"{_SELECT} WHERE p.key = ? ORDER BY p.n LIMIT ?", (key, limit))
        return [_Row(*row) for row in found]

    def _is_word(self, beginnings: Iterable[str]) -> Iterator[str]:
        """Those with which a word of the index begins."""
        ask = "SELECT 1 FROM word WHERE word >= ? AND word < ? LIMIT 1"
        for start in beginnings:
            if self._db.execute(ask, (start, f"{start}\U0010ffff")).fetchone():
                yield start


def _all_of(typed: Sequence[Sequence[str]]) -> str:
    """An FTS5 query: for each word one of its readings, as a beginning. Words are letters and digits."""
    return " AND ".join("(" + " OR ".join(f'"{one}" *' for one in readings) + ")" for readings in typed)


def _kind(row: _Row, key: str, typed: Sequence[Sequence[str]]) -> int:
    """How well it fits, 0 being best."""
    if row.key == key:
        return 0
    if row.key.startswith(key):
        return 1
    if _holds(row.key, typed):
        return 2
    name, other, _ = texts(decoded(row.body))
    return 3 if _holds(f"{name} {other}", typed) else 4


def _holds(text: str, typed: Sequence[Sequence[str]]) -> bool:
    held = text.split()
    return all(any(word.startswith(tuple(readings)) for word in held) for readings in typed)


def _names(provider: Listed) -> set[str]:
    return {" ".join(words(provider.name)), *map(name_key, (provider.name, *provider.aliases))}


def _is_in(provider: Listed, seen: Seen) -> bool:
    city, state = seen.city.strip().lower(), seen.state.strip().lower()
    return any(
        (not city or place.city.lower() == city) and (not state or place.state.lower() == state)
        for place in provider.places
        if city or state
    )
