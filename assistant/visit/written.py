"""A sheet as Markdown and as plain text."""

import re
from collections.abc import Iterator

from assistant.safe_text import safe_line, safe_text
from assistant.visit.page import Entry, Page, Section

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!])")
_START = re.compile(r"^(\s*)([-+]|\d+[.)])(\s)", re.MULTILINE)
WIDTH_OF_A_LINE = 40
"""Underscores for a note to be written by hand."""


def markdown(page: Page) -> str:
    """The page as Markdown: what records and people wrote is text in it, never markup, link or image."""
    lines = [f"# {_plain(page.title)}", "", *(f"{_plain(words)}  " for words in page.under)]
    for section in page.sections:
        lines += ["", f"## {_plain(section.heading)}", "", *_markdown_section(section)]
    return "\n".join([*lines, "", "---", "", _plain(page.foot), ""])


def _markdown_section(section: Section) -> Iterator[str]:
    if section.words:
        yield _START.sub(r"\1\\\2\3", _MARKUP.sub(r"\\\1", safe_text(section.words))).replace("\n", "  \n")
    for entry in section.entries:
        box = "" if entry.ticked is None else "[x] " if entry.ticked else "[ ] "
        number = f"{entry.number}\\. " if entry.number else ""
        yield f"- {box}{number}{_plain(entry.text)}"
        yield from (f"  - {_plain(words)}" for words in _under(entry))


def _plain(text: str) -> str:
    """One line of text in which nothing is markup."""
    return _MARKUP.sub(r"\\\1", safe_line(text))


def _under(entry: Entry) -> list[str]:
    return [*entry.under, *([f"Answer: {entry.note}"] if entry.note else [])]


def plain_text(page: Page) -> str:
    """The page as text for any printer or reader."""
    title = safe_line(page.title)
    lines = [title, "=" * len(title), *(safe_line(words) for words in page.under)]
    for section in page.sections:
        heading = safe_line(section.heading)
        lines += ["", heading, "-" * len(heading), *_text_section(section)]
    return "\n".join([*lines, "", safe_line(page.foot), ""])


def _text_section(section: Section) -> Iterator[str]:
    if section.words:
        yield safe_text(section.words)
    for entry in section.entries:
        box = "- " if entry.ticked is None else "[x] " if entry.ticked else "[ ] "
        number = f"{entry.number}. " if entry.number else ""
        yield f"{box}{number}{safe_line(entry.text)}"
        yield from (f"    {safe_line(words)}" for words in _under(entry))
        if entry.note == "" and entry.ticked is False:
            yield f"    Answer: {'_' * WIDTH_OF_A_LINE}"
