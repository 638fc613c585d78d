"""What an import did, as lines for a person."""

from collections import Counter
from collections.abc import Iterator

from assistant.links.report import FileReport, ImportReport

MOST_REASONS = 5
"""Reasons why parts of one file were not read that are told to a person."""


def report_lines(report: ImportReport, *, dry_run: bool = False, why: bool = False) -> Iterator[str]:
    """An import's report; `why` adds the reasons for what could not be read."""
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
            count = len(file.problems)
            yield f"  {count:,} {'part' if count == 1 else 'parts'} could not be read."
        if why:
            yield from (f"  {line}" for line in _reasons(file))
    if dry_run:
        yield "This was a dry run: nothing was kept."
    elif report.id is not None:
        yield f"To take it back: chartside import undo {report.id}"


def _reasons(file: FileReport) -> Iterator[str]:
    """Each reason once, with where it came up first."""
    first: dict[str, str] = {}
    counts = Counter(problem.text for problem in file.problems)
    for problem in file.problems:
        first.setdefault(problem.text, problem.at)
    for text, count in counts.most_common(MOST_REASONS):
        at = first[text]
        places = "" if count == 1 else f"{count:,} times" if not at else f"{count:,} times, first at "
        yield f"{text} ({places}{at})" if places or at else text
    if len(counts) > MOST_REASONS:
        yield f"And {len(counts) - MOST_REASONS:,} more reasons."


def _counts(file: FileReport) -> str:
    told = [
        f"{count} {name}"
        for name in ("new", "updated", "unchanged", "merged")
        if (count := getattr(file, name))
    ]
    return ", ".join(told) or "no records"
