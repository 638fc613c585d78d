"""Text that sources wrote, made fit for a sentence: one line, not too long."""

from assistant.records.model import Record

LONGEST_NAME = 200
LONGEST_WORDS = 600
"""Characters of one piece of a source's text within a fact; the record itself has all of it."""


def one_line(text: str) -> str:
    """Foreign text on one line."""
    return " ".join(text.split())


def short(text: str, most: int = LONGEST_WORDS) -> str:
    """On one line, cut at a word where it is longer than `most` characters, which is said."""
    line = one_line(text)
    if len(line) <= most:
        return line
    return f"{line[:most].rsplit(' ', 1)[0]} ... (cut short here)"


def named(record: Record) -> str:
    """A record's title on one line."""
    return short(record.title, LONGEST_NAME)
