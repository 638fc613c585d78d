"""The pinned client against a real server: what it follows, how long it waits, what it takes."""

import asyncio
import gzip
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import msgspec
import pytest

from connectors.errors import SourceError
from connectors.http import Network, Pinned
from connectors.net_errors import BadReply, BlockedAddress, Busy, ForeignAddress, Unreachable
from connectors.origin import Origin
from connectors.patience import own_wait, retry_after
from connectors.reply import Reply, expect_json, json_object
from connectors.transport import is_public
from tests.connectors.smart.flows import Clock, network
from tests.fakes.smart_server.wire import Request, Response, Web, as_html, as_json

CANARY = "token-that-must-not-travel"


class Script:
    """A server that answers in turn, and the last answer for good."""

    def __init__(self, *answers: Response) -> None:
        self.answers = list(answers)
        self.web = Web(self._answer)

    async def _answer(self, request: Request) -> Response:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    async def __aenter__(self) -> "Script":
        await self.web.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.web.close()

    def client(self, over: Network | None = None, *, token: bool = True) -> Pinned:
        origin = Origin.of(f"{self.web.origin}/fhir", typed=True)
        return (over or network()).pinned(origin, bearer=bearer if token else None, typed=True)


async def bearer(refused: str | None = None) -> str:
    return CANARY


OK = as_json({"resourceType": "Patient"})


async def test_the_token_goes_with_every_request_to_the_granted_server() -> None:
    async with Script(OK) as server, server.client() as client:
        reply = await client.get("Patient/1")
    assert reply.status == 200
    assert [one.headers["authorization"] for one in server.web.received] == [f"Bearer {CANARY}"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["get", "post"])
async def test_a_redirect_to_another_server_is_not_followed(status: int, method: str) -> None:
    async with Script(OK) as other:
        away = Response(status, (("location", f"{other.web.origin}/fhir/Patient"),))
        async with Script(away) as server, server.client() as client:
            with pytest.raises((ForeignAddress, BadReply)) as caught:
                await (client.get("Patient") if method == "get" else client.post_form("token", {"code": "c"}))
    assert other.web.connections == 0
    assert CANARY not in str(caught.value.args) + caught.value.text


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_within_the_server_is_followed_for_reading_only(status: int) -> None:
    answers = (Response(status, (("location", "../fhir/Patient/2?x=1"),)), OK)
    async with Script(*answers) as server, server.client() as client:
        assert (await client.get("Patient/1")).url.endswith("/fhir/Patient/2?x=1")
    async with Script(*answers) as server, server.client() as client:
        with pytest.raises(BadReply):
            await client.post_form("token", {"code": "c"})
        assert len(server.web.received) == 1


@pytest.mark.parametrize(
    "location", ["", "//evil.example/", "https:evil.example", "http://[", "/other", "\\\\evil.example"]
)
async def test_a_redirect_that_leads_nowhere_good_is_refused(location: str) -> None:
    headers = (("location", location),) if location else ()
    async with Script(Response(302, headers)) as server, server.client() as client:
        with pytest.raises(ForeignAddress):
            await client.get("Patient")


async def test_redirects_in_circles_end_after_three() -> None:
    async with Script(Response(302, (("location", "Patient"),))) as server, server.client() as client:
        with pytest.raises(BadReply):
            await client.get("Patient")
        assert len(server.web.received) == 4


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_a_busy_server_is_asked_six_times_at_most_with_growing_waits(status: int) -> None:
    clock = Clock()
    async with Script(Response(status)) as server, server.client(network(clock, total=120.0)) as client:
        with pytest.raises(Busy) as caught:
            await client.get("Patient")
        assert len(server.web.received) == 6
    assert clock.waited == sorted(clock.waited)
    assert len(clock.waited) == 5
    assert caught.value.after is None


@pytest.mark.parametrize("as_date", [False, True])
async def test_retry_after_is_waited_for(as_date: bool) -> None:
    clock = Clock()
    asked = format_datetime(datetime.now(UTC) + timedelta(seconds=9), usegmt=True) if as_date else "9"
    answers = (Response(429, (("retry-after", asked),)), OK)
    async with Script(*answers) as server, server.client(network(clock)) as client:
        assert (await client.get("Patient")).status == 200
    assert len(clock.waited) == 1
    assert 7 <= clock.waited[0] <= 10.5


async def test_a_wait_longer_than_a_request_may_last_is_handed_up() -> None:
    clock = Clock()
    async with (
        Script(Response(503, (("retry-after", "3600"),))) as server,
        server.client(network(clock)) as client,
    ):
        with pytest.raises(Busy) as caught:
            await client.get("Patient")
        assert len(server.web.received) == 1
    assert caught.value.after == 3600
    assert clock.waited == []
    assert "60 minutes" in caught.value.text


