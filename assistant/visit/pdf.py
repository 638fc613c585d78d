"""A page as PDF, in normal and in large print. Nothing is fetched; the font travels with the program."""

import re
import unicodedata
from collections.abc import Iterable
from importlib.resources import as_file, files

import msgspec
from fpdf import FPDF
from fpdf.enums import TextMode, XPos, YPos
from fpdf.fonts import TTFFont

from assistant.clock import read_stamp
from assistant.safe_text import MARK, safe_line, safe_text
from assistant.visit.page import Entry, Page, Section

_PACKAGE, _FONT = "fontpkg_noto_sans", "NotoSans[wdth,wght].ttf"
_FAMILY = "sheet"
REPLACED = "?"
"""Stands for a character that can't be printed."""
REPLACED_NOTE = (
    "Some characters can't be printed in this font and stand as “?”. "
    "The text and Markdown forms of this sheet have them."
)
_NEED_SHAPING = (0x0590, 0x1CFF)
"""Scripts that run from right to left or join their letters: half printed they would be misread."""
_PAPER = (210.0, 279.4)
"""Millimetres that both A4 and US Letter have."""
_DATE = re.compile(r"(?:\b(\d{1,2}) )?\b([A-Z][a-z]{2}) (\d{4})\b")
_INK, _PALE = 15, 75
"""Grey levels of the text and of what stands beneath it: both dark enough for a poor printer."""
_FOOT = 9.0
"""Millimetres under the page's number."""
_MM = 0.3528
"""Millimetres in a point."""


def _unbroken(date: re.Match[str]) -> str:
    """A date whose parts stay on one line."""
    return "\N{NO-BREAK SPACE}".join(part for part in date.groups() if part)


class Print(msgspec.Struct, frozen=True):
    """Sizes: points for type, millimetres for margins."""

    body: float
    small: float
    heading: float
    title: float
    margin: float


NORMAL = Print(body=11.5, small=9.5, heading=14, title=20, margin=18)
LARGE = Print(body=20, small=18, heading=24, title=28, margin=16)
"""Nothing is smaller than 18 points, the least that counts as large print."""


def pdf(page: Page, sizes: Print) -> bytes:
    """The page as PDF. Of itself it says its title, its language, and when the sheet was made."""
    sheet = _Sheet(sizes)
    sheet.head(page)
    for section in page.sections:
        sheet.section(section)
    sheet.foot(page.foot)
    return sheet.finished(page)


