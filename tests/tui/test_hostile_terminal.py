"""On a real terminal: nothing in a chart, a file's name or an answer acts, and no unit is lost."""

import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.tui.terminal import Terminal, plain, sequences

ALLOWED = re.compile(
    rb"\x1b\]22;(?:default|pointer|text)\x07"  # the shape of the mouse pointer
    rb"|\x1b\[(?:"
    rb"[0-9;:]*m"  # colors and weights
    rb"|\d+;\d+H|H|\d*[ABCDGdJK]|2J"  # where the cursor goes, what is erased
    rb"|\?(?:7|25|1000|1003|1004|1006|1015|1049|2004|2026|2048)[hl]|\?20(?:26|48)\$p"  # modes
    rb"|[<>=?]\d*u"  # how keys are reported
    rb"|(?:6n|c|>c|\d*t)"
    rb")"
)
ACTING = frozenset(("Cc", "Cf", "Cs", "Co"))
ESCAPE, F5, DOWN = b"\x1b", b"\x1b[15~", b"\x1b[B"
STEPS: tuple[tuple[bytes, bytes], ...] = (
    (b"List all my glucose results\r", b"numbers match"),
    (b"\x14", b"Whom do you want"),
    *((DOWN, b""), (b"\r", b"scripted")),
    (b"And the glucose before?\r", b"OUTGOING"),
    *((b"v", b"laid out"), (b"v", b"F5 sends")),
    (F5, b"Your glucose"),
    *((b"\x0f", b"OUTGOING"), (b"v", b""), (ESCAPE, b"SHARING")),
    *((b"\x12", b"records"), (b"\r", b"Glucose"), (b"j", b""), (ESCAPE, b""), (ESCAPE, b"")),
    *((b"\x12", b"records"), (b"t", b"by year"), (ESCAPE, b""), (ESCAPE, b"SHARING")),
    *((b"\x0c", b"glucose"), (ESCAPE, b""), (b"\x02", b"ledger"), (ESCAPE, b"")),
    *((b"\x07", b"Theme"), (ESCAPE, b""), (b"\x1bOP", b"Send"), (ESCAPE, b"")),
    *((b"\x10", b"Search for"), (ESCAPE, b""), (b"\x1bOR", b""), (ESCAPE, b"")),
    *((b"\x1b[Z", b"1-9"), (b"1", b"Glucose"), (ESCAPE, b""), (ESCAPE, b"")),
)


SIZES = ((120, 36), (80, 24), (200, 60))


def test_only_known_sequences_come_out(tmp_path: Path) -> None:
    terminals = [started(tmp_path / str(columns), columns, lines) for columns, lines in SIZES]
    with ThreadPoolExecutor(len(SIZES)) as beside:
        for answered in beside.map(walked, terminals):
            text = answered.decode("utf-8")
            acting = {c for c in text if c not in "\r\n" and unicodedata.category(c) in ACTING}
            assert acting == set()
            assert "mm[Hg]" in text
            assert "[@click=app.quit]" in text
            assert "\N{REPLACEMENT CHARACTER}" in text


def started(folder: Path, columns: int, lines: int) -> Terminal:
    """The program over a hostile chart, on a terminal of its own."""
    folder.mkdir()
    surroundings = [("CHARTSIDE_TEST_KDF", "1"), ("CHARTSIDE_HOME", str(folder / "none"))]
    program = ("-m", "tests.tui.hostile_app", str(folder))
    return Terminal(*program, columns=columns, lines=lines, environment=surroundings)


def walked(terminal: Terminal) -> bytes:
    """Go through the steps; what was to be seen before the end."""
    terminal.until(b"choose one")
    for keys, comes in STEPS:
        terminal.press(keys, comes)
    answered = plain(terminal.written)
    terminal.press(b"\x11")
    assert terminal.end() == 0
    assert {s for s in sequences(terminal.written) if not ALLOWED.fullmatch(s)} == set()
    return answered
