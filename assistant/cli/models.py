"""Whom you can ask: `models list`, `models add`, `models remove`, `models find`."""

import asyncio
from pathlib import Path
from typing import Any

import click

from assistant.bootstrap import House, default_destinations, vault_paths
from assistant.chat.telling import where
from assistant.cli.opening import opened
from assistant.cli.output import emit, json_option
from assistant.cli.secrets import key_of
from assistant.llm.models import ADAPTERS, NewModel
from assistant.sharing.model import Destination
from assistant.vault.vault import Vault


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def models(ctx: click.Context, as_json: bool) -> None:
    """Whom you can ask."""
    if ctx.invoked_subcommand is None:
        _listed(as_json=as_json)


@models.command("list")
@json_option
def list_(as_json: bool) -> None:
    """Whom you can ask, and where it is."""
    _listed(as_json=as_json)


@models.command()
@click.argument("name", metavar="ID")
@click.option(
    "--adapter", type=click.Choice(ADAPTERS), required=True, help="openai: any server of that kind."
)
@click.option("--model", required=True, metavar="NAME", help="As its provider writes it.")
@click.option("--base-url", metavar="URL", help="Where its requests begin, if not at the provider's own.")
@click.option(
    "--key-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Read once into the vault; yours alone.",
)
@click.option("--tools/--no-tools", default=None, help="Whether it may ask for look-ups (not a small one).")
@click.option(
    "--small/--large", "narrow", default=None, help="Few records, short instructions (if it is here)."
)
@json_option
def add(
    name: str,
    adapter: str,
    model: str,
    base_url: str | None,
    key_file: Path | None,
    tools: bool | None,
    narrow: bool | None,
    as_json: bool,
) -> None:
    """Add a model. Nothing is shared with it and nothing is sent."""
    key = key_of(key_file) if key_file is not None else None
    with opened() as house:
        house.models.add(NewModel(name, adapter, model, base_url, narrow, tools), key)
        _show(house.voices.destinations, as_json=as_json)


@models.command()
@click.argument("name", metavar="ID")
@json_option
def remove(name: str, as_json: bool) -> None:
    """Drop a model, its key, and what was shared with it."""
    with opened() as house:
        house.models.remove(name)
        _show(house.voices.destinations, as_json=as_json)


@models.command()
@click.argument("port", nargs=-1, type=click.IntRange(1, 65535), metavar="[PORT...]")
@json_option
def find(port: tuple[int, ...], as_json: bool) -> None:
    """Look for models on this computer, at the usual ports or these. Sends nothing of yours."""
    from assistant.llm.finding import USUAL_PORTS, find_local

    with opened() as house:
        found = asyncio.run(_find(house, port or USUAL_PORTS, find_local))
    document = {
        "found": [{"base_url": f.base_url, "program": f.program, "models": list(f.models)} for f in found]
    }
    lines = [
        f"{f.base_url} ({f.program}): {model}\n  chartside models add NAME --adapter openai "
        f"--base-url {f.base_url} --model {model}"
        for f in found
        for model in f.models
    ]
    emit(document, lines or ["No model answers on this computer."], as_json=as_json)


@models.command()
@click.argument("name", metavar="ID")
@json_option
def names(name: str, as_json: bool) -> None:
    """Ask the server of a model you added which models it has. Sends the key, nothing else of yours."""
    with opened() as house:
        found = asyncio.run(house.models.names(name, house.watch))
    emit({"names": list(found)}, found, as_json=as_json)


async def _find(house: House, ports: tuple[int, ...], find_local: Any) -> Any:
    found = await find_local(ports, house.watch)
    house.vault.note("looked for models here", detail={"ports": list(ports)})
    return found


def _listed(*, as_json: bool) -> None:
    if not Vault.exists(vault_paths()):
        _show(default_destinations(), as_json=as_json)
        return
    with opened() as house:
        _show(house.voices.destinations, as_json=as_json)


def _show(destinations: tuple[Destination, ...], *, as_json: bool) -> None:
    document = {"models": [_document(destination) for destination in destinations]}
    emit(document, [f"{d.id}  {d.model}, {where(d)}" for d in destinations], as_json=as_json)


def _document(d: Destination) -> dict[str, Any]:
    return {
        "id": d.id,
        "adapter": d.adapter,
        "model": d.model,
        "host": d.host,
        "stays_here": d.stays_here,
        "base_url": d.base_url,
        "tools": d.tools,
        "small": d.narrow,
    }


COMMANDS: dict[str, click.Command] = {"models": models}
