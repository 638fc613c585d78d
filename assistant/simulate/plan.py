"""What a session file comes to: who is asked what, what is shared with whom, and from which records."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from assistant.bootstrap import default_destinations, file_connector, sample_sources
from assistant.errors import ChartsideError, UsageError
from assistant.llm.models import NewModel, described
from assistant.records.identity import source_id
from assistant.sharing.model import OFFLINE, SCRIPTED, Destination, Grant
from assistant.simulate.session_file import SAMPLE, Expect, NewDestination, Read, Session, read
from assistant.simulate.wrong import meant, wrong
from connectors.base import Connector

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")

ReadKey = Callable[[Path], str]
"""Reads a provider's key from a file."""


class Asked(msgspec.Struct, frozen=True):
    """One question with everyone whom it is asked."""

    n: int
    """Its place in the file, from 1."""
    ask: str
    to: tuple[str, ...]
    follows: bool
    expect: Expect


class Plan(msgspec.Struct, frozen=True):
    """A session that can be run."""

    path: Path
    sha256: str
    name: str
    session: Session
    destinations: tuple[Destination, ...]
    """Everyone, `offline` and `scripted` first."""
    asked: tuple[Asked, ...]
    grants: tuple[Grant, ...]
    consent: frozenset[str]
    """To whom messages may go: those whom the file gives a grant, though it be an empty one."""


def load(path: Path) -> Plan:
    """Read a session file and look whether it fits together.

    Raises:
        UsageError: it doesn't; with the place.
    """
    return _Planning(read(path)).plan()


def narrowed(plans: Sequence[Plan], only: Sequence[str]) -> list[Plan]:
    """The plans with these destinations alone; all of them where none is named.

    Raises:
        UsageError: nothing is asked of one of them.
    """
    if not only:
        return list(plans)
    asked = dict.fromkeys(to for plan in plans for question in plan.asked for to in question.to)
    for name in only:
        if name not in asked:
            raise UsageError(f"Nothing is asked of “{name}”.", f"Asked are: {', '.join(asked)}.")
    return [msgspec.structs.replace(plan, asked=_of(plan.asked, only)) for plan in plans]


def _of(asked: Sequence[Asked], only: Sequence[str]) -> tuple[Asked, ...]:
    narrow = (msgspec.structs.replace(q, to=tuple(name for name in q.to if name in only)) for q in asked)
    return tuple(question for question in narrow if question.to)


def connectors(plan: Plan) -> list[Connector]:
    """The doors of a plan's records."""
    return [door for doors in _doors(plan.path, plan.session.records).values() for door in doors]


def keys(plan: Plan, read_key: ReadKey) -> dict[str, str]:
    """The keys of those who are asked.

    Raises:
        UsageError: one can't be read, or others could read it too.
    """
    asked = {to for question in plan.asked for to in question.to}
    found = {}
    for n, new in enumerate(plan.session.destinations, 1):
        if new.key_file is not None and new.id in asked:
            try:
                found[new.id] = read_key(beside(plan.path, new.key_file))
            except ChartsideError as error:
                raise wrong(plan.path, f"destination {n}, key_file", error.text) from None
    return found


def model_of(new: NewDestination) -> NewModel:
    """A destination of a file as a model of the vault."""
    return NewModel(new.id, new.adapter, new.model or "", new.base_url, new.small, new.tools)


def beside(path: Path, name: str) -> Path:
    """The file of this name: as it stands if it begins at a root or at home, else beside the session file."""
    return path.parent / Path(name).expanduser()


