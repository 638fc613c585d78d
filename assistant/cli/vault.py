"""The vault's keys: `init`, `passphrase`, `recover`, `remember`, `lock`."""

import asyncio
import os
from pathlib import Path

import click

from assistant.bootstrap import House, file_connector, make_house, open_house, vault_options, vault_paths
from assistant.cli.opening import opened
from assistant.cli.output import emit, json_option, note
from assistant.cli.secrets import current_passphrase, new_passphrase, on_terminal, passphrase_for_new_vault
from assistant.cli.secrets import recovery_code as asked_recovery_code
from assistant.errors import StorageFailed
from assistant.vault.vault import Vault

FILE = click.Path(path_type=Path)


@click.command()
@click.option(
    "--owner-from", type=FILE, metavar="FILE", help="Whose chart it will be: a file with one Patient."
)
@click.option("--patient", metavar="NAME", help="Which one, by name or id, if the file names several people.")
@click.option("--recovery-file", type=FILE, metavar="FILE", help="Write a recovery code into this new file.")
@json_option
def init(owner_from: Path | None, patient: str | None, recovery_file: Path | None, as_json: bool) -> None:
    """Make the encrypted file that will hold your records."""
    paths = vault_paths()
    if Vault.exists(paths):
        if owner_from is not None:
            with open_house(current_passphrase) as house:
                _set_owner(house, owner_from, patient)
        _made(paths.home, created=False, as_json=as_json)
        return
    if recovery_file is not None:
        _refuse_existing(recovery_file)
    wanted = recovery_file is not None or on_terminal()
    house, code = make_house(passphrase_for_new_vault(), recovery=wanted)
    try:
        if code is not None:
            _hand_over(code, recovery_file)
        if owner_from is not None:
            _set_owner(house, owner_from, patient)
    finally:
        house.vault.close()
    _made(paths.home, created=True, as_json=as_json)


@click.command()
@click.option("--new-file", type=FILE, metavar="FILE", help="A file whose first line is the new passphrase.")
@json_option
def passphrase(new_file: Path | None, as_json: bool) -> None:
    """Change your passphrase."""
    with opened() as house:
        house.vault.change_passphrase(new_passphrase(new_file))
    emit(
        {"ok": True},
        ["Your passphrase is changed. The old one no longer opens your records."],
        as_json=as_json,
    )


@click.command()
@click.option("--code-file", type=FILE, metavar="FILE", help="A file whose first line is the recovery code.")
@click.option("--new-file", type=FILE, metavar="FILE", help="A file whose first line is the new passphrase.")
@json_option
def recover(code_file: Path | None, new_file: Path | None, as_json: bool) -> None:
    """Set a new passphrase with your recovery code."""
    vault = Vault.unlock_with_recovery(vault_paths(), asked_recovery_code(code_file), **vault_options())
    try:
        new = new_passphrase(new_file) if new_file is not None else passphrase_for_new_vault()
        vault.change_passphrase(new)
    finally:
        vault.close()
    emit({"ok": True}, ["Your records open with the new passphrase."], as_json=as_json)


@click.command()
@json_option
def remember(as_json: bool) -> None:
    """Let this computer's keychain open your records."""
    with opened() as house:
        house.vault.remember()
    emit({"ok": True}, ["This computer's keychain now opens your records."], as_json=as_json)


@click.command()
@json_option
def lock(as_json: bool) -> None:
    """Forget what the keychain remembers: the passphrase is needed again."""
    with opened() as house:
        house.vault.forget_keychain()
    emit({"ok": True}, ["Only your passphrase (or recovery code) opens your records now."], as_json=as_json)


def _set_owner(house: House, file: Path, patient: str | None) -> None:
    from assistant.links.owner import OwnerStore, read_owner

    owner = asyncio.run(read_owner(file_connector(file), patient))
    with house.vault.write() as session:
        store = OwnerStore(session)
        if store.get() is None:
            store.set(owner)
    named = house.shelf.owner()
    if named is not None:
        note(
            f"This chart is {named.name or 'the patient'}'s"
            + (f", born {named.born}." if named.born else ".")
        )


def _refuse_existing(file: Path) -> None:
    if file.exists():
        raise StorageFailed(
            "The file for the recovery code is there already.", "Name a file that doesn't exist yet."
        )


def _hand_over(code: str, file: Path | None) -> None:
    if file is None:
        note("Your recovery code, shown once. Write it down and keep it away from this computer:")
        note(f"\n    {code}\n")
        return
    try:
        number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "w", encoding="ascii") as opened_file:
            opened_file.write(code + "\n")
    except OSError as error:
        raise StorageFailed(
            "The recovery code could not be written to that file.",
            "Your vault is made. Make a new code later, into a folder that can be written.",
        ) from error


def _made(home: Path, *, created: bool, as_json: bool) -> None:
    text = f"Your vault is in {home}." if created else f"There is a vault in {home} already; it is unchanged."
    lines = [text, "Bring in your records with `chartside import FILE`."] if created else [text]
    emit({"home": str(home), "created": created}, lines, as_json=as_json)


COMMANDS: dict[str, click.Command] = {
    "init": init,
    "passphrase": passphrase,
    "recover": recover,
    "remember": remember,
    "lock": lock,
}
