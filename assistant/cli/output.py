"""How a command prints: one JSON document, or lines for a person through `safe_text`."""

import json
import sys
from collections.abc import Callable, Iterable
from typing import Any, NoReturn, TypeVar

import click

from assistant.errors import ChartsideError
from assistant.safe_text import safe_text

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def json_option(function: Decorated) -> Decorated:
    """Give a command the `--json` option, handed to it as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(function)


def emit(document: dict[str, Any], lines: Iterable[str], *, as_json: bool) -> None:
    """Print the document, or the lines."""
    if as_json:
        print(json.dumps(document))
        return
    for line in lines:
        print(safe_text(line))


def note(text: str) -> None:
    """Progress, warnings and problems: always on stderr."""
    print(safe_text(text), file=sys.stderr)


def fail(document: dict[str, Any], error: ChartsideError, lines: Iterable[str], *, as_json: bool) -> NoReturn:
    """Print the document with its error, and exit with the error's code."""
    told = {"title": error.title, "text": error.text, "next": error.next_step}
    emit(document | {"error": told}, lines, as_json=as_json)
    if not as_json:
        note(f"{error.title}. {error.text}\n{error.next_step}")
    sys.exit(error.code)
