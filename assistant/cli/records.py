"""Records in and out of view: `import`, `records`, `record`, `facts`, `sources`, `set-aside`."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from assistant.bootstrap import file_connector
from assistant.cli.dates import first_day_of, last_day_of
from assistant.cli.opening import opened
from assistant.cli.output import emit, fail, json_option, note
from assistant.cli.telling import record_lines
from assistant.errors import NothingDone, UsageError
from assistant.links.browse import SourceSummary
from assistant.links.importer import bring_in
from assistant.links.removal import discard, release, undo
from assistant.links.report import ImportReport
from assistant.links.telling import report_lines
from assistant.records.document import as_document
from assistant.records.model import Category
from assistant.records.words import fold
from assistant.safe_text import safe_line
from assistant.sharing.merge import Merged
from assistant.vault.query import RecordQuery

CATEGORY = click.Choice([category.value for category in Category])


@click.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="PATH... | undo ID")
@click.option(
    "--patient", metavar="NAME", help="Whose chart it is, by name or id, if files name several people."
)
@click.option("--dry-run", is_flag=True, help="Say what would come in; keep nothing.")
@json_option
def bring(paths: tuple[str, ...], patient: str | None, dry_run: bool, as_json: bool) -> None:
    """Bring in files or folders; or take an import back with `import undo ID`."""
    if paths[0] == "undo":
        _undo(paths[1:], as_json=as_json)
        return
    with opened() as house:
        report = asyncio.run(
            bring_in(
                house.vault,
                [file_connector(Path(path)) for path in paths],
                clock=house.clock,
                patient=patient,
                dry_run=dry_run,
                progress=_progress(),
            )
        )
    document, lines = _report(report), report_lines(report, dry_run=dry_run)
    for file in report.files:
        for problem in file.problems:
            note(f"{file.path}{', ' if problem.at else ''}{problem.at}: {problem.text}")
    if not report.usable and not dry_run:
        fail(document, _nothing(report), lines, as_json=as_json)
    emit(document, lines, as_json=as_json)


@click.command()
@click.option("--category", type=CATEGORY, help="Only this category.")
@click.option("--search", metavar="TEXT", help="Only records with these words.")
@click.option("--since", metavar="DATE", help="Not before this day, month or year.")
@click.option("--until", metavar="DATE", help="Not after it.")
@click.option("--limit", type=click.IntRange(min=0), default=None, metavar="N", help="The newest N.")
@json_option
def records(
    category: str | None,
    search: str | None,
    since: str | None,
    until: str | None,
    limit: int | None,
    as_json: bool,
) -> None:
    """List and search your records, newest first."""
    words = fold(search) if search else ()
    query = RecordQuery(
        categories=(Category(category),) if category else None,
        words=words,
        prefix=bool(words),
        since=first_day_of(since),
        until=last_day_of(until),
        limit=limit,
    )
    with opened() as house:
        total, found = (0, []) if search and not words else house.shelf.find(query)
        house.shelf.looked_at("records looked at", len(found))
    document = {"total": total, "records": [_merged(merged) for merged in found]}
    lines = (
        [f"{r['id']}  {r['text']}" for r in document["records"]]
        if isinstance(document["records"], list)
        else []
    )
    emit(document, [*lines, f"{total} records match."], as_json=as_json)


@click.command()
@click.argument("record_id", metavar="ID")
@click.option("--raw", is_flag=True, help="The resources exactly as they came.")
@json_option
def record(record_id: str, raw: bool, as_json: bool) -> None:
    """One record with all that is known about it."""
    with opened() as house:
        found = house.shelf.open(record_id)
        house.shelf.looked_at("record looked at", 1)
    if raw:
        raws = [
            {"source": r.source, "format": r.format, "resource": r.body.decode("utf-8", "replace")}
            for r in found.raws
        ]
        emit({"raws": raws}, [r["resource"] for r in raws], as_json=as_json)
        return
    row = found.merged.told_by[0]
    document = as_document(found.merged.record, source=row.source, members=found.members)
    document["provenance"] = [
        {
            "source": kept.source,
            "part": kept.part,
            "at": kept.at,
            "type": kept.type,
            "resource_id": kept.rid,
            "full_url": kept.full_url,
            "sha256": kept.digest.hex(),
            "raw": kept.n,
        }
        for kept in found.raws
    ]
    document["validation"] = [msgspec.to_builtins(finding) for finding in found.findings]
    emit(document, record_lines(document), as_json=as_json)


@click.command()
@click.argument("question", required=False)
@click.option("--category", "categories", metavar="C,...", help="Look only in these categories.")
@json_option
def facts(question: str | None, categories: str | None, as_json: bool) -> None:
    """What can be worked out from your records, by code alone."""
    from assistant.chat.prepare import facts_for

    chosen = named_categories(categories)
    with opened() as house, house.vault.read() as session:
        found = facts_for(session, question, chosen, today=house.clock().astimezone().date())
    document = {
        "facts": [
            {
                "kind": fact.kind,
                "text": fact.text,
                "value": fact.value,
                "unit": fact.unit,
                "date": fact.date,
                "records": list(fact.records),
            }
            for fact in found
        ]
    }
    emit(document, [fact.text for fact in found], as_json=as_json)


@click.command()
@json_option
def sources(as_json: bool) -> None:
    """Where your records came from."""
    with opened() as house:
        found = house.shelf.sources()
    document = {"sources": [msgspec.to_builtins(source) for source in found]}
    lines = [line for s in found for line in _source_lines(s)]
    emit(document, lines or ["No source yet. Bring one in with `chartside import FILE`."], as_json=as_json)


@click.command("set-aside")
@click.argument("action", type=click.Choice(["list", "release", "delete"]), default="list")
@click.argument("number", type=int, required=False)
@json_option
def set_aside(action: str, number: int | None, as_json: bool) -> None:
    """What was kept but isn't used: list it, release NUMBER into your chart, or delete NUMBER."""
    if action != "list" and number is None:
        raise UsageError("Which one isn't said.", f"Add its number: `chartside set-aside {action} 12`.")
    with opened() as house:
        if action == "release" and number is not None:
            release(house.vault, number, house.clock)
        elif action == "delete" and number is not None:
            discard(house.vault, number, house.clock)
        kept = house.shelf.set_aside()
    document = {
        "set_aside": [
            {"number": r.n, "source": r.source, "part": r.part, "at": r.at, "type": r.type, "why": r.why}
            for r in kept
        ]
    }
    lines = [f"{r.n}  {r.type} ({r.part} {r.at}): {r.why}" for r in kept] or ["Nothing is set aside."]
    emit(document, lines, as_json=as_json)


