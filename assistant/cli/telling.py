"""Reports and records as lines for a person."""

from collections.abc import Iterator
from typing import Any

from assistant.links.report import FileReport, ImportReport


def report_lines(report: ImportReport, *, dry_run: bool) -> Iterator[str]:
    """An import's report."""
    if report.owner is not None:
        born = f", born {report.owner.born}" if report.owner.born else ""
        yield f"Whose chart: {report.owner.name or 'one person, not named'}{born}"
    for file in report.files:
        yield f"{file.path} ({file.format}): {_counts(file)}"
        for tally in file.refused:
            yield f"  refused: {tally.count} of {tally.what}. {tally.why}"
        for tally in file.set_aside:
            yield f"  set aside: {tally.count} {tally.what}. {tally.why}"
        if file.problems:
            yield f"  {len(file.problems)} parts could not be read."
    if dry_run:
        yield "This was a dry run: nothing was kept."
    elif report.id is not None:
        yield f"To take it back: chartside import undo {report.id}"


def record_lines(document: dict[str, Any]) -> Iterator[str]:
    """One record with its parts, its exact value and where it came from."""
    yield document["text"]
    if document["value"] is not None and document["value"] != document["shown"]:
        exact = f"{document['comparator'] or ''}{document['value']} {document['unit'] or ''}"
        yield f"  exactly: {exact.rstrip()}"
    for part in document["parts"]:
        flags = f" ({part['interpretation']})" if part["interpretation"] else ""
        yield f"  {part['title']}: {part['shown'] or 'no value'}{flags}"
    for name in ("status", "trust", "range", "interpretation"):
        if document[name]:
            yield f"  {name}: {document[name]}"
    for code in document["codes"]:
        yield f"  code: {code['code']} ({code['system']})"
    for origin in document["provenance"]:
        yield f"  from {origin['source']}, {origin['part']} {origin['at']}, sha256 {origin['sha256'][:16]}…"
    for finding in document["validation"]:
        yield f"  the FHIR validator says: {finding}"


def _counts(file: FileReport) -> str:
    told = [
        f"{count} {name}"
        for name in ("new", "updated", "unchanged", "merged")
        if (count := getattr(file, name))
    ]
    return ", ".join(told) or "no records"
