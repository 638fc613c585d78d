"""Find a provider: `providers search`, `update`, `add`, `remove`, `lists`. None of them opens the vault."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.bootstrap import provider_directory
from assistant.cli.output import emit, fail, json_option, note
from assistant.cli.secrets import on_terminal
from assistant.errors import NothingDone, Refused
from assistant.records.dates import shown_date
from assistant.safe_text import safe_line

if TYPE_CHECKING:
    from assistant.links.providers.directory import Updated
    from connectors.directory.index import About
    from connectors.directory.known import KnownList
    from connectors.directory.model import Place
    from connectors.directory.search import Match

MOST = 500
_TOLD_EVERY = 5 * 1024 * 1024


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def providers(ctx: click.Context, as_json: bool) -> None:
    """Find a hospital or practice by name, city or zip code, in lists on this computer."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(lists, as_json=as_json)


@providers.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, MOST), default=20, metavar="N", help="At most so many.")
@json_option
def search(text: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Look for providers. Nothing leaves this computer, and what you look for is kept nowhere."""
    directory = provider_directory()
    held = [about.id for about in directory.lists()]
    found = directory.search(" ".join(text), limit) if held else []
    following = _after_search(held, found)
    document = {"providers": [_provider(match) for match in found], "lists": held, "next": following}
    emit(document, [*(line for match in found for line in _lines(match)), following], as_json=as_json)


@providers.command()
@json_option
def lists(as_json: bool) -> None:
    """The lists that are here, with what was left out and why, and those that can be fetched."""
    from connectors.directory.known import KNOWN

    held = provider_directory().lists()
    fetchable = [one for one in KNOWN if one.id not in {about.id for about in held}]
    document = {
        "lists": [_about(about) for about in held],
        "available": [
            {"id": k.id, "name": k.name, "address": k.address, "about": k.about} for k in fetchable
        ],
    }
    emit(document, [*_list_lines(held), *_offer(fetchable)], as_json=as_json)


@providers.command()
@click.option("--list", "ids", multiple=True, metavar="NAME", help="This list; may be repeated.")
@click.option("--all", "every", is_flag=True, help="Every published list that is known.")
@click.option("--yes", is_flag=True, help="Don't ask before connecting.")
@json_option
def update(ids: tuple[str, ...], every: bool, yes: bool, as_json: bool) -> None:
    """Fetch published lists; without a name, those that are here anew.

    Connects to the addresses shown and to no other. Nothing of yours is sent.
    """
    directory = provider_directory()
    chosen = directory.chosen(ids, every=every)
    for one in chosen:
        note(f"{one.name}: {one.address}\n  {one.about}")
    if not yes and not (on_terminal() and click.confirm("Connect to these addresses?", err=True)):
        refused = Refused("No list was fetched.", "Say yes to the addresses shown, or add --yes.")
        fail(_update_document(None, directory.lists()), refused, [], as_json=as_json)
    done = asyncio.run(directory.update(chosen, _telling()))
    for name, error in done.failed:
        note(f"{name}: {error.title}. {error.text} {error.next_step}")
    document, held = _update_document(done, directory.lists()), directory.lists()
    lines = [*(f"{name} is as it was." for name in done.unchanged), *_list_lines(held)]
    if done.failed and not done.done and not done.unchanged:
        nothing = NothingDone(
            "No list could be fetched.", "What was here before is unchanged. Try again later."
        )
        fail(document, nothing, lines, as_json=as_json)
    emit(document, lines, as_json=as_json)


@providers.command()
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def add(file: Path, as_json: bool) -> None:
    """Add a list that you have as a file: User-access Brands, a vendor's list, or a table with headings."""
    about = provider_directory().add(file)
    emit({"list": _about(about)}, _list_lines([about]), as_json=as_json)


@providers.command()
@click.argument("name", metavar="LIST")
@json_option
def remove(name: str, as_json: bool) -> None:
    """Drop a list."""
    directory = provider_directory()
    directory.remove(name)
    held = directory.lists()
    emit({"lists": [_about(about) for about in held]}, _list_lines(held), as_json=as_json)


def _after_search(held: list[str], found: list["Match"]) -> str:
    paste = "With the address of its FHIR server you need no list: `chartside link ADDRESS`."
    if not held:
        return (
            f"No list of providers is here yet. `chartside providers update --list epic` fetches one. {paste}"
        )
    if not found:
        return f"Nothing fits. Try fewer words, or another list: `chartside providers lists`. {paste}"
    return "Link one: `chartside link ID`."


def _provider(match: "Match") -> dict[str, Any]:
    one = match.provider
    place = one.places[0] if one.places else None
    return {
        "id": match.id,
        "name": one.name,
        "aliases": list(one.aliases),
        "city": place.city if place else "",
        "state": place.state if place else "",
        "zip": place.zip if place else "",
        "places": [{"city": p.city, "state": p.state, "zip": p.zip} for p in one.places],
        "url": one.url,
        "fhir_version": one.fhir_version,
        "vendor": one.vendor,
        "portal": one.portal,
        "brand": one.brand,
        "authorize": one.authorize,
        "token": one.token,
        "list": one.list,
    }


def _lines(match: "Match") -> Iterable[str]:
    one = match.provider
    place = next((_place(place) for place in one.places), "")
    brand = f"part of {one.brand}" if one.facility and one.brand else ""
    about = ", ".join(filter(None, (place, brand, one.portal or one.vendor)))
    yield safe_line(f"{match.id}  {one.name}{f' ({about})' if about else ''}")
    yield safe_line(f"{'':18}{one.url}")


def _place(place: "Place") -> str:
    city = f"{place.city}," if place.city and (place.state or place.zip) else place.city
    return " ".join(filter(None, (city, place.state, place.zip)))


def _about(about: "About") -> dict[str, Any]:
    return {
        "id": about.id,
        "name": about.name,
        "address": about.address or None,
        "fetched": about.fetched,
        "rows": about.rows,
        "shown": about.shown,
        "dropped": about.dropped,
    }


def _list_lines(held: Iterable["About"]) -> list[str]:
    from connectors.directory.model import Junk

    lines = []
    for about in held:
        day = shown_date(about.fetched[:10])
        lines.append(
            safe_line(f"{about.id}: {about.name}, {day}: {about.shown:,} of {about.rows:,} rows shown")
        )
        lines += [f"  {number:>7,} {Junk[name.upper()]}" for name, number in about.dropped.items()]
    return lines


def _offer(fetchable: Iterable["KnownList"]) -> list[str]:
    offered = [line for one in fetchable for line in (f"  {one.id}: {one.about}", f"      {one.address}")]
    return ["Can be fetched with `chartside providers update --list NAME`:", *offered] if offered else []


def _update_document(done: "Updated | None", held: Iterable["About"]) -> dict[str, Any]:
    failed = done.failed if done else ()
    return {
        "updated": list(done.done) if done else [],
        "unchanged": list(done.unchanged) if done else [],
        "failed": [{"id": name, "title": e.title, "text": e.text, "next": e.next_step} for name, e in failed],
        "lists": [_about(about) for about in held],
    }


def _telling() -> Any:
    told: dict[str, int] = {}

    def tell(name: str, done: int) -> None:
        if done - told.get(name, 0) >= _TOLD_EVERY:
            told[name] = done
            note(f"{name}: {done // 1024 // 1024} MB")

    return tell


COMMANDS: dict[str, click.Command] = {"providers": providers}
