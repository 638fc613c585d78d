"""An answer in pieces: sentences, lines of lists, rows of tables, with what stands over them."""

import re
from collections.abc import Iterator

import msgspec

from assistant.chat.checks.marks import masked, references, unit_of

_END = re.compile(
    r"(?<!\bDr\.)(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\bSt\.)(?<!\bvs\.)(?<!\bNo\.)(?<!\be\.g\.)(?<!\bi\.e\.)"
    r"(?<=[.!?])\s+|\n+"
)
_LISTED = re.compile(r"\s*(?:[-*•+]|\d{1,2}[.)])\s|\s*\|")
_HEADER_UNIT = re.compile(r"\(([^()]{1,24})\)")


class Piece(msgspec.Struct, frozen=True):
    """A sentence, or a line."""

    start: int
    text: str
    """As written."""
    clean: str
    """Without references and marks, every place kept."""
    listed: bool
    """It is a line of a list or a row of a table."""
    heads: tuple[str, ...] = ()
    """The cells of a table's first row."""

    def head(self, place: int) -> str:
        """The head of the column that a place in a row lies in; empty outside of tables."""
        column = self.text[:place].count("|") - 1
        return self.heads[column] if 0 <= column < len(self.heads) else ""

    def unit(self, place: int) -> str:
        """The unit that stands in the head of a column."""
        found = _HEADER_UNIT.search(self.head(place))
        return unit_of(found[1]) if found else ""


def pieces(text: str) -> Iterator[Piece]:
    """The pieces of an answer in their order; what separates them belongs to the next."""
    heads: tuple[str, ...] = ()
    at, clean = 0, masked(text)
    for end in [*(found.start() for found in _END.finditer(clean)), len(text)]:
        written = text[at:end]
        row = written.strip().startswith("|")
        if row and not heads:
            heads = tuple(cell.strip() for cell in written.strip().strip("|").split("|"))
        elif not row and written.strip():
            heads = ()
        listed = _LISTED.match(written) is not None
        yield Piece(at, written, clean[at:end], listed, heads if row else ())
        at = end


def cited_after(written: str, place: int) -> tuple[str, ...]:
    """What the first references after a place name, those that follow each other directly together."""
    found: tuple[str, ...] = ()
    last = -1
    for start, end, names in references(written):
        if start < place:
            continue
        if found and written[last:start].strip(" ,;") != "":
            break
        found, last = (*found, *names), end
    return found


def cited_at(written: str, place: int) -> tuple[str, ...]:
    """What is cited right at a place, with nothing but marks between."""
    first = next((start for start, _, _ in references(written) if start >= place), None)
    if first is None or written[place:first].strip(" *_).,;:") != "":
        return ()
    return cited_after(written, place)
