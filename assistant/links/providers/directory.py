"""Finding a provider: the directory in the data folder, its lists fetched or added, and searched.

It needs no vault, and nothing of the patient is in it. Nothing is fetched but the addresses that were named.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from assistant.clock import Clock, stamp
from assistant.errors import NothingDone, SourceFailed, UsageError
from assistant.links.failing import told
from assistant.llm.tls import tls_context
from assistant.llm.watch import Watch
from assistant.vault.files import new_private_file, private_folder, storing
from connectors.directory.fetch import Fetched, fetch
from connectors.directory.index import About, Building
from connectors.directory.known import KNOWN, KnownList, known
from connectors.directory.model import Listed, Seen
from connectors.directory.read import reading
from connectors.directory.search import DEFAULT_LIMIT, Directory, Match
from connectors.directory.sift import sift
from connectors.errors import SourceUnreadable

Telling = Callable[[str, int], None]
"""Told the list and how many bytes of it have come."""

_NOT_IN_IDS = re.compile(r"[^a-z0-9]+")
_LONGEST_ID = 40
_ASIDE = ".fetching-"
_LEFT_SECONDS = 24 * 60 * 60


class Updated(msgspec.Struct, frozen=True):
    """What came of asking for some lists."""

    done: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    failed: tuple[tuple[str, SourceUnreadable], ...] = ()


class ProviderDirectory:
    """The directory of one data folder."""

    def __init__(self, home: Path, watch: Watch, clock: Clock) -> None:
        self._folder = home / "providers"
        self._path = self._folder / "directory.db"
        self._watch = watch
        self._clock = clock

    def lists(self) -> list[About]:
        """The lists that are here."""
        with self._opened() as directory:
            return directory.lists() if directory else []

    def search(self, text: str, limit: int = DEFAULT_LIMIT, seen: Iterable[Seen] = ()) -> list[Match]:
        """The best matches, those first that records already held name. Nothing of it is kept."""
        with self._opened() as directory:
            if directory is None:
                return []
            hinted = [hint.provider for hint in directory.hints(seen)]
            found = directory.search(text, limit)
        return sorted(found, key=lambda match: match.provider not in hinted)

    def get(self, provider_id: str) -> Listed | None:
        """The provider of an id that a search gave."""
        with self._opened() as directory:
            return directory.get(provider_id) if directory else None

    def open(self) -> Directory | None:
        """The directory for as long as somebody types; None where no list is here. The caller closes it.

        Raises:
            SourceFailed: its file is damaged.
        """
        try:
            return Directory(self._path) if self._path.exists() else None
        except SourceUnreadable as error:
            raise told(error) from None

    def chosen(self, ids: Sequence[str], *, every: bool = False) -> tuple[KnownList, ...]:
        """The published lists that were named; every one; or where none was named, those that are here.

        Raises:
            UsageError: one is not known, or none was named and none is here.
        """
        wanted = [one.id for one in KNOWN] if every else list(ids)
        if not wanted:
            held = {about.id for about in self.lists()}
            wanted = [one.id for one in KNOWN if one.id in held]
        lists = {one: known(one) for one in wanted}
        if not lists or None in lists.values():
            ids_known = ", ".join(one.id for one in KNOWN)
            raise UsageError(
                "There is no published list of that name."
                if lists
                else "No list was named, and none is here yet.",
                f"Name one with --list: {ids_known}. Or fetch all with --all.",
            )
        return tuple(one for one in lists.values() if one)

    async def update(self, lists: Sequence[KnownList], telling: Telling = lambda *_: None) -> Updated:
        """Fetch these lists and put them in place of what is here of them. One that fails leaves the old one.

        Raises:
            StorageFailed: the disk does not take them.
        """
        self._prepare()
        try:
            tags = {about.id: about.etag for about in self.lists()}
        except SourceFailed:
            tags = {}
        got: dict[str, tuple[About, Path, str]] = {}
        unchanged: list[str] = []
        failed: list[tuple[str, SourceUnreadable]] = []
        with TemporaryDirectory(dir=self._folder, prefix=_ASIDE) as aside:
            for one in lists:
                file = Path(aside) / one.id
                try:
                    reply = await self._fetched(one, file, tags.get(one.id, ""), telling)
                except SourceUnreadable as error:
                    failed.append((one.id, error))
                    continue
                if reply.changed:
                    about = About(one.id, one.name, one.address, stamp(self._clock()), reply.etag)
                    got[one.id] = (about, file, one.vendor)
                else:
                    unchanged.append(one.id)
            done, broken = self._built(list(got.values()))
        return Updated(done, tuple(unchanged), (*failed, *broken))

    async def _fetched(self, one: KnownList, file: Path, etag: str, telling: Telling) -> Fetched:
        with storing(), os.fdopen(new_private_file(file), "wb") as to:
            return await fetch(
                one.address,
                to,
                etag=etag,
                tls=tls_context(),
                allowing=self._watch.allowing,
                progress=lambda done: telling(one.name, done),
            )

    def _prepare(self) -> None:
        """Have the folder, without what an earlier run left when it was killed."""
        private_folder(self._folder.parent)
        private_folder(self._folder)
        with storing():
            for left in self._folder.glob(".*"):
                if self._clock().timestamp() - left.stat().st_mtime > _LEFT_SECONDS:
                    shutil.rmtree(left) if left.is_dir() else left.unlink()

    def add(self, path: Path) -> About:
        """Add a list that the patient has as a file, or put it in place of the one of the same name.

        Raises:
            SourceFailed: it is no list of providers.
        """
        self._prepare()
        name = _NOT_IN_IDS.sub("-", path.stem.lower()).strip("-")[:_LONGEST_ID] or "list"
        list_id = name if known(name) is None else f"{name}-file"
        about = About(list_id, path.name, fetched=stamp(self._clock()))
        _, failed = self._built([(about, path, "")])
        if failed:
            raise told(failed[0][1])
        return next(one for one in self.lists() if one.id == list_id)

    def remove(self, list_id: str) -> None:
        """Drop a list.

        Raises:
            NothingDone: there is none of that name.
        """
        if list_id not in {about.id for about in self.lists()}:
            raise NothingDone("No list of that name is here.", "See which are: `chartside providers lists`.")
        self._built([], without={list_id})

    def _built(
        self, new: Sequence[tuple[About, Path, str]], without: set[str] | None = None
    ) -> tuple[tuple[str, ...], tuple[tuple[str, SourceUnreadable], ...]]:
        """Build the directory anew with these lists; the ids of those that are in, and what failed."""
        done: list[str] = []
        failed: list[tuple[str, SourceUnreadable]] = []
        with storing():
            building = Building(self._path)
            try:
                for about, file, vendor in new:
                    try:
                        with reading(file, about.id, vendor) as found:
                            building.add(about, sift(found))
                        done.append(about.id)
                    except SourceUnreadable as error:
                        failed.append((about.id, error))
                if done or without:
                    building.keep({*done, *(without or ())})
                    building.put_in_place()
            finally:
                building.discard()
        return tuple(done), tuple(failed)

    @contextmanager
    def _opened(self) -> Iterator[Directory | None]:
        directory = self.open()
        try:
            yield directory
        finally:
            if directory is not None:
                directory.close()
