"""`chartside --help` against a Python that imports only the command-line library."""

import statistics
import sys
from pathlib import Path
from typing import Any


def run(runs: int = 15) -> dict[str, Any]:
    from tests.benchmarks.measuring import paired

    program = str(Path(sys.executable).with_name("chartside"))
    ours, floor = paired([program, "--help"], [sys.executable, "-c", "import click"], runs)
    ratios = [a / b for a, b in zip(ours, floor, strict=True)]
    return {
        "chartside --help, median s": round(statistics.median(ours), 4),
        "python -c 'import click', median s": round(statistics.median(floor), 4),
        "ratio, median of pairs": round(statistics.median(ratios), 2),
        "reach": 1.5,
    }
