"""Run one benchmark and print its ratios: `python -m tests.benchmarks NAME [--json]`."""

import argparse
import importlib
import json
import sys

NAMES = ("ingest", "question", "opening", "help", "screen", "stream", "gate", "relay", "loading")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--size", type=int, default=None, help="resources or records, where it applies")
    chosen = parser.parse_args()
    module = importlib.import_module(f"tests.benchmarks.{chosen.name}")
    figures = module.run(chosen.size) if chosen.size is not None else module.run()
    if chosen.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:45} {value}", file=sys.stdout)


if __name__ == "__main__":
    main()
