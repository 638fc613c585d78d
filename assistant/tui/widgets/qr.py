"""An address as a QR code, to go on with on a phone: two modules to a character."""

from textual.content import Content

from assistant.tui.drawn import drawn

QUIET = 2
"""Light modules around it."""
STYLE = "#ffffff on #000000"
"""Dark modules are the background, whatever the theme: a camera needs the contrast."""
_HALVES = {(1, 1): " ", (0, 1): "▀", (1, 0): "▄", (0, 0): "█"}
"""By whether the upper and the lower module are dark; what is drawn is the light."""


def qr_lines(text: str) -> list[str] | None:
    """The code, line by line; None where the text is too long for any code."""
    import segno
    from segno.encoder import DataOverflowError

    try:
        code = segno.make_qr(text, error="l")
    except DataOverflowError:
        return None
    rows = [tuple(row) for row in code.matrix_iter(border=QUIET)]
    if len(rows) % 2:
        rows.append((0,) * len(rows[0]))
    return [
        "".join(_HALVES[int(bool(upper)), int(bool(lower))] for upper, lower in zip(*pair, strict=True))
        for pair in zip(rows[::2], rows[1::2], strict=True)
    ]


def qr_code(text: str, width: int, height: int) -> Content:
    """The code of a text, or a sentence where there is no room for it. Cells of the terminal."""
    lines = qr_lines(text)
    if lines is None:
        return drawn("This address is too long for a QR code. Copy it instead.", "$text-warning")
    if len(lines[0]) > width or len(lines) > height:
        return drawn(
            f"The QR code of this address needs {len(lines[0])} columns and {len(lines)} lines; there are "
            f"{width} and {height}. Make the window larger or the letters smaller, or copy the address.",
            "$text-warning",
        )
    return Content("\n").join([Content.styled(line, STYLE) for line in lines])
