"""Two vaults that differ in what isn't shared, and the same conversation in both.

The rule by which a secret counts as not shared is written here a second time, from the contract's words, so
that a mistake in the product isn't repeated by its test.
"""

import asyncio
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from assistant.bootstrap import House, make_house
from assistant.chat.events import Outgoing, OutgoingReady
from assistant.chat.question import Question
from assistant.links.importer import bring_in
from assistant.records.identity import source_id
from assistant.records.model import Category
from assistant.sharing.model import Grant
from assistant.vault.paths import VaultPaths
from assistant.vault.vault import Vault
from tests.fakes.curious import CuriousBackend
from tests.fakes.memory import MemorySource
from tests.fakes.small import patient

PASSPHRASE = "correct horse battery staple"
NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


class Secret(msgspec.Struct, frozen=True):
    """A difference between the twins: resources that only one of them has, or has otherwise."""

    source: str
    category: str
    """The category that would have to be shared for it to show."""
    one: tuple[dict[str, Any], ...]
    other: tuple[dict[str, Any], ...]
    within: str | None = None
    """For an element of a record: the category of that record, which would have to be shared too."""
    day: str = "2020-01-01"
    sensitive: bool = False


def clock() -> dt.datetime:
    return NOW


async def yes(outgoing: Outgoing) -> bool:
    return outgoing is not None


class Side:
    """One of the twins."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.house, _ = make_house(PASSPHRASE, home=home, clock=clock)
        self.house.voices.put(CuriousBackend())
        self.chat: str | None = None

    def bring(self, source: str, resources: Sequence[dict[str, Any]]) -> None:
        self.bring_as_is(source, [patient(), *resources])

    def bring_as_is(self, source: str, resources: Sequence[dict[str, Any]]) -> None:
        asyncio.run(bring_in(self.house.vault, [MemorySource(source, resources)], clock=clock))

    def ask(self, text: str, *, to: str = "scripted", once: tuple[Category, ...] = ()) -> bytes:
        """Ask in the one chat of this side; gives the outgoing bytes, of every round."""

        async def run() -> bytes:
            body = b""
            question = Question(text, to, self.chat, once)
            async for event in self.house.chat.ask(question, yes):
                if isinstance(event, OutgoingReady):
                    body += event.outgoing.request.body
                self.chat = getattr(event, "chat", self.chat)
            return body

        return asyncio.run(run())

    def restart(self) -> None:
        self.house.vault.close()
        vault = Vault.unlock(VaultPaths(self.home), PASSPHRASE, allow_test_kdf=True, clock=clock)
        self.house = House(vault, clock=clock)
        self.house.voices.put(CuriousBackend())

    def close(self) -> None:
        self.house.vault.close()


def shown(secret: Secret, grants: Sequence[Grant]) -> bool:
    """Whether these grants could let the secret show."""
    return _granted(secret, secret.category, grants) and (
        secret.within is None or _granted(secret, secret.within, grants)
    )


def _granted(secret: Secret, category: str, grants: Sequence[Grant]) -> bool:
    return any(
        grant.category.value == category
        and grant.source in (None, source_id("file", f"memory:{secret.source}"))
        and (grant.since is None or secret.day >= grant.since)
        and (grant.record is not None or not secret.sensitive)
        for grant in grants
    )
