"""A measured thing over time, in characters: what is drawn for a series, and the widget that shows it.

Every meaning has a character of its own; colour only repeats it.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from itertools import groupby, pairwise

from textual.content import Content
from textual.widget import Widget

from assistant.links.glance import Mark
from assistant.links.series import Point, Series
from assistant.records.dates import shown_date
from assistant.records.show import shown_digits
from assistant.tui.drawn import drawn_line, joined

DOT, UNSURE, EDGE, JOINED = "•", "?", "┄", "⠒"
LEAST_WIDTH, LEAST_HEIGHT = 24, 7
_AROUND = 4
"""Rows that aren't the grid: heading, axis, dates, legend."""
_LONGEST_LABEL = 10
_BRAILLE = 0x2800
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_RANK = {DOT: 1, "<": 2, ">": 2, UNSURE: 3, Mark.OTHER: 4, Mark.LOW: 5, Mark.HIGH: 5}
_TOLD = {
    DOT: "value",
    JOINED: "values, joined",
    "<": "at most this",
    ">": "at least this",
    UNSURE: "not confirmed",
    Mark.HIGH: "above, says the source",
    Mark.LOW: "below, says the source",
    Mark.OTHER: "abnormal, says the source",
    EDGE: "the source's range",
}


class Role(Enum):
    """What a character of a plot is, for its style."""

    TEXT = "$foreground-muted"
    HEADING = "bold"
    LINE = "$primary"
    EDGE = "$text-muted dim"
    FLAG = "bold $error"
    UNSURE = "bold $warning"
    VALUE = "bold $foreground"


Cell = tuple[str, Role]
Row = list[Cell]


def draw(series: Series, width: int, height: int) -> list[Row]:
    """The rows of a plot, at most `width` cells wide and exactly `height` long; none where it is too small
    to be read."""
    if width < LEAST_WIDTH or height < LEAST_HEIGHT or not series.points:
        return []
    scale = _Scale(series.points)
    labels = scale.labels(height - _AROUND)
    margin = max(len(text) for text in labels.values()) + 1
    grid = _Grid(series.points, scale, width - margin - 1, height - _AROUND)
    heading = f"{series.title}, {series.unit}" if series.unit else series.title
    rows = [_text(heading[:width], Role.HEADING)]
    for at, cells in enumerate(grid.rows()):
        tick = "┤" if at in labels else "│"
        rows.append([*_text(labels.get(at, "").rjust(margin) + tick, Role.TEXT), *cells])
    rows.append(_text(" " * margin + "└" + "─" * grid.width, Role.TEXT))
    rows.append(_text(" " * (margin + 1) + _dates(series.points, grid.width), Role.TEXT))
    rows.append(_text(_legend(grid.signs)[:width], Role.TEXT))
    return rows


