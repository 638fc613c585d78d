"""Run one benchmark and print its ratios: `python -m tests.benchmarks NAME [--json]`."""

import argparse
import importlib
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

NAMES = (
    *("ingest", "question", "opening", "help", "screen", "stream", "gate", "relay", "loading", "safety"),
    *("answers", "checking", "directory", "sync"),
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--size", type=int, default=None, help="resources or records, where it applies")
    parser.add_argument("--questions", default=None, help="answers: a file of your own instead of the frozen")
    parser.add_argument("--kept-aside", action="store_true", help="answers, checking: the fifth kept aside")
    parser.add_argument("--misses", type=Path, default=None, help="checking: a file for what it got wrong")
    chosen = parser.parse_args()
    module = importlib.import_module(f"tests.benchmarks.{chosen.name}")
    if chosen.name == "answers":
        figures = module.run(chosen.questions, aside=chosen.kept_aside)
        print(json.dumps(figures) if chosen.json else module.table(figures))
        return
    figures = _figures(module, chosen)
    if chosen.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:45} {value}", file=sys.stdout)


def _figures(module: ModuleType, chosen: argparse.Namespace) -> dict[str, Any]:
    if chosen.name == "checking":
        found = module.run(aside=chosen.kept_aside, misses=chosen.misses)
    else:
        found = module.run(chosen.size) if chosen.size is not None else module.run()
    figures: dict[str, Any] = found
    return figures


if __name__ == "__main__":
    main()