def named_categories(text: str | None) -> tuple[Category, ...]:
    """Categories from `labs,medications`.

    Raises:
        UsageError: one of them isn't a category.
    """
    names = [name.strip() for name in (text or "").split(",") if name.strip()]
    known = {category.value for category in Category}
    for name in names:
        if name not in known:
            raise UsageError(f"“{name}” is not a category.", f"Known are: {', '.join(known)}.")
    return tuple(Category(name) for name in dict.fromkeys(names))


def _source_lines(source: SourceSummary) -> Iterator[str]:
    count = sum(source.counts.values())
    last = f"last read {source.last_success}" if source.last_success else "not read yet"
    yield safe_line(f"{source.id}  {source.name} ({source.kind}): {source.state}, {count} records, {last}")
    if source.detail:
        yield safe_line(f"  {source.detail}")


def _undo(names: tuple[str, ...], *, as_json: bool) -> None:
    if len(names) != 1:
        raise UsageError("Which import isn't said.", "Write `chartside import undo ID`; `ledger` lists them.")
    with opened() as house:
        done = undo(house.vault, names[0], house.clock)
    document = {"removed": done.removed, "restored": done.restored}
    emit(document, [f"{done.removed} records removed, {done.restored} brought back."], as_json=as_json)


def _report(report: ImportReport) -> dict[str, Any]:
    return {
        "import": report.id,
        "owner": msgspec.to_builtins(report.owner),
        "files": [msgspec.to_builtins(file) for file in report.files],
        "totals": msgspec.to_builtins(report.totals),
    }


def _nothing(report: ImportReport) -> NothingDone:
    if report.owner is None and report.totals.refused:
        return NothingDone(
            "These files name several people, and it isn't said whose chart this is.",
            "Say it with `--patient NAME` (the names stand above) or `chartside init --owner-from FILE`.",
        )
    if report.totals.refused:
        return NothingDone(
            "Everything in these files belongs to another person.",
            "Another person's records need a vault of their own: set CHARTSIDE_HOME to another folder.",
        )
    if report.totals.set_aside:
        return NothingDone(
            "Nothing in these files could be used as it is; it is kept apart.",
            "`chartside set-aside` lists it with the reasons.",
        )
    return NothingDone(
        "Nothing in these files could be read as records.", "The problems above say where and why."
    )


def _merged(merged: Merged) -> dict[str, Any]:
    document = as_document(merged.record, source=merged.told_by[0].source)
    return document | {"sources": sorted({row.source for row in merged.told_by})}


def _progress() -> Callable[[int, int | None], None]:
    last = -1

    def tell(done: int, total: int | None) -> None:
        nonlocal last
        percent = 100 * done // total if total else -1
        if percent != last and sys.stderr.isatty():
            last = percent
            click.echo(f"\r{percent:3d} %" if total else f"\r{done}", nl=False, err=True)

    return tell


COMMANDS: dict[str, click.Command] = {
    "import": bring,
    "records": records,
    "record": record,
    "facts": facts,
    "sources": sources,
    "set-aside": set_aside,
}
