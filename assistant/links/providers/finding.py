"""The directory of providers for as long as somebody types, with what records already held say."""

from collections import Counter
from threading import Lock

import msgspec

from assistant.links.browse import Shelf
from assistant.links.providers.directory import ProviderDirectory
from assistant.vault.query import RecordQuery
from connectors.directory.model import Hint, Seen
from connectors.directory.search import Directory, Match

MOST_SEEN = 50
"""Names of places that are looked for in the lists, the most frequent first."""
_PLACES = frozenset(("at", "where"))


class Hinted(msgspec.Struct, frozen=True):
    """A listed provider that records already held name."""

    id: str
    hint: Hint


class Finder:
    """Searches one directory. Threads may share it; `close` it when done."""

    def __init__(self, directory: ProviderDirectory, shelf: Shelf) -> None:
        """
        Raises:
            SourceFailed: the directory's file is damaged.
        """
        self._lock = Lock()
        self._directory: Directory | None = directory.open()
        self._seen = seen_in(shelf)
        self._hinted = self._hints()

    @property
    def has_lists(self) -> bool:
        """Whether any list is here."""
        return self._directory is not None

    @property
    def hinted(self) -> tuple[Hinted, ...]:
        """Where the patient has been, as far as lists and records tell."""
        return self._hinted

    def search(self, text: str) -> list[Match]:
        """The best matches, those first that records already held name."""
        with self._lock:
            found = self._directory.search(text) if self._directory else []
        ids = {one.id for one in self._hinted}
        return sorted(found, key=lambda match: match.id not in ids)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            directory, self._directory = self._directory, None
            if directory is not None:
                directory.close()

    def _hints(self) -> tuple[Hinted, ...]:
        directory = self._directory
        if directory is None:
            return ()
        return tuple(
            Hinted(match.id, hint)
            for hint in directory.hints(self._seen)
            for match in directory.search(hint.provider.name)
            if match.provider == hint.provider
        )


def seen_in(shelf: Shelf) -> tuple[Seen, ...]:
    """The places that the visits in the records name, the most frequent first."""
    _, visits = shelf.find(RecordQuery(kinds=("Encounter",)))
    named = Counter(
        element.text
        for visit in visits
        for element in visit.record.elements
        if element.label in _PLACES and element.path.startswith("Encounter.")
    )
    return tuple(Seen(name) for name, _ in named.most_common(MOST_SEEN))
