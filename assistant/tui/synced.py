"""How links stand and what a sync brought, in words for a screen."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.content import Content

from assistant.records.dates import shown_date
from assistant.tui.drawn import drawn_line, joined

if TYPE_CHECKING:
    from assistant.links.providers.link import Kind
    from assistant.links.providers.linked import Linked
    from assistant.links.providers.service import Synced
    from assistant.links.report import ImportReport

_FINE = frozenset(("all", "changes"))
_WORDS = {
    "part": "incomplete",
    "refused": "refused",
    "failed": "failed",
    "left": "not asked for",
    "waiting": "not reached",
}


def standing_line(linked: "Linked") -> Content:
    """`✓ working, last fetched 22 November 2026. Access ends on …`."""
    standing = linked.standing
    fine = standing.state == "working"
    sign = "✓ " if fine else "! "
    last = linked.last_success
    when = f", last fetched {shown_date(last[:10])}" if last else ""
    words = f"{standing.state}{when}. {standing.text}".strip()
    return joined(sign, drawn_line(words, "$text-success" if fine else "$text-warning"))


def kind_lines(linked: "Linked") -> Content:
    """What came at the last sync, kind by kind."""
    lines = [_kind(kind) for kind in linked.link.kinds]
    lines += _beside(linked.link.foreign, linked.link.left)
    return Content("\n").join(lines or [drawn_line("Nothing has been fetched from there yet.")])


def synced_lines(synced: "Synced") -> Content:
    """What one sync did: in a line, then whose, how many, what not, and by kind."""
    report, told = synced.report, synced.told
    lines = [drawn_line(told.text, "bold")] if told else []
    lines += [drawn_line(line) for line in _counts(report, synced.gone)]
    if synced.standing.text:
        lines.append(drawn_line(synced.standing.text, "$text-warning"))
    if told:
        asked = [kind for kind in told.kinds if kind.state != "left" and (kind.came or kind.text)]
        lines += [_kind(kind) for kind in asked]
        lines += _beside(told.foreign, told.left)
    return Content("\n").join(lines)


def _counts(report: "ImportReport", gone: int) -> Iterator[str]:
    if report.owner is not None:
        yield f"Whose records: {report.owner.name or 'one person, not named'}"
    totals = report.totals
    yield f"{totals.new} new, {totals.updated} changed, {totals.unchanged + totals.merged} known already"
    for file in report.files:
        for tally in file.refused:
            yield f"Refused: {tally.count} of {tally.what}. {tally.why}"
        for tally in file.set_aside:
            yield f"Set aside: {tally.count} {tally.what}. {tally.why}"
    if totals.problems:
        yield f"{totals.problems:,} {'part' if totals.problems == 1 else 'parts'} could not be read."
    if gone:
        yield f"{gone} are no longer at the provider and are not used any more."


def _beside(foreign: int, left: int) -> list[Content]:
    lines = []
    if left:
        lines.append(f"{left} attachments were left at the provider: too large, refused, or of another kind.")
    if foreign:
        lines.append(f"{foreign} references to other servers were not followed.")
    return [drawn_line(line, "$text-muted") for line in lines]


def _kind(kind: "Kind") -> Content:
    fine = kind.state in _FINE
    promised = f" of {kind.promised}" if kind.promised is not None and kind.promised != kind.came else ""
    doubt = "" if fine else f", {_WORDS.get(kind.state, kind.state)}"
    sign = "✓ " if fine else "! "
    text = drawn_line(f" {kind.text}", "$text-muted") if kind.text else Content("")
    return joined(sign, drawn_line(f"{kind.name}: {kind.came:,}{promised}{doubt}."), text)
