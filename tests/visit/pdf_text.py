"""Reads back what a PDF shows, by its own glyph table; enough for the one font that sheets use."""

import re
import zlib
from collections.abc import Iterator

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_SHOWN = re.compile(rb"\(((?:\\.|[^\\)])*)\) Tj", re.DOTALL)
_PAIR = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n")
_ESCAPED = {b"\\r": b"\r", b"\\n": b"\n", b"\\\\": b"\\", b"\\(": b"(", b"\\)": b")"}


def streams(made: bytes) -> Iterator[bytes]:
    """The content of each stream that is plain or deflated."""
    for stream in _STREAM.findall(made):
        try:
            yield zlib.decompress(stream)
        except zlib.error:
            yield stream


def lines_of(made: bytes) -> list[str]:
    """The lines of text, in the order drawn."""
    contents = list(streams(made))
    table = next(content for content in contents if b"beginbfchar" in content)
    letters = {int(a, 16): bytes.fromhex(b.decode()).decode("utf-16-be") for a, b in _PAIR.findall(table)}
    pages = [content for content in contents if b" Tj" in content and b"BT" in content]
    return [
        "".join(letters[code] for code in _codes(shown)) for page in pages for shown in _SHOWN.findall(page)
    ]


def _codes(shown: bytes) -> list[int]:
    plain = re.sub(rb"\\.", lambda match: _ESCAPED[match[0]], shown, flags=re.DOTALL)
    return [int.from_bytes(plain[at : at + 2]) for at in range(0, len(plain), 2)]


def text_of(made: bytes) -> str:
    """All of the text, with single spaces."""
    return " ".join(" ".join(lines_of(made)).split())


def type_sizes(made: bytes) -> set[float]:
    """The sizes of type that are set, in points."""
    found = (size for content in streams(made) for size in re.findall(rb"/F\d+ ([\d.]+) Tf", content))
    return {float(size) for size in found}


def pages_of(made: bytes) -> int:
    """How many pages there are."""
    return len(re.findall(rb"/Type /Page\b", made))
