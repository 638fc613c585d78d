"""The one door by which text reaches a widget: cleaned by `safe_text`, and never read as markup.

Textual reads a plain string as markup in many places, where `120 mm[Hg]` loses its unit and `[@click=...]`
runs an action. Everything that is drawn here is `Content`, which has no markup left to read.
"""

from textual.content import Content
from textual.style import Style

from assistant.safe_text import safe_line, safe_text


def drawn(text: str, style: str | Style = "") -> Content:
    """Text of any length, newlines kept, in one style (`bold`, `$text-muted`)."""
    return Content.styled(safe_text(text).expandtabs(4), style)


def drawn_line(text: str, style: str | Style = "") -> Content:
    """Text on one line."""
    return Content.styled(safe_line(text), style)


def joined(*pieces: Content | str) -> Content:
    """Pieces in a row; a string is cleaned like all text."""
    return Content("").join([piece if isinstance(piece, Content) else drawn(piece) for piece in pieces])
