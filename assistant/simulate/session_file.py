"""The session file: what a tester writes. Its keys, their types, and how it is read; `docs/simulate.md` says
what each key means.
"""

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from assistant.errors import UsageError
from assistant.records.model import Category
from assistant.simulate.wrong import in_words, unreadable, wrong

LONGEST = 1_000_000
"""Bytes of a session file; more can't be one."""

SAMPLE = "sample"
"""The invented patient, among the records of a session."""

Text = Annotated[str, msgspec.Meta(pattern=r"\S")]
Count = Annotated[int, msgspec.Meta(ge=0)]
Id = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,31}$")]


class NewDestination(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who can be asked, besides `offline` and `scripted`."""

    id: Id
    adapter: Literal["anthropic", "openai", "litellm", "scripted"]
    model: Text | None = None
    base_url: Text | None = None
    key_file: Text | None = None
    small: bool | None = None
    tools: bool | None = None
    replies: tuple[str, ...] = ()


class NewGrant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is shared, and with whom."""

    categories: tuple[Category, ...]
    to: tuple[Text, ...] | None = None
    since: Text | int | None = None
    source: Text | None = None


class Expect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must hold of an answer and of what was sent for it."""

    says: tuple[Text, ...] = ()
    says_not: tuple[Text, ...] = ()
    cites: Count = 0
    sends: tuple[Text, ...] = ()
    sends_not: tuple[Text, ...] = ()
    unsupported: Count | None = None
    not_sent: bool = False


class NewQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question, whom it is asked, and what is expected."""

    ask: Text
    to: tuple[Text, ...] | None = None
    follows: bool = False
    expect: Expect = Expect()


class Session(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole session file."""

    questions: Annotated[tuple[NewQuestion, ...], msgspec.Meta(min_length=1)]
    name: Text | None = None
    records: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)] = (SAMPLE,)
    patient: Text | None = None
    today: dt.date | None = None
    destinations: tuple[NewDestination, ...] = ()
    grants: tuple[NewGrant, ...] = ()


class Read(msgspec.Struct, frozen=True):
    """A session file as it was read."""

    path: Path
    sha256: str
    session: Session


_KEYS = {
    "": Session.__struct_fields__,
    "questions": NewQuestion.__struct_fields__,
    "expect": Expect.__struct_fields__,
    "destinations": NewDestination.__struct_fields__,
    "grants": NewGrant.__struct_fields__,
}


def read(path: Path) -> Read:
    """Read one session file, TOML or JSON by the end of its name.

    Raises:
        UsageError: it can't be read, or isn't a session.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST + 1)
        text = content.decode("utf-8-sig")
    except FileNotFoundError:
        raise unreadable(path, "There is no such file.") from None
    except (OSError, UnicodeDecodeError):
        raise unreadable(path, "It can't be read as text.") from None
    if len(content) > LONGEST:
        raise unreadable(path, "It is too long for a session.")
    try:
        session = msgspec.convert(_table(path, text), Session)
    except msgspec.ValidationError as error:
        raise in_words(path, str(error), _KEYS) from None
    return Read(path, hashlib.sha256(content).hexdigest(), session)


def _table(path: Path, text: str) -> Any:
    match path.suffix.lower():
        case ".toml":
            table = _toml(path, text)
        case ".json":
            table = _json(path, text)
        case _:
            raise unreadable(path, "The name of a session file ends in .toml or .json.")
    try:
        json.dumps(table, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise wrong(path, "", "a half of a surrogate pair stands in it, which is no text") from None
    return table


def _toml(path: Path, text: str) -> Any:
    import tomllib  # 7 ms

    try:
        return msgspec.to_builtins(tomllib.loads(text))
    except (ValueError, RecursionError) as error:
        raise wrong(path, "", f"it isn't TOML: {_short(error)}") from None


def _json(path: Path, text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_once)
    except UsageError as error:
        raise wrong(path, "", error.text) from None
    except (ValueError, RecursionError) as error:
        raise wrong(path, "", f"it isn't JSON: {_short(error)}") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise UsageError(f"“{twice}” stands twice in one table", "")
    return table


def _short(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
