"""An answer's Markdown drawn to Content: headings, lists, bold and code; everything else stays as written.

No character of a value may get lost: single stars and underscores stay (`5*3*2`), links and HTML are text,
escapes and entities are not read.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from assistant.tui.drawn import drawn

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_RULES = ("heading", "list", "fence", "backticks", "emphasis")


class Markdown:
    """Draws answers. The parser comes with the first: 40 ms that the first frame need not wait for."""

    def __init__(self) -> None:
        self._parser: MarkdownIt | None = None

    def draw(self, text: str) -> Content:
        """An answer as Content. Cleaned like all text that the app did not write."""
        if self._parser is None:
            from markdown_it import MarkdownIt

            self._parser = MarkdownIt("zero").enable(list(_RULES))
        return Content("\n").join(list(_blocks(self._parser.parse(text))))


def _blocks(tokens: "Sequence[Token]") -> Iterator[Content]:
    depth, marker, style, last = 0, "", "", 0
    for token in tokens:
        if token.map and token.type not in _INSIDE and token.level == 0 and token.map[0] > last:
            yield Content("")
        match token.type:
            case "heading_open":
                style = "bold"
            case "heading_close":
                style = ""
            case "bullet_list_open" | "ordered_list_open":
                depth += 1
            case "bullet_list_close" | "ordered_list_close":
                depth -= 1
            case "list_item_open":
                marker = f"{'  ' * (depth - 1)}{token.info}{token.markup} "
            case "list_item_close" if marker:
                yield drawn(marker.rstrip())
                marker = ""
            case "inline":
                indent = " " * len(marker) if marker.strip() else "  " * depth
                yield _lines(token.children or [], marker or "  " * depth, indent, style)
                marker = ""
            case "fence":
                code = f"{token.info.strip()}\n{token.content}".strip("\n")
                yield drawn(code, "$foreground-muted")
        if token.map and token.level == 0:
            last = token.map[1]


_INSIDE = frozenset(("inline",))


def _lines(children: "Sequence[Token]", first: str, rest: str, style: str) -> Content:
    pieces: list[Content] = [drawn(first)]
    bold, written = False, ""
    for child in children:
        text = ""
        match child.type:
            case "strong_open":
                bold = not written[-1:].isalnum()
                text = "" if bold else child.markup
            case "strong_close":
                text = "" if bold else child.markup
                bold = False
            case "em_open" | "em_close":
                text = child.markup
            case "softbreak" | "hardbreak":
                text = f"\n{rest}"
            case "code_inline":
                text = child.content
            case _:
                text = child.content
        written += text
        pieces.append(drawn(text, "bold" if bold else style))
    return Content("").join(pieces)
