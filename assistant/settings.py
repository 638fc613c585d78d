"""The patient's settings and the one file that keeps them. Nothing about health is in it.

The docstring of a setting is what the file, the settings screen and the reference say about it.
"""

import datetime as dt
import json
import os
import re
import secrets
import textwrap
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import msgspec

from assistant.errors import StorageFailed, UsageError
from assistant.paths import data_home

LONGEST = 65_536
"""Bytes of a settings file; more can't be one."""

MOST_MINUTES = 1440
MOST_DOLLARS = 10_000

_COUNTRIES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT "
    "BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH "
    "ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT "
    "HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS "
    "LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI "
    "NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG "
    "SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG "
    "UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW "
)
"""ISO 3166-1 alpha-2."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ACTION = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
_KEY = re.compile(r"[!-~]{1,60}|[^\W_]")

DateStyle = Literal["day-month-year", "month-day-year", "iso"]


class Settings(msgspec.Struct, frozen=True):
    """What the patient chose."""

    theme: Literal["dark", "light", "contrast", "ansi"] = "dark"
    """The colors: dark, light, contrast (stronger), or ansi (the colors of your terminal)."""
    motion: bool = True
    """Whether things on the screen may move."""
    lock_after_minutes: int = 15
    """Lock your records after this many minutes without a key pressed; 0 means never."""
    monthly_cap_usd: int = 0
    """Ask about every message that would bring the month's cost over so many US dollars; 0 means no cap."""
    country: str = ""
    """The country you are in, as two letters (US, DE), for its emergency number; empty means not set."""
    language: Literal["en"] = "en"
    """The language of the screen. English (en) is the only one so far."""
    units: Literal["recorded"] = "recorded"
    """The units of values. Only recorded so far: as the source of the value wrote them, never converted."""
    date_style: DateStyle = "day-month-year"
    """How a day is written: day-month-year (3 Feb 2026), month-day-year (Feb 3, 2026), iso (2026-02-03)."""
    keys: Mapping[str, str] = {}
    """Keys of your own: the name of an action and the key for it, such as "chat.outgoing" = "ctrl+o"."""


NAMES = Settings.__struct_fields__


def settings_path() -> Path:
    """The file of the patient's settings."""
    return data_home() / "settings.toml"


def sentences() -> dict[str, str]:
    """What each setting does."""
    import ast
    import inspect  # 15 ms with ast, needed only where settings are written or shown

    (cls,) = ast.parse(inspect.getsource(Settings)).body
    said: dict[str, str] = {}
    for node, after in pairwise(cls.body if isinstance(cls, ast.ClassDef) else ()):
        match node, after:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                said[name] = " ".join(text.split())
    return said


def choices(name: str) -> tuple[Any, ...]:
    """All the values that a setting can have; none where they can't be listed."""
    kind = _kind(name)
    if kind is bool:
        return (True, False)
    return get_args(kind) if get_origin(kind) is Literal else ()


def with_value(settings: Settings, name: str, value: object) -> Settings:
    """The settings with one of them changed.

    Raises:
        UsageError: it can't have this value.
    """
    if not _allowed(name, value):
        raise UsageError(f"“{name}” can't be {_said(value)}.", f"It is {_wanted(name)}.")
    return msgspec.structs.replace(settings, **{name: value})


def day_words(day: dt.date, style: DateStyle) -> str:
    """A day as the patient likes to read it."""
    month = _MONTHS[day.month - 1]
    match style:
        case "iso":
            return day.isoformat()
        case "month-day-year":
            return f"{month} {day.day}, {day.year:04d}"
        case _:
            return f"{day.day} {month} {day.year:04d}"


