"""Access is renewed once, whoever asks, and a token that was exchanged is kept before it is used."""

import asyncio
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from assistant.errors import SourceFailed
from assistant.links.providers.smart_client import as_client
from assistant.links.providers.token_store import VaultTokens
from connectors.smart.discovery import Server
from connectors.smart.tokens import Tokens
from tests.connectors.smart.flows import network
from tests.fakes.smart_server import SmartServer
from tests.links.kills import Killing, Point, in_child, in_children, opened, served
from tests.links.linking import ALL, house, linked

KEPT = 2
"""The commit of a sync that keeps the renewed token: after the line in the ledger that it begins."""


def access(home: Path, source: str) -> str:
    """The access token that is kept."""
    one = opened(home)
    kept = one.links.book.open(source).access
    one.vault.close()
    assert kept is not None
    return kept.access.value


def renewing(home: Path, source: str, refused: str) -> str:
    """Get another access token than the one that was turned down."""
    one = opened(home)
    link = one.links.book.open(source)
    server = msgspec.json.decode(link.link.about, type=Server)
    store = VaultTokens(one.vault, source, server.host)
    tokens = Tokens(network(), server, as_client(link.registration), store)

    async def another() -> str:
        try:
            return await tokens(refused)
        finally:
            await tokens.aclose()

    return asyncio.run(another())


def renewals(server: SmartServer) -> int:
    asked = [request.form.get("grant_type") for request in server.requests("/auth/token")]
    return asked.count("refresh_token")


def test_processes_that_renew_at_once_share_one_renewal(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with served() as (server, run):
        one = house(home)
        source = run(lambda: linked(one, server)).source
        one.vault.close()
        server.issued.expire_access()
        refused = access(home, source)
        said = in_children(*[lambda: renewing(home, source, refused)] * 3)
        assert len(set(said)) == 1
        assert None not in said
        assert (renewals(server), server.issued.reuse) == (1, 0)


def syncing(home: Path, source: str, point: Point | None) -> str:
    """Sync, perhaps not to the end; how it stands after."""
    one = opened(home)
    if point is not None:
        Killing(point).watch()
    with suppress(SourceFailed):
        asyncio.run(one.links.sync(source))
    (link,) = one.links.all()
    return f"{link.standing.state}: {sum(one.shelf.counts().values())}"


@pytest.mark.parametrize(
    ("place", "n", "lost"),
    [
        ("before a form", 1, False),
        ("after a form", 1, True),
        ("before a commit", KEPT, True),
        ("after a commit", KEPT, False),
    ],
)
def test_only_a_kill_between_exchange_and_keeping_costs_a_sign_in(
    tmp_path: Path, place: str, n: int, lost: bool
) -> None:
    home = tmp_path / "home"
    with served() as (server, run):
        one = house(home)
        source = run(lambda: linked(one, server)).source
        one.vault.close()
        server.issued.expire_access()
        assert in_child(lambda: syncing(home, source, Point(place, n))) is None
        assert renewals(server) == (place != "before a form")
        after = in_child(lambda: syncing(home, source, None))
        assert after == ("needs sign-in: 0" if lost else f"working: {ALL}")
        one = opened(home)
        run(lambda: linked(one, server))
        one.vault.close()
        assert in_child(lambda: syncing(home, source, None)) == f"working: {ALL}"
