"""Fetch from one link, and know what came of it, whether it worked or not."""

import asyncio
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
import msgspec

from assistant.cli.output import note
from assistant.errors import ChartsideError, NothingDone, SourceFailed, VaultBusy
from assistant.links.providers.link import Kind, Link, Standing
from assistant.links.report import ImportReport
from assistant.links.states import WORKING
from assistant.safe_text import safe_line

_NEXT = "What came before stays. Try again later, or sign in again: `chartside link SOURCE`."

if TYPE_CHECKING:
    from assistant.links.providers.service import Links


class Fetched(msgspec.Struct, frozen=True):
    """What came of one sync."""

    link: Link
    standing: Standing
    kinds: tuple[Kind, ...] = ()
    report: ImportReport | None = None
    gone: int = 0
    foreign: int = 0
    """References to other servers, which were not followed."""
    left: int = 0
    """Attachments left at the provider."""
    error: ChartsideError | None = None
    """Why nothing came, where nothing did."""


def fetch(links: "Links", runner: asyncio.Runner, source: str) -> Fetched:
    """Fetch what is new; what fails is told as a result."""
    note(f"Fetching from {safe_line(links.book.get(source).link.info.name)}.")
    try:
        done = runner.run(links.sync(source, _progress))
    except (NothingDone, VaultBusy) as error:
        linked = links.book.get(source)
        return Fetched(linked.link, linked.standing, error=error)
    finally:
        if sys.stderr.isatty():
            click.echo(err=True)
    for file in done.report.files:
        for problem in file.problems:
            note(safe_line(f"{file.path}{', ' if problem.at else ''}{problem.at}: {problem.text}"))
    told, nothing = done.told, _unusable(done.report, done.standing)
    if told is None:
        return Fetched(done.link, done.standing, (), done.report, error=nothing)
    return Fetched(
        done.link, done.standing, told.kinds, done.report, done.gone, told.foreign, told.left, nothing
    )


def _progress(done: int, total: int | None) -> None:
    """Pages behind, on a terminal only; their whole number is rarely known."""
    if sys.stderr.isatty():
        click.echo(f"\r  page {done} of {total}" if total else f"\r  page {done}", nl=False, err=True)


def nothing_came(done: Sequence[Fetched]) -> ChartsideError:
    """What to say where no link brought anything."""
    if not done:
        return NothingDone("No provider is linked yet.", "Link one: `chartside link PROVIDER-OR-URL`.")
    if len(done) == 1 and done[0].error is not None:
        return done[0].error
    return NothingDone("No provider could be read.", "What is wrong with each stands above.")


def _unusable(report: ImportReport, standing: Standing) -> ChartsideError | None:
    totals = report.totals
    if report.usable or not (totals.refused or totals.set_aside or totals.problems):
        return None
    if not (totals.refused or totals.set_aside):
        return None if standing.state == WORKING else SourceFailed(standing.text, _NEXT)
    if report.totals.refused:
        return NothingDone(
            "Everything there belongs to another person, so none of it was taken.",
            "Unlink it; another person's records need a vault of their own.",
        )
    return NothingDone(
        "Nothing of it could be used as it is; it is kept apart.",
        "`chartside set-aside` lists it with the reasons.",
    )