@pytest.mark.parametrize("value", ["", "soon", "-5", "1e9", "9" * 40, "Wed, 99 Oct 2026", "٣"])
def test_a_retry_after_that_makes_no_sense_is_none(value: str) -> None:
    assert retry_after({"retry-after": value}, datetime.now(UTC)) is None


def test_own_waits_differ_by_chance_and_stay_within_bounds() -> None:
    for failures in range(1, 20):
        low, high = own_wait(failures, 0.0), own_wait(failures, 0.999)
        assert 0 < low < high <= 31


async def test_a_lost_connection_is_tried_again_for_reading_and_not_for_sending() -> None:
    async with Script(Response(drop=True), OK) as server, server.client() as client:
        assert (await client.get("Patient")).status == 200
    async with Script(Response(drop=True), OK) as server, server.client() as client:
        with pytest.raises(Unreachable) as caught:
            await client.post_form("token", {"code": "c"})
        assert len(server.web.received) == 1
    assert caught.value.sent


async def test_no_one_there_is_said_so() -> None:
    async with Script(OK) as server:
        pass
    async with server.client() as client:
        with pytest.raises(Unreachable) as caught:
            await client.get("Patient")
    assert not caught.value.sent


@pytest.mark.parametrize("limits", [{"idle": 0.2}, {"total": 0.3}])
async def test_silence_ends_in_time(limits: dict[str, float]) -> None:
    over = network(None, tries=1, **limits)
    async with Script(Response(200, pause=20.0)) as server, server.client(over) as client:
        with pytest.raises(Unreachable):
            await client.get("Patient")


async def test_a_trickle_ends_in_time() -> None:
    drip = msgspec.structs.replace(as_json({"a": "b" * 500}), pause=0.02, trickle=True)
    async with Script(drip) as server, server.client(network(None, total=0.4)) as client:
        with pytest.raises(Unreachable):
            await client.get("Patient")


def packed(body: bytes, kind: str = "gzip") -> Response:
    return Response(200, (("content-type", "application/fhir+json"), ("content-encoding", kind)), body)


async def test_a_packed_reply_is_unpacked() -> None:
    body = b'{"a": "' + b"x" * 2_000_000 + b'"}'
    async with Script(packed(gzip.compress(body))) as server, server.client() as client:
        assert (await client.get("Patient")).body == body


@pytest.mark.parametrize(
    "answer",
    [
        packed(gzip.compress(bytes(40_000_000), 9)),
        Response(200, (), bytes(2_000_000)),
        packed(b"not packed"),
        packed(gzip.compress(b"{}" * 900)[:-9]),
        packed(b"abc", "br"),
        packed(gzip.compress(gzip.compress(b"{}")), "gzip, gzip"),
    ],
    ids=["bomb", "long", "broken", "cut", "brotli", "twice"],
)
async def test_a_reply_that_is_too_much_or_broken_is_refused(answer: Response) -> None:
    async with Script(answer) as server, server.client(network(None, body=1_000_000)) as client:
        with pytest.raises(BadReply):
            await client.get("Patient")


async def test_no_cookie_is_kept() -> None:
    async with (
        Script(Response(200, (("set-cookie", "session=1; Path=/"),))) as server,
        server.client() as client,
    ):
        await client.get("Patient")
        await client.get("Patient")
        assert all("cookie" not in one.headers for one in server.web.received)


async def test_nothing_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Script(OK) as proxy, Script(OK) as server:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.web.origin)
        monkeypatch.delenv("NO_PROXY", raising=False)
        async with server.client() as client:
            await client.get("Patient")
        assert (proxy.web.connections, server.web.connections) == (0, 1)


async def test_a_refused_token_is_renewed_once() -> None:
    given: list[str | None] = []

    async def renewing(refused: str | None = None) -> str:
        given.append(refused)
        return "second" if refused else "first"

    async with Script(Response(401), OK) as server:
        origin = Origin.of(f"{server.web.origin}/fhir", typed=True)
        async with network().pinned(origin, bearer=renewing, typed=True) as client:
            assert (await client.get("Patient")).status == 200
    assert given == [None, "first"]
    async with Script(Response(401)) as server:
        origin = Origin.of(f"{server.web.origin}/fhir", typed=True)
        async with network().pinned(origin, bearer=renewing, typed=True) as client:
            assert (await client.get("Patient")).status == 401
        assert len(server.web.received) == 2


@pytest.mark.parametrize("name", ["Host", "cookie", "Content-Length"])
async def test_the_caller_cannot_set_what_is_the_clients_own(name: str) -> None:
    async with Script(OK) as server, server.client() as client:
        with pytest.raises(ValueError, match="own"):
            await client.get("Patient", headers={name: "x"})


def answered(media: str, body: bytes, status: int = 200) -> Reply:
    return Reply(status, {"content-type": media}, body, "https://ehr.example/fhir")


