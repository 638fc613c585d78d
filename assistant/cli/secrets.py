"""Where passphrases and codes come from: a file, or a terminal that is asked. Never arguments."""

import os
import sys
from pathlib import Path

import click

from assistant.cli.output import note
from assistant.errors import Locked, UsageError

PASSPHRASE_FILE = "CHARTSIDE_PASSPHRASE_FILE"  # noqa: S105 - the name of a variable


ADVISED_LENGTH = 15
"""NIST SP 800-63B-4, 3.1.1.2: what a passphrase that stands alone should have at least."""


def on_terminal() -> bool:
    """Whether a person can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def first_line(path: Path) -> str:
    """The first line of a file that holds a secret."""
    try:
        with path.open(encoding="utf-8") as file:
            line = file.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Locked(
            "The file that should hold the passphrase can't be read.",
            "Look whether it exists and whether you may read it.",
        ) from error
    if not line:
        raise Locked(
            "The first line of the passphrase file is empty.", "Write the passphrase into its first line."
        )
    return line


def current_passphrase() -> str:
    """The passphrase: from `CHARTSIDE_PASSPHRASE_FILE`, or asked for on a terminal."""
    named = os.environ.get(PASSPHRASE_FILE)
    if named:
        return first_line(Path(named))
    return _ask("Passphrase")


def new_passphrase(file: Path | None) -> str:
    """A new passphrase: from a file, else asked for twice."""
    if file is not None:
        return _advised(first_line(file))
    first = _ask("New passphrase")
    if _ask("The same again") != first:
        raise UsageError("The two passphrases differ.", "Run the command again.")
    return _advised(first)


def passphrase_for_new_vault() -> str:
    """As `current_passphrase`, but asked for twice on a terminal."""
    named = os.environ.get(PASSPHRASE_FILE)
    return _advised(first_line(Path(named))) if named else new_passphrase(None)


def key_of(file: Path) -> str:
    """A provider's key: the first line of a file that nobody else may read.

    Raises:
        UsageError: others may read it, or it can't be read.
    """
    try:
        open_to_others = os.name == "posix" and file.stat().st_mode & 0o077
    except OSError:
        raise UsageError("The key file can't be read.", "Look whether it exists.") from None
    if open_to_others:
        raise UsageError(
            "Others on this computer can read the key file, so it was not used.",
            "Keep it to yourself (chmod 600), and make a new key if someone may have read it.",
        )
    key = first_line(file).strip()
    if not key.isascii() or not key.isprintable() or " " in key:
        raise UsageError("That isn't a key.", "The first line of the file is the key and nothing else.")
    return key


def recovery_code(file: Path | None) -> str:
    """The recovery code: from a file, else asked for."""
    return first_line(file) if file is not None else _ask("Recovery code")


def _advised(passphrase: str) -> str:
    if len(passphrase) < ADVISED_LENGTH:
        note(f"A passphrase of {ADVISED_LENGTH} characters or more protects better: a few words at random.")
    return passphrase


def _ask(what: str) -> str:
    if not on_terminal():
        raise Locked(
            "The passphrase is needed and there is no terminal to ask on.",
            f"Put it into a file that only you can read, and set {PASSPHRASE_FILE} to the file's path.",
        )
    answer: str = click.prompt(what, hide_input=True, err=True)
    return answer