class _Sheet(FPDF):
    """One document, written from top to bottom."""

    def __init__(self, sizes: Print) -> None:
        super().__init__(unit="mm", format=_PAPER)
        self._sizes = sizes
        self._replaced = False
        with as_file(files(_PACKAGE) / "files" / _FONT) as font:
            self.add_font(_FAMILY, fname=font)
        loaded = self.fonts[_FAMILY]
        self._printable = frozenset(loaded.cmap) if isinstance(loaded, TTFFont) else frozenset[int]()
        self.set_margin(sizes.margin)
        self.set_auto_page_break(True, _FOOT + self._leading(sizes.small) + 3)
        self.add_page()

    def footer(self) -> None:
        """The page's number, on every page."""
        self.set_y(-_FOOT - self._leading(self._sizes.small))
        self._type(self._sizes.small, _PALE)
        self.cell(0, self._leading(self._sizes.small), f"{self.page_no()} / {{nb}}", align="C")

    def head(self, page: Page) -> None:
        """What the sheet is called, and what stands under that."""
        self._write(page.title, self._sizes.title, strong=True)
        for words in page.under:
            self._write(words, self._sizes.small, _PALE)

    def section(self, section: Section) -> None:
        """A heading with a line under it, its words, its entries."""
        sizes = self._sizes
        self.ln(self._leading(sizes.body) * 0.8)
        self._keep_together(self._leading(sizes.heading) + 3 * self._leading(sizes.body))
        self._write(section.heading, sizes.heading, strong=True)
        self.set_draw_color(_PALE)
        self.line(self.l_margin, self.y + 0.5, self.w - self.r_margin, self.y + 0.5)
        self.ln(2)
        for line in safe_text(section.words).splitlines():
            self._write(line or " ", sizes.body)
        for entry in section.entries:
            self._entry(entry)

    def foot(self, words: str) -> None:
        """The closing words, and what could not be printed."""
        self.ln(self._leading(self._sizes.body))
        self._write(words, self._sizes.small, _PALE)
        if self._replaced:
            self._write(REPLACED_NOTE, self._sizes.small)

    def finished(self, page: Page) -> bytes:
        """The bytes, the same for the same page."""
        self.set_title(safe_line(page.title))
        self.set_lang("en")
        self.set_producer("")
        made = read_stamp(page.made)
        if made is not None:
            self.set_creation_date(made)
        return bytes(self.output())

    def _entry(self, entry: Entry) -> None:
        sizes = self._sizes
        indent = self._leading(sizes.body) * 1.15
        self._keep_together(self._height(entry, indent))
        top = self.y
        if entry.ticked is None:
            self._dot(top)
        else:
            self._box(top, ticked=entry.ticked)
        number = f"{entry.number}. " if entry.number else ""
        self._write(f"{number}{entry.text}", sizes.body, indent=indent)
        for words in entry.under:
            self._write(words, sizes.small, _PALE, indent=indent)
        if entry.note:
            self._write(f"Answer: {entry.note}", sizes.body, indent=indent)
        elif entry.note is not None and not entry.ticked:
            self._room_to_write(indent)
        self.ln(self._leading(sizes.body) * 0.35)

    def _box(self, top: float, *, ticked: bool) -> None:
        """A box as high as a capital letter; a tick drawn into it, since fonts often have none."""
        side = self._sizes.body * _MM * 0.95
        left, top = self.l_margin + 0.3, top + (self._leading(self._sizes.body) - side) / 2
        self.set_draw_color(_INK)
        self.set_line_width(side / 12)
        self.rect(left, top, side, side)
        if ticked:
            self.line(left + side * 0.2, top + side * 0.55, left + side * 0.42, top + side * 0.78)
            self.line(left + side * 0.42, top + side * 0.78, left + side * 0.82, top + side * 0.22)
        self.set_line_width(0.2)

    def _dot(self, top: float) -> None:
        size = self._sizes.body * _MM * 0.28
        self.set_fill_color(_INK)
        left = self.l_margin + self._leading(self._sizes.body) * 0.35
        self.ellipse(left, top + (self._leading(self._sizes.body) - size) / 2, size, size, style="F")

    def _room_to_write(self, indent: float) -> None:
        """A line for the answer, far enough below to write on."""
        leading = self._leading(self._sizes.body)
        self._write("Answer:", self._sizes.small, _PALE, indent=indent, stay=True)
        self.set_draw_color(_PALE)
        start = self.l_margin + indent + self.get_string_width("Answer: ") + 2
        self.line(start, self.y + leading, self.w - self.r_margin, self.y + leading)
        self.set_y(self.y + leading * 1.15)

    def _write(
        self,
        text: str,
        size: float,
        grey: int = _INK,
        *,
        strong: bool = False,
        indent: float = 0,
        stay: bool = False,
    ) -> None:
        """Lines of text from the left margin (or so far in), broken between words."""
        self._type(size, grey)
        self.set_x(self.l_margin + indent)
        with self.local_context():
            if strong:
                self.text_mode = TextMode.FILL_STROKE
                self.set_draw_color(grey)
                self.set_line_width(size * _MM * 0.03)
            self.multi_cell(
                0,
                self._leading(size),
                self._fit(safe_line(text)),
                align="L",
                new_x=XPos.LMARGIN,
                new_y=YPos.TOP if stay else YPos.NEXT,
            )

    def _type(self, size: float, grey: int) -> None:
        self.set_font(_FAMILY, size=size)
        self.set_text_color(grey)

    def _fit(self, text: str) -> str:
        """The text with what can't be printed replaced, which the foot then says."""
        composed = _DATE.sub(_unbroken, unicodedata.normalize("NFC", text))
        fitted = "".join(character if self._can_print(character) else REPLACED for character in composed)
        self._replaced = self._replaced or fitted != composed
        return fitted

    def _can_print(self, character: str) -> bool:
        code = ord(character)
        low, high = _NEED_SHAPING
        return code in self._printable and character != MARK and not low <= code <= high

    def _keep_together(self, height: float) -> None:
        """Begin a page where this doesn't fit on what is left of one, unless it would fit on none."""
        if height < self.eph and self.will_page_break(height):
            self.add_page()

    def _height(self, entry: Entry, indent: float) -> float:
        sizes = self._sizes
        number = f"{entry.number}. " if entry.number else ""
        lines: Iterable[tuple[str, float]] = (
            (f"{number}{entry.text}", sizes.body),
            *((words, sizes.small) for words in entry.under),
            (f"Answer: {entry.note}" if entry.note else "", sizes.body),
        )
        return sum(self._lines_height(words, size, indent) for words, size in lines)

    def _lines_height(self, text: str, size: float, indent: float) -> float:
        self._type(size, _INK)
        width = self.epw - indent
        fitted = self._fit(safe_line(text)) or " "
        lines = self.multi_cell(width, self._leading(size), fitted, align="L", dry_run=True, output="LINES")
        return len(lines) * self._leading(size) if isinstance(lines, list) else 0

    def _leading(self, size: float) -> float:
        """Millimetres from one line to the next."""
        return size * _MM * 1.38