@pytest.mark.parametrize(
    "media",
    ["application/fhir+json", "application/json+fhir", "application/json; charset=utf-8", "", "text/plain"],
)
def test_json_is_taken_under_the_names_that_servers_use(media: str) -> None:
    assert json_object(answered(media, b' {"a": 1}'), "ehr.example") == {"a": 1}


@pytest.mark.parametrize(
    ("media", "body"),
    [
        ("text/html", b"<p>hello"),
        ("application/json", b"\xef\xbb\xbf\n<!DOCTYPE html><title>Sign in</title>"),
        ("", b"<html>"),
    ],
)
def test_a_sign_in_page_in_place_of_data_is_recognised(media: str, body: bytes) -> None:
    with pytest.raises(BadReply) as caught:
        expect_json(answered(media, body), "ehr.example")
    assert caught.value.login_page
    assert "web page" in caught.value.text


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b'"x"', b"\xff", b"[" * 100_000])
def test_anything_but_an_object_is_refused(body: bytes) -> None:
    with pytest.raises(BadReply):
        json_object(answered("application/json", body), "ehr.example")


PRIVATES = """
127.0.0.1 127.8.8.8 10.0.0.1 172.16.0.1 172.31.255.255 192.168.0.1 169.254.169.254 100.64.0.1 0.0.0.0
255.255.255.255 224.0.0.1 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 240.0.0.1
:: ::1 fe80::1 fc00::1 fd12:3456::1 ff02::1 2001:db8::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1
::ffff:7f00:1 ::127.0.0.1 2002:7f00:1:: 2002:a00:1:: 64:ff9b::7f00:1 64:ff9b::10.0.0.1
2001:0:4136:e378:8000:63bf:3fff:fdd2 ::ffff:169.254.169.254 fec0::1
127.1 2130706433 0x7f000001 localhost example.org
"""


@pytest.mark.parametrize("number", PRIVATES.split())
def test_private_numbers_are_not_public(number: str) -> None:
    assert not is_public(number)


@pytest.mark.parametrize("number", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "64:ff9b::101:101"])
def test_public_numbers_are(number: str) -> None:
    assert is_public(number)


async def test_a_server_may_not_lead_into_a_private_network() -> None:
    """`localhost` stands for loopback: the name looks harmless, what it resolves to decides."""
    async with Script(OK) as server:
        for host in ("127.0.0.1", "localhost"):
            origin = Origin("http", host, server.web.port, "")
            async with network().pinned(origin, bearer=bearer) as client:
                with pytest.raises(BlockedAddress):
                    await client.get("Patient")
        assert server.web.connections == 0


@pytest.mark.parametrize(
    "answers",
    [["127.0.0.1"], ["1.1.1.1", "127.0.0.1"], ["::1"], ["10.0.0.1", "1.1.1.1"], ["::ffff:127.0.0.1"]],
)
async def test_a_name_is_looked_up_once_and_blocked_by_any_private_number(
    answers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[str] = []

    async def answering(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        looked_up.append(host)
        return [(None, None, None, "", (number, port)) for number in answers]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", answering)
    async with Script(OK) as server:
        origin = Origin("http", "rebinding.example", server.web.port, "")
        async with network().pinned(origin, bearer=bearer) as client:
            with pytest.raises(BlockedAddress):
                await client.get("Patient")
        assert server.web.connections == 0
    assert looked_up == ["rebinding.example"]


async def test_every_connection_is_asked_for_first() -> None:
    from contextlib import asynccontextmanager

    asked: list[tuple[str, int]] = []

    @asynccontextmanager
    async def allowing(host: str, port: int):  # type: ignore[no-untyped-def]
        asked.append((host, port))
        yield

    over = msgspec.structs.replace(network(), allowing=allowing)
    async with Script(OK) as server, server.client(over) as client:
        await client.get("Patient")
        await client.get("Patient")
    assert asked == [("127.0.0.1", server.web.port)]


async def test_a_certificate_that_nobody_vouches_for_is_refused() -> None:
    from connectors.smart.certificate import loopback_tls

    web = Web(Script(OK)._answer, tls=loopback_tls())
    await web.start()
    origin = Origin.of(f"{web.origin}/fhir", typed=True)
    try:
        async with network(None, tries=1).pinned(origin, bearer=bearer, typed=True) as client:
            with pytest.raises(Unreachable) as caught:
                await client.get("Patient")
    finally:
        await web.close()
    assert not caught.value.sent
    assert web.received == []


def test_every_failure_says_what_to_do() -> None:
    for failure in (
        Busy("h", 503, 40.0),
        Busy("h", 429, 20_000.0),
        Unreachable("h", "x"),
        BadReply("h", "x"),
    ):
        assert isinstance(failure, SourceError)
        assert all((failure.title, failure.text, failure.next_step))


async def test_a_page_is_told_from_data_on_the_wire() -> None:
    async with Script(as_html("<!doctype html><form>")) as server, server.client() as client:
        assert (await client.get("Patient")).is_web_page
