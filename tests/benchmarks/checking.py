"""The check of an answer over the frozen answers and sentences: caught, marked for nothing, warned of."""

from pathlib import Path
from typing import Any

import msgspec

from tests.checking.frozen import load
from tests.checking.measure import measure


def run(*, aside: bool = False, misses: Path | None = None) -> dict[str, Any]:
    """The part that is kept aside is measured alone, and its misses are not told."""
    measured = measure(load(), aside=aside)
    if misses is not None and not aside:
        misses.write_bytes(msgspec.json.format(msgspec.json.encode(measured.misses), indent=1) + b"\n")
    return measured.figures
