"""Reading a path in this process and gathering its batches by file."""

import os
from pathlib import Path

import msgspec

from connectors.files.read import read_path
from connectors.model import Batch, Problem, SourceRecord


class Part(msgspec.Struct):
    """Everything that one file gave."""

    format: str
    records: list[SourceRecord]
    problems: list[Problem]


def read_parts(path: Path) -> dict[str, Part]:
    parts: dict[str, Part] = {}
    for batch in read_path(os.fsencode(path)):
        add(parts, batch)
    return parts


def add(parts: dict[str, Part], batch: Batch) -> None:
    part = parts.setdefault(batch.part, Part(batch.format, [], []))
    part.records += batch.records
    part.problems += batch.problems


def read_one(path: Path) -> Part:
    (part,) = read_parts(path).values()
    return part
