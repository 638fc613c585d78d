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
    parser.add_argument("names", nargs="+", choices=NAMES, metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--size", type=int, default=None, help="resources or records, where it applies")
    parser.add_argument("--questions", default=None, help="answers: a file of your own instead of the frozen")
    parser.add_argument("--kept-aside", action="store_true", help="answers, checking: the fifth kept aside")
    parser.add_argument("--misses", type=Path, default=None, help="checking: a file for what it got wrong")
    chosen = parser.parse_args()
    for name in chosen.names:
        _print(name, chosen)


def _print(name: str, chosen: argparse.Namespace) -> None:
    module = importlib.import_module(f"tests.benchmarks.{name}")
    if name == "answers":
        figures = module.run(chosen.questions, aside=chosen.kept_aside)
        print(json.dumps(figures) if chosen.json else module.table(figures))
        return
    figures = _figures(name, module, chosen)
    if chosen.json:
        print(json.dumps(figures))
        return
    for figure, value in figures.items():
        print(f"{figure:45} {value}", file=sys.stdout)


def _figures(name: str, module: ModuleType, chosen: argparse.Namespace) -> dict[str, Any]:
    if name == "checking":
        found = module.run(aside=chosen.kept_aside, misses=chosen.misses)
    else:
        found = module.run(chosen.size) if chosen.size is not None else module.run()
    figures: dict[str, Any] = found
    return figures


if __name__ == "__main__":
    main()
