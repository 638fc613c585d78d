"""Keep safe, let go, look after: `backup`, `restore`, `forget`, `doctor`, `ledger`."""

import sys
from pathlib import Path
from typing import Any

import click

from assistant.bootstrap import vault_options, vault_paths
from assistant.cli.opening import opened
from assistant.cli.output import emit, fail, json_option
from assistant.cli.secrets import current_passphrase, on_terminal
from assistant.errors import Locked, UsageError, VaultDamaged
from assistant.links.removal import forget_records, forget_source
from assistant.vault.ledger import Ledger
from assistant.vault.vault import Vault

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@json_option
def backup(file: Path, as_json: bool) -> None:
    """Write everything into one encrypted file, and read it back to be sure."""
    with opened() as house:
        held = house.vault.backup(file)
    document = {"records": held.records, "chats": held.chats, "ok": True}
    emit(document, [f"{held.records} records and {held.chats} chats are in the backup."], as_json=as_json)


@click.command()
@click.argument("file", type=FILE)
@json_option
def restore(file: Path, as_json: bool) -> None:
    """Bring back what a backup file holds, with the passphrase of that time."""
    held = Vault.restore(vault_paths(), file, current_passphrase(), **vault_options())
    document = {"records": held.records, "chats": held.chats, "ok": True}
    emit(document, [f"{held.records} records and {held.chats} chats are back."], as_json=as_json)


@click.command()
@click.option("--source", metavar="ID", help="Everything that this source told.")
@click.option("--record", metavar="ID", help="This record, from every source that told it.")
@click.option("--all", "everything", is_flag=True, help="All of it: the keys first.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@json_option
def forget(source: str | None, record: str | None, everything: bool, yes: bool, as_json: bool) -> None:
    """Delete for good. What a model has received stays there; so do backups."""
    if sum((source is not None, record is not None, everything)) != 1:
        raise UsageError("Name one thing to forget.", "Use --source ID, --record ID or --all.")
    if not yes and not (on_terminal() and click.confirm("This can't be undone. Go on?", err=True)):
        raise UsageError("Nothing was deleted.", "Add --yes to delete without being asked.")
    removed: dict[str, Any] = {}
    with opened() as house:
        if everything:
            removed = {"vault": True, "records": sum(house.shelf.counts().values())}
            house.vault.destroy()
        elif source is not None:
            removed = {"source": source, "records": forget_source(house.vault, source, house.clock)}
            house.vault.compact()
        else:
            raws = house.shelf.open(record or "").raws
            removed = {"record": record, "records": forget_records(house.vault, raws, house.clock)}
            house.vault.compact()
    emit({"removed": removed}, [f"{removed['records']} records are deleted."], as_json=as_json)


@click.command()
@json_option
def doctor(as_json: bool) -> None:
    """Look whether everything is in order."""
    checks = [_python(), *_file_reading(), *_providers()]
    try:
        with opened() as house:
            checks += [
                {"name": check.name, "ok": check.ok, "text": check.text, "next": check.next}
                for check in house.vault.check()
            ]
    except (Locked, VaultDamaged) as error:
        checks.append({"name": "vault", "ok": False, "text": error.text, "next": error.next_step})
        fail({"checks": checks}, error, _check_lines(checks), as_json=as_json)
    emit({"checks": checks}, _check_lines(checks), as_json=as_json)
    if any(check["name"] != "file reading" and not check["ok"] for check in checks):
        sys.exit(VaultDamaged.code)


def _providers() -> list[dict[str, Any]]:
    """Who can be asked through litellm, and who can't, with the reason."""
    from assistant.llm.providers import NOT_OFFERED, OFFERED

    offered = f"Through litellm you can add: {', '.join(OFFERED)}."
    checks = [{"name": "providers", "ok": True, "text": offered, "next": ""}]
    for name, why in NOT_OFFERED.items():
        text = f"{name} is not offered: {why}.".replace("….", "…")
        checks.append({"name": f"provider {name}", "ok": True, "text": text, "next": ""})
    return checks


@click.group(invoke_without_command=True)
@click.option("--limit", type=int, metavar="N", help="Only the latest N.")
@click.pass_context
@json_option
def ledger(ctx: click.Context, limit: int | None, as_json: bool) -> None:
    """What was sent, changed and looked at, and when. It holds no record content."""
    if ctx.invoked_subcommand is not None:
        return
    with opened() as house, house.vault.read() as session:
        entries = Ledger(session).entries(limit)
    document = [
        {
            "seq": e.seq,
            "at": e.at,
            "kind": e.kind,
            "destination": e.destination,
            "sha256": e.sha256,
            "items": e.items,
            "outcome": e.outcome,
            "detail": e.detail,
        }
        for e in entries
    ]
    emit({"entries": document}, [_ledger_line(entry) for entry in document], as_json=as_json)


@ledger.command("verify")
@json_option
def verify(as_json: bool) -> None:
    """Follow the chain from the first line to the last."""
    with opened() as house, house.vault.read() as session:
        found = Ledger(session).verify()
    document = {"ok": found.ok, "entries": found.entries, "first_bad": found.first_bad}
    if found.ok:
        emit(document, [f"All {found.entries} lines are as they were written."], as_json=as_json)
        return
    error = VaultDamaged(
        f"Line {found.first_bad} of the ledger is not as it was written.",
        "Restore a backup, or keep this one as evidence.",
        title="The ledger was changed",
    )
    fail(document, error, [], as_json=as_json)


def _python() -> dict[str, Any]:
    return {"name": "python", "ok": True, "text": f"Python {sys.version.split()[0]}.", "next": ""}


def _file_reading() -> list[dict[str, Any]]:
    from connectors.files.process import protections

    return [
        {
            "name": "file reading",
            "ok": protection.holds,
            "text": f"Reading files: {protection.name}.",
            "next": "" if protection.holds else "This doesn't hold here: open only files that you trust.",
        }
        for protection in protections()
    ]


def _check_lines(checks: list[dict[str, Any]]) -> list[str]:
    return [f"{_mark(c)} {c['text']} {c['next']}".rstrip() for c in checks]


def _mark(check: dict[str, Any]) -> str:
    """A provider that isn't offered is no matter of right or wrong."""
    return "·" if check["name"].startswith("provider ") else "✓" if check["ok"] else "!"


def _ledger_line(entry: dict[str, Any]) -> str:
    words = [str(entry["seq"]), entry["at"], entry["kind"], entry["destination"], entry["outcome"]]
    words += [f"{entry['items']} items" if entry["items"] is not None else None, (entry["sha256"] or "")[:12]]
    return "  ".join(word for word in words if word)


COMMANDS: dict[str, click.Command] = {
    "backup": backup,
    "restore": restore,
    "forget": forget,
    "doctor": doctor,
    "ledger": ledger,
}
