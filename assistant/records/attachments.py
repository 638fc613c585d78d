"""Text inside resources: base64 attachments and XHTML narratives to plain text, within limits.

Only plain text and HTML are read; nothing is rendered, no link or image is followed. What is longer than
the limit is cut, and says so.
"""

import base64
import binascii
import html
import re
from typing import Any

from assistant.records.coded import one_of, string
from assistant.records.decode import Node

LIMIT = 200_000
"""Characters of text kept of one attachment."""
_CUT = "\n(cut here: the document goes on)"
_BLOCKS = one_of("p div br li tr table h1 h2 h3 h4 h5 h6 ul ol section header footer hr dl dt dd pre")
_SPACES = re.compile(r"\s+")


def plain_text(markup: str) -> str:
    """The words of an HTML or XHTML text. Scripts, styles and comments are left out; takes linear time."""
    pieces: list[str] = []
    at = 0
    while (start := markup.find("<", at)) >= 0:
        pieces.append(markup[at:start])
        if markup.startswith("<!--", start):
            end = markup.find("-->", start + 4)
            at = len(markup) if end < 0 else end + 3
            continue
        end = markup.find(">", start)
        if end < 0:
            at = len(markup)
            break
        name = re.match(r"/?([A-Za-z0-9]*)", markup[start + 1 : start + 24])
        tag = name.group(1).lower() if name else ""
        at = end + 1
        if tag in ("script", "style") and markup[start + 1] != "/":
            closing = re.compile(f"</{tag}", re.IGNORECASE).search(markup, at)
            at = closing.start() if closing else len(markup)
        elif tag in _BLOCKS:
            pieces.append("\n")
        elif tag in ("td", "th"):
            pieces.append(" ")
    pieces.append(markup[at:])
    text = html.unescape("".join(pieces))
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _limited(text: str) -> str:
    return text if len(text) <= LIMIT else text[:LIMIT] + _CUT


def attachment_text(node: Node) -> str | None:
    """The text of a FHIR Attachment with inline text or HTML data; None for any other."""
    kind = node.get("contentType")
    data = node.get("data")
    if not isinstance(kind, str) or not isinstance(data, str) or not data:
        return None
    kind, _, parameters = kind.partition(";")
    kind = kind.strip().lower()
    if kind not in ("text/plain", "text/html", "application/xhtml+xml", "text/markdown"):
        return None
    size = LIMIT * 4
    whole = len(data) <= size * 2
    try:
        raw = base64.b64decode(data if whole else data[: size * 2 // 4 * 4])
    except (binascii.Error, ValueError):
        return None
    text = _decoded(raw, parameters)
    if kind in ("text/html", "application/xhtml+xml"):
        text = plain_text(text)
    text = _limited(text.strip("\x00 \r\n\t"))
    return (text if whole or text.endswith(_CUT) else text + _CUT) or None


def _decoded(raw: bytes, parameters: str) -> str:
    charset = re.search(r"charset\s*=\s*\"?([A-Za-z0-9_.:-]{1,40})", parameters, re.IGNORECASE)
    if charset and charset.group(1).lower() in ("iso-8859-1", "latin-1", "latin1", "windows-1252", "cp1252"):
        return raw.decode("cp1252", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def narrative_text(resource: Node) -> str | None:
    """The narrative, only where it says more than the structured data does (`additional`)."""
    node: Any = resource.get("text")
    if type(node) is not dict or node.get("status") != "additional":
        return None
    markup = string(node.get("div"))
    return _limited(plain_text(markup[: LIMIT * 8])) or None if markup else None
