"""What an import did, as lines for a person."""

from collections.abc import Iterator

from assistant.links.report import FileReport, ImportReport


def report_lines(report: ImportReport, *, dry_run: bool = False) -> Iterator[str]:
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


def _counts(file: FileReport) -> str:
    told = [
        f"{count} {name}"
        for name in ("new", "updated", "unchanged", "merged")
        if (count := getattr(file, name))
    ]
    return ", ".join(told) or "no records"
