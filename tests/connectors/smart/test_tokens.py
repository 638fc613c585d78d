"""Access that lasts: one renewal at a time, saved before it is used, never lost to a failure."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta

import msgspec
import pytest

from connectors.errors import SourceError
from connectors.net_errors import BadReply, Busy, Unreachable
from connectors.smart.discovery import Server
from connectors.smart.errors import ClientRefused, NotWhoItSays, SignInNeeded
from connectors.smart.scopes import Scopes
from connectors.smart.secret import Secret
from connectors.smart.token_reply import Granted
from connectors.smart.tokens import MARGIN, Tokens, revoke
from tests.connectors.smart.flows import CLIENT, SCOPE, Clock, Kept, clinic, found, network, signed_in
from tests.fakes.smart_server import SmartServer


@asynccontextmanager
async def linked() -> AsyncGenerator[tuple[SmartServer, Server, Kept], None]:
    async with clinic() as server:
        yield server, await found(server), Kept(await signed_in(server))


def refreshes(server: SmartServer) -> list[dict[str, str]]:
    return [
        one.form for one in server.requests("/auth/token") if one.form.get("grant_type") == "refresh_token"
    ]


async def test_a_token_that_works_is_given_without_asking() -> None:
    async with linked() as (server, known, kept):
        tokens = Tokens(network(), known, CLIENT, kept)
        assert kept.granted is not None
        assert await tokens() == await tokens() == kept.granted.access.value
        assert refreshes(server) == []


async def test_many_callers_make_one_renewal() -> None:
    async with linked() as (server, known, kept):
        tokens = Tokens(network(), known, CLIENT, kept)
        old = await tokens()
        fresh = await asyncio.gather(*(tokens(old) for _ in range(20)))
        assert len(set(fresh)) == 1
        assert fresh[0] != old
        (asked,) = refreshes(server)
        assert asked.keys() == {"grant_type", "refresh_token", "client_id"}
        assert server.issued.reuse == 0


class Shared(Kept):
    """A store that two processes share."""

    def __init__(self, granted: Granted | None) -> None:
        super().__init__(granted)
        self._one = asyncio.Lock()

    def lock(self) -> AbstractAsyncContextManager[None]:
        return self._hold()

    @asynccontextmanager
    async def _hold(self) -> AsyncGenerator[None, None]:
        async with self._one:
            yield


async def test_two_processes_make_one_renewal() -> None:
    async with linked() as (server, known, kept):
        shared = Shared(kept.granted)
        first, second = (Tokens(network(), known, CLIENT, shared) for _ in range(2))
        old = await first()
        fresh = await asyncio.gather(first(old), second(old), first(old), second(old))
        assert len(set(fresh)) == 1
        assert len(refreshes(server)) == 1
        assert server.issued.reuse == 0


async def test_the_new_refresh_token_is_saved_before_the_access_token_is_used() -> None:
    async with linked() as (server, known, kept):
        saving = asyncio.Event()
        go_on = asyncio.Event()

        class Slow(Kept):
            async def save(self, granted: Granted) -> None:
                saving.set()
                await go_on.wait()
                await super().save(granted)

        slow = Slow(kept.granted)
        tokens = Tokens(network(), known, CLIENT, slow)
        old = await tokens()
        asking = asyncio.create_task(tokens(old))
        await saving.wait()
        assert not asking.done()
        go_on.set()
        fresh = await asking
        assert slow.granted is not None
        assert slow.granted.access.value == fresh
        assert slow.granted.refresh is not None
        assert server.issued.by_refresh(slow.granted.refresh.value) is not None


async def test_a_token_that_can_not_be_saved_is_not_used() -> None:
    async with linked() as (_, known, kept):

        class Full(Kept):
            async def save(self, granted: Granted) -> None:
                raise OSError("no room")

        full = Full(kept.granted)
        tokens = Tokens(network(), known, CLIENT, full)
        old = await tokens()
        with pytest.raises(OSError, match="no room"):
            await tokens(old)
        assert full.granted is kept.granted


async def test_a_caller_that_gives_up_does_not_lose_the_answer() -> None:
    async with linked() as (server, known, kept):
        server.faults.pause = 0.2
        server.faults.next("/auth/token", "slow")
        tokens = Tokens(network(), known, CLIENT, kept)
        old = await tokens()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await tokens(old)
        await tokens.aclose()
        (saved,) = kept.saved
        assert saved.access.value == await tokens() != old


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        *(("429", Busy), ("503", Busy), ("500", BadReply), ("html", BadReply), ("not-json", BadReply)),
        *(
            ("drop", Unreachable),
            ("redirect", BadReply),
            ("foreign-redirect", BadReply),
            ("bad-gzip", BadReply),
        ),
        *(("invalid_request", BadReply), ("invalid_client", ClientRefused), ("text", BadReply)),
    ],
)
async def test_no_failure_loses_a_token(fault: str, failure: type[SourceError]) -> None:
    async with linked() as (server, known, kept):
        before = kept.granted
        assert before is not None
        server.faults.retry_after = "900"
        server.faults.next("/auth/token", fault)
        tokens = Tokens(network(), known, CLIENT, kept)
        old = await tokens()
        with pytest.raises(failure):
            await tokens(old)
        assert kept.granted is not None
        assert (kept.granted.access, kept.granted.refresh) == (before.access, before.refresh)
        assert await tokens(old) != old


async def test_access_that_was_taken_back_asks_for_a_sign_in_and_deletes_nothing() -> None:
    async with linked() as (server, known, kept):
        before = kept.granted
        server.issued.revoke_all()
        tokens = Tokens(network(), known, CLIENT, kept)
        with pytest.raises(SignInNeeded) as caught:
            await tokens(await tokens())
        assert kept.granted == before
        assert "stay" in caught.value.next_step
        assert not caught.value.lost


async def test_an_answer_lost_on_the_way_is_told_later() -> None:
    """The server exchanged the token, the answer never came: the one window that can't be closed."""
    async with linked() as (server, known, kept):
        server.faults.next("/auth/token", "lost")
        tokens = Tokens(network(), known, CLIENT, kept)
        old = await tokens()
        with pytest.raises(Unreachable):
            await tokens(old)
        with pytest.raises(SignInNeeded) as caught:
            await tokens(old)
        assert caught.value.lost
        assert "lost" in caught.value.text


