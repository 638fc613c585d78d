"""Link a provider, fetch from it, leave it: `link`, `sync`, `unlink`."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.link_keys import ALGORITHMS, make_key
from assistant.cli.link_telling import (
    coming_lines,
    fetched_document,
    fetched_lines,
    offer_document,
    register_lines,
    signed_document,
)
from assistant.cli.opening import opened
from assistant.cli.output import emit, fail, json_option, note
from assistant.cli.secrets import on_terminal
from assistant.cli.signing_in import Asked, is_known, looked_at, sign_in, tell_offer
from assistant.cli.syncing import fetch, nothing_came
from assistant.errors import NothingDone, Refused, UsageError
from assistant.safe_text import safe_line, safe_text

if TYPE_CHECKING:
    from assistant.links.providers.door import Signed
    from assistant.links.providers.service import Links

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("provider", required=False, metavar="PROVIDER-OR-URL")
@click.option("--client-id", metavar="ID", help="What the provider, or its vendor, gave you for this app.")
@click.option(
    "--client-secret-file", type=FILE, metavar="FILE", help="Read once into the vault; yours alone."
)
@click.option("--client-key-file", type=FILE, metavar="FILE", help="The same, a key that --make-key made.")
@click.option("--redirect", metavar="ADDRESS", help="The address that you registered, if not the usual one.")
@click.option("--paste", is_flag=True, help="Paste the address you land on: over SSH, for instance.")
@click.option("--no-browser", is_flag=True, help="Only show the address; open no browser.")
@click.option("--yes", is_flag=True, help="Open the browser and fetch what was granted without asking.")
@click.option(
    "--search", "searches", multiple=True, metavar="WORDS", help="HealthEx: notes with these words, too."
)
@click.option("--mcp", is_flag=True, help="The address is one of a server of tools (MCP), not of FHIR.")
@click.option(
    "--make-key", "new_key", type=FILE, metavar="FILE", help="Make a key to register; links nothing."
)
@click.option("--key-kind", type=click.Choice(ALGORITHMS), default=ALGORITHMS[0], help="Of --make-key.")
@json_option
def link(
    provider: str | None,
    client_id: str | None,
    client_secret_file: Path | None,
    client_key_file: Path | None,
    redirect: str | None,
    paste: bool,
    no_browser: bool,
    yes: bool,
    searches: tuple[str, ...],
    mcp: bool,
    new_key: Path | None,
    key_kind: str,
    as_json: bool,
) -> None:
    """Sign in at a provider, see what would come, agree, and fetch it.

    PROVIDER-OR-URL is an id of `providers search`, the address of a FHIR server, `healthex`,
    `function-health`, or a source to sign in to again.
    """
    if new_key is not None:
        document = make_key(new_key, key_kind)
        lines = [f"Your key is in {new_key}.", f"Register what {document['public']} holds; it is not secret."]
        emit(document, lines, as_json=as_json)
        return
    if provider is None:
        raise UsageError("Which provider isn't said.", "`chartside providers search NAME` finds one.")
    asked = Asked(
        client_id, client_secret_file, client_key_file, redirect, paste, not no_browser, yes, searches
    )
    with opened() as house, asyncio.Runner() as runner:
        offer = looked_at(house.links, runner, provider, door="mcp" if mcp else "smart")
        tell_offer(offer)
        if not is_known(house.links, offer, asked):
            wanted = UsageError(
                "This provider needs a client id of your own.",
                "Follow the steps above, then add `--client-id ID`.",
                title="Register first",
            )
            fail(offer_document(offer), wanted, register_lines(offer), as_json=as_json)
        signed = sign_in(house.links, runner, offer, asked)
        _keep(house.links, runner, signed, yes=yes, as_json=as_json)


@click.command()
@click.argument("source", required=False)
@click.option("--status", "what", flag_value="status", help="Only ask a service how far it is.")
@click.option("--update", "what", flag_value="update", help="Have a service gather anew; it sets limits.")
@json_option
def sync(source: str | None, what: str | None, as_json: bool) -> None:
    """Fetch what is new from one linked provider, or from all.

    With --status or --update a service like HealthEx is asked, and nothing is fetched.
    """
    if what is not None:
        _ask(source, what, as_json=as_json)
        return
    with opened() as house, asyncio.Runner() as runner:
        links = house.links
        wanted = [links.book.get(source)] if source is not None else list(links.all())
        done = [fetch(links, runner, one.link.source) for one in wanted]
    document = {"links": [fetched_document(one) for one in done]}
    lines = [line for one in done for line in fetched_lines(one)]
    if all(one.error is not None for one in done):
        # The error says the same of a single one.
        fail(document, nothing_came(done), lines if len(done) > 1 else lines[:1], as_json=as_json)
    emit(document, lines, as_json=as_json)


@click.command()
@click.argument("source")
@click.option("--keep", "keep", flag_value="keep", help="Keep the records that came from there.")
@click.option("--delete", "keep", flag_value="delete", help="Delete them here.")
@click.option("--yes", is_flag=True, help="Don't ask again before deleting.")
@json_option
def unlink(source: str, keep: str | None, yes: bool, as_json: bool) -> None:
    """Give access back and forget the sign-in; keep the records, or delete them. Works offline."""
    with opened() as house:
        name = safe_line(house.links.book.get(source).link.info.name)
        keeping = _keeping(name, keep, yes=yes)
        done = asyncio.run(house.links.unlink(source, keep=keeping))
        if not keeping:
            house.vault.compact()
    document = {"source": source, "name": done.name, "removed": done.removed, "access": done.access}
    what = "Its records stay here." if keeping else f"{done.removed} records are deleted here."
    emit(document, [f"{name} is no longer linked. {what}", done.access], as_json=as_json)


def _ask(source: str | None, what: str, *, as_json: bool) -> None:
    if source is None:
        raise UsageError("Which service isn't said.", "`chartside sources` lists the sources; add its id.")
    with opened() as house:
        said = asyncio.run(house.links.ask(source, "update" if what == "update" else "status"))
    emit({"source": source, "asked": what, "said": said}, [safe_text(said)], as_json=as_json)


def _keep(links: "Links", runner: asyncio.Runner, signed: "Signed", *, yes: bool, as_json: bool) -> None:
    """Ask for a yes, keep the link and fetch; without the yes access is given back."""
    try:
        for line in coming_lines(signed):
            note(line)
        agreed = yes or (on_terminal() and click.confirm("Link it and fetch this?", err=True))
        kept = links.keep(signed) if agreed else None
    except BaseException:  # a Ctrl+C too: what was given and isn't kept goes back
        note(runner.run(links.drop(signed)))
        raise
    if kept is None:
        access = runner.run(links.drop(signed))
        document = signed_document(signed) | {"signed_in": False, "access": access}
        refused = Refused(
            f"You did not agree, so nothing was fetched. {access}",
            "Run it again and agree to what is shown, or add --yes.",
            title="Nothing was linked",
        )
        fail(document, refused, [], as_json=as_json)
    done = fetch(links, runner, kept.source)
    document = signed_document(signed) | {"state": done.standing.state, "sync": fetched_document(done)}
    emit(document, fetched_lines(done), as_json=as_json)


def _keeping(name: str, said: str | None, *, yes: bool) -> bool:
    """Whether the records stay."""
    if said is None:
        if not on_terminal():
            raise UsageError(
                "It isn't said whether the records stay.", "Add --keep, or --delete to delete them here."
            )
        question = f"The records from {name}: keep them here, or delete them?"
        said = click.prompt(question, type=click.Choice(["keep", "delete"]), err=True)
    sure = said == "keep" or yes or not on_terminal()
    if not sure and not click.confirm("Delete them here for good?", err=True):
        raise NothingDone("You did not agree, so nothing changed.", "Use --keep to keep the records.")
    return said == "keep"


COMMANDS: dict[str, click.Command] = {"link": link, "sync": sync, "unlink": unlink}