class Plot(Widget):
    """Shows a series; as wide as there is room, as high as its style says."""

    DEFAULT_CSS = """
    Plot { height: 14; width: 1fr; margin: 1 0; }
    """

    def __init__(self, series: Series, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.series = series

    def render(self) -> Content:
        """The plot at the widget's present size."""
        return Content("\n").join(_drawn(row) for row in draw(self.series, *self.size))


def _drawn(row: Row) -> Content:
    runs = groupby(row, key=lambda cell: cell[1])
    return joined(*(drawn_line("".join(c for c, _ in run), role.value) for role, run in runs))


class _Scale:
    """Numbers to heights: the values, and the ends of their ranges where these don't dwarf them."""

    def __init__(self, points: Sequence[Point]) -> None:
        numbers = [point.number for point in points]
        low, high = min(numbers), max(numbers)
        reach = max(high - low, abs(high) / 10) * 2
        ends = [end for point in points for end in (point.low, point.high) if end is not None]
        near = [end for end in ends if low - reach <= end <= high + reach]
        self.low, self.high = min([low, *near]), max([high, *near])
        if self.low == self.high:
            room = abs(self.high) / 10 or 1.0
            self.low, self.high = self.low - room, self.high + room

    def up(self, number: float, steps: int) -> int:
        """The step that a number stands on, from the bottom; outside `range(steps)` where it lies outside."""
        share = (number / 2 - self.low / 2) / (self.high / 2 - self.low / 2)
        return round(max(-1.0, min(2.0, share)) * (steps - 1))

    def labels(self, rows: int) -> dict[int, str]:
        """Shown digits by row, from the top: round numbers, some rows apart."""
        step = _round_step((Decimal(self.high) - Decimal(self.low)) / max(1, rows // 3))
        first = (Decimal(self.low) / step).to_integral_value(rounding="ROUND_CEILING")
        found: dict[int, str] = {}
        number = first * step
        while number <= Decimal(self.high):
            found[rows - 1 - self.up(float(number), rows)] = _label(number)
            number += step
        return found or {rows - 1: _label(Decimal(self.low))}


def _label(number: Decimal) -> str:
    shown = shown_digits(f"{number.normalize():f}")
    return shown if len(shown) <= _LONGEST_LABEL else f"{float(number):.3g}"


def _round_step(least: Decimal) -> Decimal:
    """The smallest of 1, 2, 5, 10 ... that is at least this."""
    power = Decimal(10) ** least.adjusted()
    return next(power * n for n in (1, 2, 5, 10) if power * n >= least)


class _Grid:
    """The drawing area."""

    def __init__(self, points: Sequence[Point], scale: _Scale, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.signs: set[str] = set()
        self._scale = scale
        self._points = points
        self._across = _across(points, width * 2)
        self._dots: dict[tuple[int, int], int] = {}
        self._marks: dict[tuple[int, int], str] = {}
        self._edges: set[tuple[int, int]] = set()
        self._draw_line()
        self._draw_marks()
        self._draw_edges()

    def rows(self) -> Iterator[Row]:
        """The cells of each row, from the top."""
        for y in range(self.height):
            yield [self._cell((x, y)) for x in range(self.width)]

    def _cell(self, place: tuple[int, int]) -> Cell:
        if place in self._marks:
            sign = self._marks[place]
            return sign, _role(sign)
        if place in self._dots:
            return chr(_BRAILLE | self._dots[place]), Role.LINE
        return (EDGE, Role.EDGE) if place in self._edges else (" ", Role.TEXT)

    def _draw_line(self) -> None:
        steps = self.height * 4
        places = [
            (x, self._scale.up(p.number, steps)) for x, p in zip(self._across, self._points, strict=True)
        ]
        for start, end in pairwise(places):
            for x, up in _between(start, end):
                y = steps - 1 - up
                place = (x // 2, y // 4)
                self._dots[place] = self._dots.get(place, 0) | _DOTS[y % 4][x % 2]

    def _draw_marks(self) -> None:
        crowded = len(self._points) > self.width // 2
        for x, point in zip(self._across, self._points, strict=True):
            sign = _sign(point)
            if crowded and sign == DOT:
                self.signs.add(JOINED)
                continue
            place = (x // 2, self.height - 1 - self._scale.up(point.number, self.height))
            if _RANK[sign] >= _RANK.get(self._marks.get(place, ""), 0):
                self._marks[place] = sign
        self.signs.update(self._marks.values())

    def _draw_edges(self) -> None:
        at = 0
        for x in range(self.width):
            while at + 1 < len(self._points) and self._across[at + 1] // 2 <= x:
                at += 1
            for end in (self._points[at].low, self._points[at].high):
                up = -1 if end is None else self._scale.up(end, self.height)
                if 0 <= up < self.height:
                    self._edges.add((x, self.height - 1 - up))
        if self._edges:
            self.signs.add(EDGE)


def _across(points: Sequence[Point], steps: int) -> list[int]:
    """The step from the left that each point stands on, by its day; side by side where all are of one day."""
    days = [date.fromisoformat(point.day).toordinal() for point in points]
    first, span = days[0], days[-1] - days[0]
    if span <= 0:
        return [round(at * (steps - 1) / max(1, len(points) - 1)) for at in range(len(points))]
    return [min(steps - 1, max(0, round((day - first) * (steps - 1) / span))) for day in days]


def _between(start: tuple[int, int], end: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """The dots of a straight line."""
    (x, y), (to_x, to_y) = start, end
    count = max(abs(to_x - x), abs(to_y - y), 1)
    for at in range(count + 1):
        yield x + round((to_x - x) * at / count), y + round((to_y - y) * at / count)


def _sign(point: Point) -> str:
    if point.mark:
        return point.mark.value
    if point.state:
        return UNSURE
    return point.bound[:1] if point.bound[:1] in {"<", ">"} else DOT


def _role(sign: str) -> Role:
    return Role.VALUE if sign == DOT else Role.UNSURE if sign in {UNSURE, "<", ">"} else Role.FLAG


def _dates(points: Sequence[Point], width: int) -> str:
    """The first and the last date below the axis, and the month between them where there is room."""
    first, last = points[0].when, points[-1].when
    if len(first) + len(last) + 2 > width:
        return last[:width].rjust(width)
    text = first + last.rjust(width - len(first))
    days = [date.fromisoformat(point.day).toordinal() for point in (points[0], points[-1])]
    between = shown_date(date.fromordinal(sum(days) // 2).isoformat()[:7])
    start = (width - len(between)) // 2
    free = text[start - 2 : start + len(between) + 2]
    return text[:start] + between + text[start + len(between) :] if free.isspace() and start > 2 else text


def _legend(signs: set[str]) -> str:
    return "   ".join(f"{sign} {told}" for sign, told in _TOLD.items() if sign in signs)


def _text(text: str, role: Role) -> Row:
    return [(character, role) for character in text]
