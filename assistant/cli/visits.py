"""Prepare a visit: `visit new`, `list`, `show`, `edit`, `carry-over`, `export`, `delete`."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click
import msgspec

from assistant.bootstrap import House
from assistant.cli.dates import first_day_of
from assistant.cli.opening import opened
from assistant.cli.output import emit, json_option, note
from assistant.cli.secrets import on_terminal
from assistant.errors import UsageError
from assistant.visit import edit as steps
from assistant.visit.export import FORMATS, WARNING, format_for, rendered, require_free, write
from assistant.visit.make import title_of
from assistant.visit.model import VisitSheet
from assistant.visit.page import page_of
from assistant.visit.proposals import last_proposed
from assistant.visit.service import NewVisit
from assistant.visit.written import plain_text

LAST = "last"
"""Names the sheet that was made last."""
SHEET = click.argument("sheet", metavar="ID|last")
Step = Callable[[VisitSheet], VisitSheet]
NUMBER = click.IntRange(min=1)
_FORM = click.Choice(list(FORMATS))


@click.group()
def visit() -> None:
    """Prepare a visit: at most ten questions with why, what changed, what to bring. Nothing is sent."""


@visit.command("new")
@click.option("--on", "date", metavar="DATE", help="When the visit is: 2026-05-03, 2026-05 or 2026.")
@click.option("--with", "who", metavar="WHO", help="With whom.")
@click.option("--for", "record", metavar="RECORD", help="A planned visit of your records, by its id.")
@click.option("--since", metavar="RECORD", help="Count changes from this past visit, not from the last.")
@click.option("--carry-over", metavar="ID|last", help="Take the open questions of this sheet along.")
@json_option
def new(
    date: str | None,
    who: str | None,
    record: str | None,
    since: str | None,
    carry_over: str | None,
    as_json: bool,
) -> None:
    """Make a sheet. Without --on, --with or --for it is for the next visit that your records have planned."""
    with opened() as house:
        carried = _id(house, carry_over) if carry_over else None
        wanted = NewVisit(_date(date), who, record, since, carried)
        sheet = house.visits.new(wanted)
    _tell(sheet, as_json=as_json)


@visit.command("carry-over")
@SHEET
@click.option("--on", "date", metavar="DATE", help="When the next visit is.")
@click.option("--with", "who", metavar="WHO", help="With whom.")
@json_option
def carry_over(sheet: str, date: str | None, who: str | None, as_json: bool) -> None:
    """Make a new sheet that takes the open questions of this one along."""
    with opened() as house:
        made = house.visits.new(NewVisit(_date(date), who, carry_over=_id(house, sheet)))
    _tell(made, as_json=as_json)


@visit.command("list")
@json_option
def list_sheets(as_json: bool) -> None:
    """Your sheets, the one made last first."""
    with opened() as house:
        sheets = house.visits.all()
    lines = [_summary(sheet) for sheet in sheets] or ["No sheet yet. Make one with `chartside visit new`."]
    emit({"visits": [document(sheet) for sheet in sheets]}, lines, as_json=as_json)


@visit.command()
@SHEET
@json_option
def show(sheet: str, as_json: bool) -> None:
    """One sheet."""
    with opened() as house:
        found = house.visits.get(_id(house, sheet))
        house.shelf.looked_at("visit sheet looked at", 1)
    _tell(found, as_json=as_json)


@visit.command()
@SHEET
@click.option("--reword", type=(NUMBER, str), multiple=True, metavar="N TEXT", help="Say question N so.")
@click.option("--answer", type=(NUMBER, str), multiple=True, metavar="N TEXT", help="Note the answer to N.")
@click.option("--tick", type=NUMBER, multiple=True, metavar="N", help="Tick question N off.")
@click.option("--untick", type=NUMBER, multiple=True, metavar="N", help="Take the tick back.")
@click.option("--remove", type=NUMBER, multiple=True, metavar="N", help="Drop question N.")
@click.option("--add", multiple=True, metavar="TEXT", help="Ask this too.")
@click.option("--move", type=(NUMBER, int), multiple=True, metavar="N M", help="Put question N in place M.")
@click.option("--words", metavar="TEXT", help="Your own words, in place of those there.")
@click.option("--on", "date", metavar="DATE", help="When the visit is.")
@click.option("--with", "who", metavar="WHO", help="With whom.")
@click.option("--take-from", "chat", metavar="CHAT", help="Add what a model proposed in this chat last.")
@json_option
def edit(sheet: str, as_json: bool, chat: str | None, **asked: Any) -> None:
    """Change a sheet. The numbers are those that `show` gives, before any of the changes."""
    if chat is None and not any(value not in (None, ()) for value in asked.values()):
        raise UsageError("What to change isn't said.", "`chartside visit edit --help` lists what can be.")
    with opened() as house:
        known = house.visits.get(_id(house, sheet))
        names = [question.id for question in known.questions]
        changed = house.visits.change(known.id, *_steps(asked, names))
        if chat is not None:
            changed = house.visits.propose(known.id, last_proposed(house.chats.turns(chat)))
    _tell(changed, as_json=as_json)


@visit.command()
@SHEET
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--format", "form", type=_FORM, help="Else by the file's ending; `large` is PDF in large print."
)
@click.option("--yes", is_flag=True, help="Don't ask. A file of this name stays as it is.")
@json_option
def export(sheet: str, file: Path, form: str | None, yes: bool, as_json: bool) -> None:
    """Write a sheet to a file that you can print or take along. The file is not encrypted."""
    chosen = format_for(file, form)
    note(WARNING)
    if not yes and not (on_terminal() and click.confirm("Write it?", err=True)):
        raise UsageError("Nothing was written.", "Add --yes to write it without being asked.")
    replace = file.is_file() and on_terminal() and click.confirm("Replace the file of this name?", err=True)
    require_free(file, replace=replace)
    with opened() as house:
        found = house.visits.get(_id(house, sheet))
        content = rendered(found, chosen)
        house.visits.exported(found, chosen)
        write(file, content, replace=replace)
    emit({"files": [str(file)], "format": chosen}, [f"Written: {file}"], as_json=as_json)


@visit.command()
@SHEET
@click.option("--yes", is_flag=True, help="Don't ask.")
@json_option
def delete(sheet: str, yes: bool, as_json: bool) -> None:
    """Delete a sheet for good."""
    if not yes and not (on_terminal() and click.confirm("This can't be undone. Go on?", err=True)):
        raise UsageError("Nothing was deleted.", "Add --yes to delete without being asked.")
    with opened() as house:
        known = _id(house, sheet)
        house.visits.delete(known)
        house.vault.compact()
    emit({"removed": {"visit": known}}, ["The sheet is deleted."], as_json=as_json)


def _id(house: House, sheet: str) -> str:
    """The id that was given, or that of the sheet made last."""
    made = house.visits.all() if sheet == LAST else ()
    return made[0].id if made else sheet


def document(sheet: VisitSheet) -> dict[str, Any]:
    """A sheet for JSON."""
    built: dict[str, Any] = msgspec.to_builtins(sheet)
    return {"title": title_of(sheet), **built}


def _tell(sheet: VisitSheet, *, as_json: bool) -> None:
    lines = [f"Sheet {sheet.id}", "", *plain_text(page_of(sheet)).splitlines()]
    emit({"visit": document(sheet)}, lines, as_json=as_json)


def _summary(sheet: VisitSheet) -> str:
    left = sum(not question.done for question in sheet.questions)
    return f"{sheet.id}  {title_of(sheet)}: {left} of {len(sheet.questions)} questions open"


def _date(text: str | None) -> str | None:
    """The date as typed, once it is one."""
    first_day_of(text)
    return text


def _steps(asked: dict[str, Any], names: Sequence[str]) -> Iterator[Step]:
    """The changes in a fixed order: what is there first, then what is new, then places, then the rest."""

    def named(number: int) -> str:
        if number > len(names):
            raise UsageError(f"There is no question {number}.", "`chartside visit show ID` numbers them.")
        return names[number - 1]

    for number, text in asked["reword"]:
        yield partial(steps.reword, question=named(number), text=text)
    for number, text in asked["answer"]:
        yield partial(steps.answer, question=named(number), text=text)
    for number in asked["tick"]:
        yield partial(steps.tick, question=named(number), done=True)
    for number in asked["untick"]:
        yield partial(steps.tick, question=named(number), done=False)
    for number, place in asked["move"]:
        yield partial(steps.move, question=named(number), to=place)
    for number in asked["remove"]:
        yield partial(steps.remove, question=named(number))
    for text in asked["add"]:
        yield partial(steps.add, text=text)
    if asked["words"] is not None:
        yield partial(steps.words, text=asked["words"])
    yield partial(steps.appoint, date=_date(asked["date"]), who=asked["who"])


COMMANDS: dict[str, click.Command] = {"visit": visit}