async def test_showing_an_old_refresh_token_ends_everything_at_this_server() -> None:
    """What the order of saving protects from, seen at the server that the tests run against."""
    async with linked() as (server, known, kept):
        before = kept.granted
        tokens = Tokens(network(), known, CLIENT, kept)
        fresh = await tokens(await tokens())
        assert before is not None
        with pytest.raises(SignInNeeded):
            await Tokens(network(), known, CLIENT, Kept(before))(before.access.value)
        issued = server.issued.by_access(fresh)
        assert issued is not None
        assert issued.is_revoked()


async def test_what_was_agreed_is_never_widened() -> None:
    async with linked() as (server, known, kept):
        server.faults.lies.add("wider-scope")
        tokens = Tokens(network(), known, CLIENT, kept)
        await tokens(await tokens())
        assert kept.granted is not None
        assert Scopes.parse(kept.granted.scope or "").within(Scopes.parse(SCOPE))
        assert "scope" not in refreshes(server)[0]


async def test_an_answer_about_another_person_is_refused() -> None:
    async with linked() as (server, known, kept):
        before = kept.granted
        server.faults.lies.add("other-patient")
        tokens = Tokens(network(), known, CLIENT, kept)
        with pytest.raises(NotWhoItSays):
            await tokens(await tokens())
        assert kept.granted is not None
        assert before is not None
        assert kept.granted.patient == before.patient


