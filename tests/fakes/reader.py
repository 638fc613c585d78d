"""A reader over records in memory: everything is in view, nothing is merged."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.records.dates import first_day, last_day, sort_key
from assistant.records.decode import decode
from assistant.records.model import Record, Supporting
from assistant.records.read import read
from assistant.records.show import line
from assistant.records.words import code_token, index_text
from assistant.vault.query import RecordQuery


class InMemoryReader:
    """Answers queries by looking at every record, as `RecordQuery` words them."""

    def __init__(self, records: Iterable[Record]) -> None:
        by_text = sorted(records, key=lambda record: (record.title, line(record)))
        self.records = sorted(by_text, key=lambda record: sort_key(record.when), reverse=True)
        self._texts = {record.id: _texts(record) for record in self.records}
        self._known: dict[tuple[tuple[str, str], ...], frozenset[str]] = {}
        self.queries: list[RecordQuery] = []

    def find(self, query: RecordQuery) -> Sequence[Record]:
        """The records that match, newest first."""
        self.queries.append(query)
        found = [record for record in self.records if self._matches(record, query)]
        return found[query.offset :][: query.limit]

    def count(self, query: RecordQuery) -> int:
        """How many match."""
        return sum(self._matches(record, query) for record in self.records)

    def _matches(self, record: Record, query: RecordQuery) -> bool:
        if query.categories is not None and record.category not in query.categories:
            return False
        if query.kinds is not None and record.kind not in query.kinds:
            return False
        if query.ids is not None and record.id not in query.ids:
            return False
        if query.since is not None and not first_day(record.when) >= query.since:
            return False
        if query.until is not None and not "" < last_day(record.when) <= query.until:
            return False
        if query.near is not None and (day := first_day(record.when)):
            since, until = query.near
            if (until and day > until) or last_day(record.when) < since:
                return False
        return self._says(record, query)

    def _says(self, record: Record, query: RecordQuery) -> bool:
        words, codes = self._texts[record.id]
        coded = not codes.isdisjoint(self._tokens(query.codes))
        hits = [_holds(words, word, query.prefix) for word in query.words]
        said = any(hits) if query.any_words else all(hits)
        if query.either and query.codes and query.words:
            return coded or said
        return (coded or not query.codes) and (said or not query.words)

    def _tokens(self, codes: tuple[tuple[str, str], ...]) -> frozenset[str]:
        if codes not in self._known:
            self._known[codes] = frozenset(code_token(system, code) for system, code in codes)
        return self._known[codes]


def _holds(words: set[str], word: str, prefix: bool) -> bool:
    return any(held.startswith(word) for held in words) if prefix else word in words


def _texts(record: Record) -> tuple[set[str], set[str]]:
    words: set[str] = set()
    codes: set[str] = set()
    for category in {record.category, *(element.category for element in record.elements)}:
        text, tokens = index_text(record, category)
        words.update(text.split())
        codes.update(tokens.split())
    return words, codes


def bundle_reader(path: Path) -> InMemoryReader:
    """A reader over a FHIR bundle's records, each under its resource's own id."""
    resources = [entry["resource"] for entry in decode(path.read_bytes())["entry"] if "resource" in entry]
    supporting = _supporting(resources)
    records = (read(resource, id=str(resource.get("id")), resolve=supporting.get) for resource in resources)
    return InMemoryReader(record for record in records if isinstance(record, Record))


def _supporting(resources: Iterable[Mapping[str, Any]]) -> dict[str, Supporting]:
    found = {}
    for resource in resources:
        named = read(resource, id="", resolve=lambda _: None)
        if isinstance(named, Supporting):
            found[f"{resource['resourceType']}/{resource.get('id')}"] = named
            found[f"urn:uuid:{resource.get('id')}"] = named
    return found
