"""How well questions in a patient's words are grounded and answered, beside two baselines.

Over the real bundles of the test material; which questions, what is true and how it is judged:
docs/answers.md.
"""

import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from tests.answers.chart import Chart, load
from tests.answers.families import FROZEN, KINDS, Questions, cases, kept_aside, read
from tests.answers.running import BM25, NEWEST, PRODUCT, Judged
from tests.answers.running import run as ask
from tests.answers.scoring import figures
from tests.conftest import ROOT

FOLDERS = ("fhir-r4", "llmonfhir")
WHO = (PRODUCT, NEWEST, BM25)
EVERYTHING = "all"


def run(questions: str | None = None, *, aside: bool = False) -> dict[str, Any]:
    """Ask the frozen questions but the fifth kept aside (`aside`: only that fifth), or all of another file.

    Figures by kind of question, by who chose the records.
    """
    os.environ["CHARTSIDE_TEST_KDF"] = "1"
    started = time.perf_counter()
    charts = all_charts()
    made = cases(_read(Path(questions) if questions else FROZEN), charts)
    chosen = [case for case in made if questions or kept_aside(case.id) is aside]
    with tempfile.TemporaryDirectory() as folder:
        judged = list(ask(chosen, charts, Path(folder), _tell))
    found = {EVERYTHING: _by_who(judged)}
    found |= {kind: _by_who(some) for kind in KINDS if (some := [j for j in judged if j.case.kind == kind])}
    return {
        "questions": len(judged),
        "wordings": len({j.case.question for j in judged}),
        "patients": len({j.case.patient for j in judged}),
        "figures": found,
        "seconds": round(time.perf_counter() - started),
    }


def _read(path: Path) -> Questions:
    try:
        return read(path)
    except (OSError, msgspec.DecodeError) as error:
        raise SystemExit(f"{path}: {error}") from None


def all_charts() -> list[Chart]:
    """The charts of the test material.

    Raises:
        SystemExit: there is none.
    """
    material = Path(os.environ.get("CHARTSIDE_MATERIAL", ROOT.parent / "shared" / "material"))
    found = [path for folder in FOLDERS for path in sorted((material / folder).glob("*.json"))]
    if not found:
        raise SystemExit("no test material: set CHARTSIDE_MATERIAL to its folder")
    return [load(path) for path in found]


def table(found: dict[str, Any]) -> str:
    """The figures as a person reads them: a block for each of the three, a line for each kind."""
    lines = [f"{name:12} {found[name]}" for name in ("questions", "wordings", "patients", "seconds")]
    for who in WHO:
        rows = {kind: by_who[who] for kind, by_who in found["figures"].items()}
        names = list(next(iter(rows.values()), {}))
        lines += ["", who, *(f"  [{n}] {name}" for n, name in enumerate(names, 1))]
        lines.append(" " * 11 + "".join(f"{f'[{n}]':>8}" for n in range(1, len(names) + 1)))
        lines += [
            f"{kind:11}" + "".join(f"{_shown(row[name]):>8}" for name in names) for kind, row in rows.items()
        ]
    return "\n".join(lines)


def _shown(value: float | None) -> str:
    return "-" if value is None else str(value) if isinstance(value, int) else f"{value:.3f}"


def _by_who(judged: Sequence[Judged]) -> dict[str, dict[str, float | int | None]]:
    return {who: figures([j.scores[who] for j in judged]) for who in WHO}


def _tell(name: str) -> None:
    if sys.stderr.isatty():
        print(f"  {name}", file=sys.stderr)
