"""A list of providers as a file, whichever shape it has: told by its content, never by its name."""

from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from connectors.directory.brands import read_bundle
from connectors.directory.rows import read_csv, read_json
from connectors.directory.sift import Found
from connectors.errors import SourceUnreadable
from connectors.files.opened import NotAFile, Opened, opened

MOST_BYTES = 256 * 1024 * 1024
"""Of one list. Epic's brands have 95 MB."""

_BOM = b"\xef\xbb\xbf"


@contextmanager
def reading(path: Path, list_id: str, vendor: str = "") -> Iterator[Iterator[Found]]:
    """What a file lists, row by row, while it is open. `vendor` is said where a row says none.

    Raises:
        SourceUnreadable: it can't be opened, is too large, or is no list of providers; while it is read, too.
    """
    with ExitStack() as stack:
        try:
            file = stack.enter_context(opened(bytes(path)))
        except (OSError, NotAFile):
            raise _no_access() from None
        yield stack.enter_context(closing(_whole(_found(file, list_id, vendor))))


def _whole(found: Iterator[Found]) -> Generator[Found, None, None]:
    try:
        yield from found
    except OSError:
        raise _no_access() from None


def _no_access() -> SourceUnreadable:
    return SourceUnreadable(
        "The list could not be read",
        "There is no such file, this account may not read it, or the disk failed.",
        "Check the path, then try again.",
    )


def _found(file: Opened, list_id: str, vendor: str) -> Iterator[Found]:
    if file.size > MOST_BYTES:
        raise SourceUnreadable(
            "The list is too large",
            f"It has more than {MOST_BYTES // 1024 // 1024} MB, more than any list of providers.",
            "Check where it comes from.",
        )
    start = file.head.removeprefix(_BOM).lstrip()
    if start.startswith(b"{"):
        return read_bundle(file.file, list_id, vendor)
    if start.startswith(b"["):
        return read_json(file.file, list_id, vendor)
    if start[:1] in (b"<", b"", b"%") or b"\x00" in file.head:
        raise SourceUnreadable(
            "This is no list of providers",
            "Read are User-access Brands, a vendor's list in FHIR or JSON, and a table (CSV) with headings.",
            "If this was fetched, its address may have moved: look at the vendor's page.",
        )
    return read_csv(file.file, list_id, vendor)
