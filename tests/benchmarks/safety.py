"""Urgent phrases found and ordinary questions left in peace, over the frozen phrases, and the time taken."""

import statistics
import time
from typing import Any

from assistant.safety.data import reviewed
from tests.benchmarks.measuring import p95
from tests.safety.corpus import fingerprint, ordinary, urgent
from tests.safety.measuring import Part, measure, milliseconds


def run(size: int = 10_000) -> dict[str, Any]:
    started = time.perf_counter()
    reviewed()
    figures: dict[str, Any] = {"corpus": fingerprint()[:16], "rules read, ms": _rounded(started)}
    for name, kept_aside in (("tuned on", False), ("kept aside", True)):
        figures |= _of(name, measure(kept_aside))
    questions = [one.phrase for aside in (False, True) for one in ordinary(aside)]
    each = [milliseconds(question, rounds=3) for question in questions]
    figures["an ordinary question, ms"] = round(statistics.median(each), 2)
    figures["an ordinary question, ms p95"] = round(p95(each), 2)
    figures[f"{size} ordinary characters, ms"] = round(milliseconds(" ".join(questions)[:size]), 2)
    stories = " ".join(one.phrase for one in urgent(False))[:size]
    figures[f"{size} urgent characters, ms"] = round(milliseconds(stories), 2)
    return figures


def _of(name: str, part: Part) -> dict[str, Any]:
    lines: dict[str, Any] = {
        f"{name}: recall": round(part.recall, 4),
        f"{name}: concrete plans": round(part.plans, 4),
        f"{name}: false alarms": round(part.false_alarms, 4),
    }
    lines |= {f"{name}: frame {frame}": round(value, 3) for frame, value in part.by_frame.items()}
    lines |= {f"{name}: kind {kind}": round(value, 3) for kind, value in part.by_kind.items()}
    alarms = {frame: value for frame, value in part.alarms_by_frame.items() if value}
    return lines | {f"{name}: alarms in {frame}": round(value, 3) for frame, value in alarms.items()}


def _rounded(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