def load(path: Path) -> Settings:
    """The settings in a file; the defaults where there is none.

    Raises:
        UsageError: the file can't be read, or something in it is no setting or has a wrong value.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError):
        raise _unreadable(path, "The file can't be read as text.") from None
    if len(text) > LONGEST:
        raise _unreadable(path, "The file is too long for settings.")
    return _Reading(path, text).settings()


def save(path: Path, settings: Settings) -> None:
    """Write every setting, each with what it does, whole or not at all; only the owner can read it.

    Raises:
        UsageError: a value could not be read back.
        StorageFailed: the disk refuses; the file is as it was.
    """
    for name in NAMES:
        with_value(settings, name, getattr(settings, name))
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.parent.chmod(0o700)
        _write(temporary, as_toml(settings).encode())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise StorageFailed(
            f"The disk did not take the change ({error.strerror or type(error).__name__}).",
            "Make room on the disk or check that the folder can be written to, then try again.",
            title="Your settings could not be saved",
        ) from None


def as_toml(settings: Settings) -> str:
    """The text of a settings file."""
    lines = ["# The settings of Chartside. Nothing about your health is in this file.", ""]
    for name, sentence in sentences().items():
        lines += textwrap.wrap(sentence, 100, initial_indent="# ", subsequent_indent="# ")
        value = getattr(settings, name)
        if isinstance(value, Mapping):
            lines += [f"[{name}]", *(f"{_toml(action)} = {_toml(key)}" for action, key in value.items())]
        else:
            lines += [f"{name} = {_toml(value)}", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


class _Reading:
    """One settings file being read."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._text = text

    def settings(self) -> Settings:
        """What the file says, everything else as at first."""
        import tomllib  # 7 ms

        try:
            table = tomllib.loads(self._text)
        except (ValueError, RecursionError) as error:
            at = re.search(r"line (\d+)", str(error))
            line = at[1] if at else str(len(self._text.rstrip("\n").split("\n")))
            raise _unreadable(self._path, f"line {line}: write a setting once, as `name = value`") from None
        chosen = Settings()
        for name, value in table.items():
            chosen = self._with(chosen, name, value)
        return chosen

    def _with(self, chosen: Settings, name: str, value: object) -> Settings:
        if name not in NAMES:
            raise self._wrong((name,), f"there is no setting called {_said(name)}{_meant(name)}")
        if name == "keys" and isinstance(value, dict):
            value = self._keys(("keys",), value)
        if not _allowed(name, value):
            raise self._wrong((name,), f"“{name}” can't be {_said(value)}; it is {_wanted(name)}")
        return msgspec.structs.replace(chosen, **{name: value})

    def _keys(self, above: tuple[str, ...], table: dict[str, Any]) -> dict[str, str]:
        """The table of keys; an unquoted `chat.outgoing`, which TOML takes apart, is put together again."""
        found: dict[str, str] = {}
        for part, value in table.items():
            path = (*above, part)
            if isinstance(value, dict) and value:
                found |= self._keys(path, value)
                continue
            action = ".".join(path[1:])
            if not _allowed("keys", {action: value}):
                raise self._wrong(
                    path, f"{_said(action)} can't have the key {_said(value)}; a key is “ctrl+o”"
                )
            found[action] = value
        return found

    def _wrong(self, path: tuple[str, ...], text: str) -> UsageError:
        return _unreadable(self._path, f"line {_line_of(self._text, path)}: {text}")


def _kind(name: str) -> Any:
    return next(field.type for field in msgspec.structs.fields(Settings) if field.name == name)


def _allowed(name: str, value: object) -> bool:
    try:
        msgspec.convert(value, _kind(name))
    except msgspec.ValidationError:
        return False
    match value:
        case int() if name == "lock_after_minutes":
            return 0 <= value <= MOST_MINUTES
        case int() if name == "monthly_cap_usd":
            return 0 <= value <= MOST_DOLLARS
        case str() if name == "country":
            return not value or value in _COUNTRIES.split()
        case Mapping():
            return all(_ACTION.fullmatch(action) and _KEY.fullmatch(key) for action, key in value.items())
        case _:
            return True


def _wanted(name: str) -> str:
    match name:
        case "motion":
            return "true or false"
        case "lock_after_minutes":
            return f"a whole number from 0 to {MOST_MINUTES}"
        case "monthly_cap_usd":
            return f"a whole number from 0 to {MOST_DOLLARS}"
        case "country":
            return "the two capital letters of a country, such as “US” or “GB”, or “” for none"
        case "keys":
            return 'a table of actions and keys, such as "chat.outgoing" = "ctrl+o"'
        case _:
            return " or ".join(f"“{choice}”" for choice in choices(name))


def _meant(name: str) -> str:
    from difflib import get_close_matches  # 3 ms, and only for a slip

    close = get_close_matches(name, NAMES, 1)
    return f"; did you mean “{close[0]}”?" if close else ""


def _line_of(text: str, path: tuple[str, ...]) -> int:
    """The line on which something begins: the first one that brings it in."""
    import tomllib

    lines = text.split("\n")
    begins = 1
    for end in range(1, len(lines) + 1):
        try:
            found: Any = tomllib.loads("\n".join(lines[:end]))
        except ValueError:
            continue
        for part in path:
            found = found.get(part) if isinstance(found, dict) else None
        if found is not None:
            return begins
        begins = end + 1
    return begins


def _unreadable(path: Path, text: str) -> UsageError:
    return UsageError(
        text,
        f"Correct it in {path}, or remove the file to start from the defaults.",
        title="Your settings can't be read",
    )


def _said(value: object) -> str:
    text = value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    return f"“{text}”" if len(text) <= 40 else f"“{text[:39]}…”"


def _toml(value: object) -> str:
    """A TOML value: as JSON, which says strings, whole numbers and booleans in the same way."""
    return json.dumps(value, ensure_ascii=False)


def _write(path: Path, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        path.chmod(0o600)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