async def test_the_old_refresh_token_is_kept_where_no_new_one_comes() -> None:
    async with linked() as (server, known, kept):
        assert kept.granted is not None
        old = kept.granted.refresh
        server.faults.lies.add("no-refresh")
        tokens = Tokens(network(), known, CLIENT, kept)
        await tokens(await tokens())
        assert kept.granted.refresh == old


@pytest.mark.parametrize("ahead", [-7200.0, 0.0, 7200.0])
async def test_a_token_is_renewed_a_minute_before_its_end_by_the_servers_clock(ahead: float) -> None:
    clock, ticks = Clock(), [0.0]
    async with clinic() as server:
        server.ahead, server.lifetime = ahead, 600
        over = network(clock)
        kept = Kept(await signed_in(server, over=over))
        tokens = Tokens(over, await found(server), CLIENT, kept, clock=lambda: ticks[0])
        first = await tokens()
        ticks[0] = clock.passed = 600 - MARGIN - 10
        assert await tokens() == first
        ticks[0] = clock.passed = 600 - MARGIN + 10
        assert await tokens() != first
        assert len(refreshes(server)) == 1


async def test_a_clock_that_is_set_back_does_not_keep_a_token_alive() -> None:
    ticks = [0.0]
    clock = Clock()
    async with clinic() as server:
        server.lifetime = 600
        over = network(clock)
        kept = Kept(await signed_in(server, over=over))
        tokens = Tokens(over, await found(server), CLIENT, kept, clock=lambda: ticks[0])
        first = await tokens()
        ticks[0], clock.passed = 601.0, 601.0
        assert await tokens() != first


async def test_nothing_kept_means_a_sign_in() -> None:
    async with linked() as (server, known, _):
        with pytest.raises(SignInNeeded):
            await Tokens(network(), known, CLIENT, Kept(None))()
        assert refreshes(server) == []


async def test_taking_access_back_ends_both_tokens() -> None:
    async with linked() as (server, known, kept):
        assert kept.granted is not None
        done = await revoke(network(), known, CLIENT, kept.granted)
        assert (done.offered, done.done, done.problem) == (True, True, None)
        hints = [one.form["token_type_hint"] for one in server.requests("/auth/revoke")]
        assert hints == ["refresh_token", "access_token"]
        assert all(token.is_revoked() and token.refresh_revoked for token in server.issued.tokens)
        with pytest.raises(SignInNeeded):
            await Tokens(network(), known, CLIENT, kept)(kept.granted.access.value)


@pytest.mark.parametrize("fault", ["500", "503", "drop", "html", "invalid_client", "foreign-redirect"])
async def test_taking_access_back_never_fails_and_says_what_it_could_not_do(fault: str) -> None:
    async with linked() as (server, known, kept):
        assert kept.granted is not None
        server.faults.retry_after = "900"
        server.faults.next("/auth/revoke", fault, fault)
        done = await revoke(network(), known, CLIENT, kept.granted)
        assert done.offered
        assert not done.done
        assert done.problem


async def test_taking_access_back_works_offline_and_where_it_is_not_offered() -> None:
    async with linked() as (_, known, kept):
        assert kept.granted is not None
        without = msgspec.structs.replace(known, revoke=None)
        assert not (await revoke(network(), without, CLIENT, kept.granted)).offered
    done = await revoke(network(), known, CLIENT, kept.granted)
    assert not done.done


async def test_an_access_token_without_an_end_is_short_lived() -> None:
    from connectors.reply import Reply
    from connectors.smart.token_reply import SHORT_LIFE, read_grant

    now = Clock().now()
    for life in (
        "",
        ', "expires_in": null',
        ', "expires_in": -1',
        ', "expires_in": "soon"',
        ', "expires_in": true',
    ):
        body = f'{{"access_token": "a", "token_type": "bearer"{life}}}'.encode()
        granted = read_grant(Reply(200, {"content-type": "application/json"}, body, ""), "ehr.example", now)
        assert granted.expires == now + timedelta(seconds=SHORT_LIFE)
    assert granted.access == Secret("a")
