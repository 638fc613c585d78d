"""Write a sheet to a file that anyone can read who has it: where the patient names it, and for them alone."""

from collections.abc import Callable
from pathlib import Path

from assistant.errors import NothingDone, UsageError
from assistant.vault.files import write_atomically
from assistant.visit.model import VisitSheet
from assistant.visit.page import Page, page_of
from assistant.visit.written import markdown, plain_text

WARNING = (
    "This writes parts of your records to a file that is not encrypted. "
    "Whoever can open the file can read it; delete it when you no longer need it."
)


def _pdf(page: Page) -> bytes:
    from assistant.visit.pdf import NORMAL, pdf

    return pdf(page, NORMAL)


def _large(page: Page) -> bytes:
    from assistant.visit.pdf import LARGE, pdf

    return pdf(page, LARGE)


FORMATS: dict[str, Callable[[Page], bytes]] = {
    "md": lambda page: markdown(page).encode(),
    "text": lambda page: plain_text(page).encode(),
    "pdf": _pdf,
    "large": _large,
}
"""`large` is a PDF in large print."""

_BY_ENDING = {".md": "md", ".markdown": "md", ".txt": "text", ".pdf": "pdf"}


def format_for(file: Path, chosen: str | None) -> str:
    """The format that was chosen, or the one that the file's name ends with.

    Raises:
        UsageError: neither says which.
    """
    found = chosen or _BY_ENDING.get(file.suffix.lower())
    if found not in FORMATS:
        raise UsageError(
            "The format isn't clear from the file's name.", f"Add --format with one of {', '.join(FORMATS)}."
        )
    return found


def rendered(sheet: VisitSheet, form: str) -> bytes:
    """The sheet in one of `FORMATS`. The same sheet gives the same bytes."""
    return FORMATS[form](page_of(sheet))


def require_free(file: Path, *, replace: bool = False) -> None:
    """Check that the name can be written to.

    Raises:
        NothingDone: there is something of this name, and `replace` isn't set, or it is no plain file.
    """
    if file.is_symlink() or (file.exists() and not file.is_file()):
        raise NothingDone("This name is taken by something that is no plain file.", "Choose another name.")
    if file.exists() and not replace:
        raise NothingDone("There is a file of this name already.", "Choose another name, or remove it first.")


def write(file: Path, content: bytes, *, replace: bool = False) -> None:
    """Write the file so that only its owner can read it, whole or not at all.

    Raises:
        NothingDone: the name is taken (see `require_free`).
        StorageFailed: the disk doesn't take it.
    """
    require_free(file, replace=replace)
    write_atomically(file, content)
