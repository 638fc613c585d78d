"""One record on one line: what stands where, and what gives way where there is little room.

What must stand beside a value never gives way: first the trail goes, then the category, then the flag's
words, then the end of the title, then the end of the value.
"""

from collections.abc import Sequence
from enum import Enum

from rich.cells import cell_len, set_cell_size

from assistant.links.glance import Row
from assistant.safe_text import safe_line
from assistant.tui.widgets.spark import spark

CURSOR = "› "
"""Stands before the chosen line, so that no colour is needed to see it."""
_DATE, _CATEGORY, _TRAIL, _GAP = 12, 20, 12, 2
_WIDE, _MIDDLE = 110, 90
"""From these widths on there is room for the category too, and for the trail."""
_LEAST_VALUE = 12
_SIGN = "▲ "
"""Room for the sign of a flag, kept before every value so that values stand below each other."""


class Piece(Enum):
    """What a stretch of the line is, for its style."""

    DATE = "date"
    CATEGORY = "category"
    TITLE = "title"
    VALUE = "value"
    STATE = "state"
    DOUBT = "doubt"
    FLAG = "flag"
    TRAIL = "trail"


Run = tuple[str, Piece]


def pieces(row: Row, trail: Sequence[float], width: int, *, here: bool) -> list[Run]:
    """The runs of a line, `width` cells in all, of cleaned text; `here` marks the chosen line."""
    runs: list[Run] = [(CURSOR if here else " " * len(CURSOR), Piece.DATE)]
    runs.append((_column(row.date, _DATE), Piece.DATE))
    room = width - len(CURSOR) - _DATE - _GAP
    if width >= _WIDE:
        runs.append((_column(row.category, _CATEGORY), Piece.CATEGORY))
        room -= _CATEGORY + _GAP
    bars: list[Run] = []
    if width >= _MIDDLE:
        bars = [("  " + spark(trail).rjust(_TRAIL), Piece.TRAIL)]
        room -= _TRAIL + _GAP
    return [*runs, *_told(row, max(1, room)), *bars]


def _told(row: Row, room: int) -> list[Run]:
    """Title and value with what stands beside it, in so many cells."""
    title = safe_line(row.title)
    usual = room * 11 // 20
    beside = _beside(row, room - min(cell_len(title), usual) - _GAP, room)
    if not beside:
        return [(_cut(title, room), Piece.TITLE)]
    taken = sum(cell_len(text) for text, _ in beside)
    place = max(0, min(room - taken - _GAP, usual))
    start = [(_column(title, place), Piece.TITLE)] if place else []
    told = [*start, *beside]
    missing = room - sum(cell_len(text) for text, _ in told)
    return [*told, (" " * max(0, missing), Piece.TITLE)]


def _beside(row: Row, room: int, most: int) -> list[Run]:
    """Value, state and flags within so many cells; the state may take more, up to `most`."""
    mark = f"{row.mark.value:<{len(_SIGN)}}" if row.value else row.mark.value
    state = _cut(f"({safe_line(row.state)})", most) if row.state else ""
    least = cell_len(mark) + cell_len(state) + bool(state)
    value = safe_line(row.value)
    if least + cell_len(value) > room:
        value = _cut(value, min(max(_LEAST_VALUE, room - least), most - least))
    flags = f"  {safe_line(row.flags)}" if row.flags else ""
    if least + cell_len(value) + cell_len(flags) > room:
        flags = ""
    doubt = Piece.DOUBT if row.doubtful else Piece.STATE
    gap = " " if value and state else ""
    runs = [(mark, Piece.FLAG), (value, Piece.VALUE), (gap + state, doubt), (flags, Piece.FLAG)]
    return [run for run in runs if run[0]]


def _column(text: str, width: int) -> str:
    return set_cell_size(_cut(safe_line(text), width), width) + " " * _GAP


def _cut(text: str, width: int) -> str:
    """The text in at most so many cells; an ellipsis says that there is more."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(0, width - 1)).rstrip() + "…" if width > 0 else ""