class _Planning:
    """One file being looked at."""

    def __init__(self, found: Read) -> None:
        self._read = found
        self._path = found.path
        self._session = found.session

    def plan(self) -> Plan:
        """The plan of the file."""
        own = [self._destination(n, new) for n, new in enumerate(self._session.destinations, 1)]
        everyone = (*default_destinations(), *own)
        names = [destination.id for destination in everyone]
        for n, name in enumerate(names[2:], 1):
            if names.index(name) < n + 1:
                raise self._wrong(f"destination {n}, id", f"there is one called “{name}” already")
        to = self._granted_to(names)
        consent = frozenset(name for some in to for name in some) | {OFFLINE.id}
        return Plan(
            path=self._path,
            sha256=self._read.sha256,
            name=self._session.name or self._path.stem,
            session=self._session,
            destinations=everyone,
            asked=self._asked(names, [name for name in names if name != SCRIPTED.id or name in consent]),
            grants=self._grants(to),
            consent=consent,
        )

    def _destination(self, n: int, new: NewDestination) -> Destination:
        place = f"destination {n}"
        if new.adapter == "scripted":
            for key in ("base_url", "key_file"):
                if getattr(new, key) is not None:
                    raise self._wrong(f"{place}, {key}", "an adapter that is scripted has none")
            return Destination(
                new.id, "scripted", new.model or "scripted", stays_here=True, narrow=bool(new.small)
            )
        if new.replies:
            raise self._wrong(f"{place}, replies", "they are for the adapter “scripted” only")
        if new.model is None:
            raise self._wrong(place, "“model” is missing")
        if new.id in (OFFLINE.id, SCRIPTED.id):
            raise self._wrong(f"{place}, id", f"there is one called “{new.id}” already")
        try:
            return described(model_of(new))
        except UsageError as error:
            raise self._wrong(place, error.text) from None

    def _granted_to(self, names: Sequence[str]) -> list[tuple[str, ...]]:
        models = tuple(name for name in names if name != OFFLINE.id)
        return [
            self._known(f"grant {n}, to", grant.to, names) if grant.to is not None else models
            for n, grant in enumerate(self._session.grants, 1)
        ]

    def _grants(self, to: Sequence[tuple[str, ...]]) -> tuple[Grant, ...]:
        sources = self._sources()
        found: dict[Grant, None] = {}
        for n, (grant, names) in enumerate(zip(self._session.grants, to, strict=True), 1):
            place = f"grant {n}"
            since = self._first_day(f"{place}, since", grant.since)
            told_by: tuple[str | None, ...] = (None,)
            if grant.source is not None:
                if grant.source not in sources:
                    text = f"“{grant.source}” is none of the records; {meant(grant.source, list(sources))}"
                    raise self._wrong(f"{place}, source", text)
                told_by = sources[grant.source]
            for name in names:
                for category in grant.categories:
                    found |= dict.fromkeys(Grant(name, category, source, since) for source in told_by)
        return tuple(found)

    def _sources(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of sources by what a grant may call them: an entry of `records`, or one of the sample's two."""
        found: dict[str, tuple[str, ...]] = {}
        for n, entry in enumerate(self._session.records, 1):
            if entry != SAMPLE and not beside(self._path, entry).exists():
                raise self._wrong(f"records, entry {n}", f"there is no file or folder “{entry}”")
        for entry, doors in _doors(self._path, self._session.records).items():
            infos = [door.info for door in doors]
            found[entry] = tuple(source_id(info.kind, info.key) for info in infos)
            if entry == SAMPLE:
                found |= {info.key: (source_id(info.kind, info.key),) for info in infos}
        return found

    def _asked(self, names: Sequence[str], usual: Sequence[str]) -> tuple[Asked, ...]:
        asked: list[Asked] = []
        for n, question in enumerate(self._session.questions, 1):
            if question.follows and not asked:
                raise self._wrong(f"question {n}, follows", "there is no question before it")
            if question.to is not None:
                to = self._known(f"question {n}, to", question.to, names)
            else:
                to = asked[-1].to if question.follows else tuple(usual)
            stray = [name for name in to if question.follows and name not in asked[-1].to]
            if stray:
                text = f"it follows a question that isn't asked of “{stray[0]}”"
                raise self._wrong(f"question {n}, to", text)
            asked.append(Asked(n, question.ask, to, question.follows, question.expect))
        return tuple(asked)

    def _known(self, place: str, to: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
        for name in to:
            if name not in names:
                raise self._wrong(place, f"there is no destination “{name}”; {meant(name, names)}")
        if not to:
            raise self._wrong(place, "it must not be empty")
        return tuple(dict.fromkeys(to))

    def _first_day(self, place: str, text: str | int | None) -> str | None:
        if text is None:
            return None
        found = _DATE.fullmatch(str(text))
        try:
            year, month, day = (int(part or 1) for part in (found.groups() if found else ("0",) * 3))
            return dt.date(year, month, day).isoformat()
        except ValueError:
            raise self._wrong(place, f"“{text}” is no date such as 2024-03-01, 2024-03 or 2024") from None

    def _wrong(self, place: str, text: str) -> UsageError:
        return wrong(self._path, place, text)


def _doors(path: Path, records: Sequence[str]) -> dict[str, Sequence[Connector]]:
    return {
        entry: sample_sources() if entry == SAMPLE else (file_connector(beside(path, entry)),)
        for entry in records
    }
