"""What may go where: `sharing`, `share`, `unshare`."""

from typing import Any

import click

from assistant.bootstrap import House
from assistant.cli.dates import first_day_of
from assistant.cli.opening import opened
from assistant.cli.output import emit, json_option
from assistant.errors import UsageError
from assistant.records.model import CATEGORY_NAMES, Category
from assistant.sharing.model import Destination, Grant
from assistant.sharing.service import until

CATEGORY = click.Choice([category.value for category in Category])


@click.command()
@json_option
def sharing(as_json: bool) -> None:
    """What may go where."""
    with opened() as house:
        _show(house, as_json=as_json)


@click.command()
@click.option("--with", "destination", required=True, metavar="DEST", help="Whom to share with.")
@click.argument("categories", nargs=-1, required=True, type=CATEGORY, metavar="CATEGORY...")
@click.option("--source", metavar="ID", help="Only what this source told.")
@click.option("--since", metavar="DATE", help="Only what is dated on or after this day.")
@click.option("--record", metavar="ID", help="Only this record; also one that is marked as sensitive.")
@click.option("--for", "duration", default="always", metavar="chat|30d|always", help="How long.")
@click.option("--chat", metavar="ID", help="With `--for chat`: which one (else the latest).")
@json_option
def share(
    destination: str,
    categories: tuple[str, ...],
    source: str | None,
    since: str | None,
    record: str | None,
    duration: str,
    chat: str | None,
    as_json: bool,
) -> None:
    """Let a destination see categories of your records."""
    with opened() as house:
        in_chat = house.chats.chosen(chat) if duration == "chat" else None
        ends = None if duration == "chat" else until(duration, house.clock())
        wanted = [Category(name) for name in categories]
        house.shelf.require(source=source, record=record, categories=wanted)
        first = first_day_of(since)
        house.sharing.share(
            Grant(destination, category, source, first, record, ends, in_chat) for category in wanted
        )
        _show(house, as_json=as_json)


@click.command()
@click.option("--with", "destination", metavar="DEST", help="Whom to stop sharing with (else everyone).")
@click.argument("categories", nargs=-1, type=CATEGORY, metavar="[CATEGORY...]")
@click.option("--record", metavar="ID", help="Only grants for this record.")
@click.option("--all", "everything", is_flag=True, help="Stop everything: all grants to all destinations.")
@click.pass_context
@json_option
def unshare(
    ctx: click.Context,
    destination: str | None,
    categories: tuple[str, ...],
    record: str | None,
    everything: bool,
    as_json: bool,
) -> None:
    """Stop sharing. It holds from now on, and for earlier parts of conversations too."""
    if not (destination or categories or record or everything):
        click.echo(ctx.get_help(), err=True)
        raise UsageError(
            "Nothing was named, so nothing changed.", "Name a destination or a category, or use --all."
        )
    with opened() as house:
        if everything:
            house.sharing.unshare()
        else:
            house.sharing.unshare(
                destination=destination, categories=[Category(name) for name in categories], record=record
            )
        _show(house, as_json=as_json)


def _show(house: House, *, as_json: bool) -> None:
    grants = house.sharing.grants()
    document = {
        "destinations": [
            _destination(destination, [g for g in grants if g.destination == destination.id])
            for destination in house.sharing.destinations
        ]
    }
    emit(document, _lines(document), as_json=as_json)


def _destination(destination: Destination, grants: list[Grant]) -> dict[str, Any]:
    return {
        "id": destination.id,
        "host": destination.host,
        "stays_here": destination.stays_here,
        "grants": [
            {
                "category": grant.category.value,
                "until": grant.until,
                "source": grant.source,
                "since": grant.since,
                "record": grant.record,
                "chat": grant.chat,
            }
            for grant in grants
        ],
    }


def _lines(document: dict[str, Any]) -> list[str]:
    lines = []
    for destination in document["destinations"]:
        where = "stays on this computer" if destination["stays_here"] else f"goes to {destination['host']}"
        lines.append(f"{destination['id']} ({where})")
        lines += [f"  ● {_grant(grant)}" for grant in destination["grants"]] or ["  ○ nothing is shared"]
    return lines


def _grant(grant: dict[str, Any]) -> str:
    limits = [
        f"{word} {grant[key]}"
        for key, word in (("source", "from"), ("since", "since"), ("record", "only"), ("until", "until"))
        if grant[key]
    ]
    limits += ["in one chat"] if grant["chat"] else []
    name = CATEGORY_NAMES[Category(grant["category"])]
    return f"{name} ({', '.join(limits)})" if limits else name


COMMANDS: dict[str, click.Command] = {"sharing": sharing, "share": share, "unshare": unshare}
