"""Reading a path to its batches: the work of the child process, as a plain generator.

Another format is one more module with a `sniff`, named in `READERS`.
"""

from collections.abc import Callable, Iterator, Sequence

from connectors.files import fhir_json, foreign, limits, ndjson
from connectors.files.opened import NotAFile, Opened, Reading, opened
from connectors.files.records import Item
from connectors.files.walk import NO_ACCESS, NOT_A_FILE, Found, printable, walk
from connectors.model import Batch, Problem, SourceRecord

READERS: tuple[Callable[[Opened], Reading | None], ...] = (foreign.sniff, ndjson.sniff, fhir_json.sniff)
"""Asked in this order; the first that claims a file reads it."""

READ_ERROR = "Reading stopped here: the disk or the connection to it failed."
OUT_OF_MEMORY = "Reading stopped here: this needs more memory than one file may take."
MORE_PROBLEMS = f"There are more than {limits.PROBLEMS:,} problems in this file; the others are not listed."


def read_path(root: bytes) -> Iterator[Batch]:
    """Every file at `root`, in a stable order, as batches; every file has at least one."""
    return read_files(list(walk(root)))


def read_files(files: Sequence[Found]) -> Iterator[Batch]:
    """The batches of files already found."""
    total = sum(found.size for found in files)
    done = 0
    for found in files:
        yield from _read_file(found, done, total)
        done += found.size


def _read_file(found: Found, before: int, total: int) -> Iterator[Batch]:
    collector = _Collector(printable(found.path), total)
    if found.refusal is not None:
        collector.add(Problem("", found.refusal))
    else:
        try:
            with opened(found.path) as file:
                reading = _reading(file)
                collector.format = reading.format
                for item in _guarded(reading.items):
                    if collector.is_full_with(item):
                        yield collector.batch(before + min(file.file.tell(), found.size))
                    collector.add(item)
                    if collector.is_hopeless:
                        break
        except NotAFile:
            collector.add(Problem("", NOT_A_FILE))
        except OSError:
            collector.add(Problem("", NO_ACCESS))
        except MemoryError:
            collector.add(Problem("", OUT_OF_MEMORY))
    yield collector.batch(before + found.size)


def _reading(file: Opened) -> Reading:
    claims = (sniff(file) for sniff in READERS)
    return next((reading for reading in claims if reading is not None), None) or foreign.sniff_rest(file)


def _guarded(items: Iterator[Item]) -> Iterator[Item]:
    """The items up to a failure of disk or memory, then the failure as a problem."""
    try:
        yield from items
    except OSError:
        yield Problem("", READ_ERROR)
    except MemoryError:
        yield Problem("", OUT_OF_MEMORY)


class _Collector:
    """Gathers one file's items until they make a batch."""

    def __init__(self, part: str, total: int) -> None:
        self.format = foreign.UNKNOWN
        self._part = part
        self._total = total
        self._records: list[SourceRecord] = []
        self._problems: list[Problem] = []
        self._bytes = 0
        self._all_problems = self._all_records = 0

    def is_full_with(self, item: Item) -> bool:
        """Whether the batch should go before this item comes."""
        count = len(self._records) + len(self._problems)
        size = self._bytes + (len(item.body) if isinstance(item, SourceRecord) else 0)
        return count > 0 and (count >= limits.BATCH_ITEMS or size > limits.BATCH_BYTES)

    @property
    def is_hopeless(self) -> bool:
        """Next to nothing but problems, and very many of them."""
        return self._all_problems > limits.HOPELESS_PROBLEMS and self._all_problems > 10 * self._all_records

    def add(self, item: Item) -> None:
        """Take an item into the batch."""
        if isinstance(item, SourceRecord):
            self._records.append(item)
            self._bytes += len(item.body)
            self._all_records += 1
            return
        self._all_problems += 1
        if self._all_problems <= limits.PROBLEMS:
            self._problems.append(item)
        elif self._all_problems == limits.PROBLEMS + 1:
            self._problems.append(Problem("", MORE_PROBLEMS))

    def batch(self, done: int) -> Batch:
        """What was gathered since the last batch."""
        batch = Batch(
            part=self._part,
            format=self.format,
            records=tuple(self._records),
            problems=tuple(self._problems),
            done=done,
            total=self._total,
        )
        self._records, self._problems, self._bytes = [], [], 0
        return batch
