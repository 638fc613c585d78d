"""The outer edge of the command line: every failure becomes a title, a sentence, a next step and a code."""

import json
import os
import sys

import click

from assistant.errors import ChartsideError
from assistant.safe_text import safe_text

INTERRUPTED = 130
USAGE = 2
FAILED = 1


def report(error: BaseException, *, as_json: bool) -> int:
    """Tell what failed, on stderr for a person or as one JSON document on stdout; gives the exit code.

    Only a ChartsideError's own words are shown. Anything else is named by its type alone: its text could
    hold what a record holds.
    """
    code, title, text, next_step = _told(error)
    if isinstance(error, BrokenPipeError):
        _close_stdout()
        return code
    if as_json:
        print(json.dumps({"error": {"title": title, "text": text, "next": next_step}}))
    else:
        print(safe_text(f"{title}. {text}\n{next_step}"), file=sys.stderr)
    return code


def _told(error: BaseException) -> tuple[int, str, str, str]:
    if isinstance(error, ChartsideError):
        return error.code, error.title, error.text, error.next_step
    if isinstance(error, (KeyboardInterrupt, click.Abort)):
        return INTERRUPTED, "Stopped", "You stopped this before it was done.", "Run it again when you like."
    if isinstance(error, click.ClickException):
        return USAGE, "That can't be done like this", error.format_message(), _usage_hint(error)
    name = type(error).__name__
    return (
        FAILED,
        "Something went wrong inside Chartside",
        f"An unexpected error of the kind {name} stopped the command.",
        "Your records are as they were. Run `chartside doctor`, then try again.",
    )


def _usage_hint(error: click.ClickException) -> str:
    ctx = getattr(error, "ctx", None)
    path = ctx.command_path if ctx is not None else "chartside"
    return f"See `{path} --help`."


def _close_stdout() -> None:
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
