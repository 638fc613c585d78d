"""The place to land on: one answer, from a browser on this computer, and nothing else."""

import asyncio
import contextlib
import socket

import httpx
import pytest

from connectors.smart.discovery import confirm_issuer
from connectors.smart.errors import LandingFailed
from connectors.smart.landing import Landing
from connectors.smart.sign_in import SignIn, begin
from tests.connectors.smart.flows import CLIENT, SCOPE, clinic, found, network
from tests.fakes.smart_server import Person, Registered

PATH = "/chartside"


def here(scheme: str = "http", host: str = "127.0.0.1") -> Landing:
    return Landing(f"{scheme}://{host}:8914{PATH}", any_port=True)


def fits(landed: str) -> bool:
    return "state=right" in landed


async def visit(address: str, method: str = "GET", **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False, verify=False) as browser:
        return await browser.request(method, address, headers=headers)


async def test_the_first_answer_that_fits_is_given_back_and_the_door_closes() -> None:
    async with here() as landing:
        waiting = asyncio.create_task(landing.answer(fits))
        await asyncio.sleep(0)
        page = await visit(f"{landing.redirect_uri}?code=abc&state=right")
        assert await waiting == f"{landing.redirect_uri}?code=abc&state=right"
        assert page.status_code == 200
        assert "Go back to the terminal" in page.text
        with pytest.raises(httpx.TransportError):
            await visit(f"{landing.redirect_uri}?code=abc&state=right")


async def test_the_page_holds_no_script_and_nothing_of_the_answer() -> None:
    async with here() as landing:
        waiting = asyncio.create_task(landing.answer(fits))
        page = await visit(f"{landing.redirect_uri}?code=canary-code&state=right&x=<script>alert(1)</script>")
        await waiting
    assert "script" not in page.text
    assert "canary-code" not in page.text + str(page.headers)
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("POST", f"{PATH}?state=right", {}, 405),
        ("HEAD", f"{PATH}?state=right", {}, 405),
        ("PUT", f"{PATH}?state=right", {}, 405),
        ("OPTIONS", f"{PATH}?state=right", {}, 405),
        ("GET", f"{PATH}/?state=right", {}, 404),
        ("GET", f"{PATH}x?state=right", {}, 404),
        ("GET", f"/x{PATH}?state=right", {}, 404),
        ("GET", "/?state=right", {}, 404),
        ("GET", "/favicon.ico", {}, 404),
        ("GET", "/CHARTSIDE?state=right", {}, 404),
        ("GET", "/%63hartside?state=right", {}, 404),
        ("GET", f"{PATH}?state=right", {"Host": "evil.example"}, 404),
        ("GET", f"{PATH}?state=right", {"Host": "127.0.0.1"}, 404),
        ("GET", f"{PATH}?state=right", {"Host": "localhost:{port}"}, 404),
        ("GET", f"{PATH}?state=wrong", {}, 400),
        ("GET", PATH, {}, 400),
    ],
)
async def test_any_other_visit_is_sent_off_and_does_not_count(
    method: str, path: str, headers: dict[str, str], status: int
) -> None:
    async with here() as landing:
        waiting = asyncio.create_task(landing.answer(fits))
        await asyncio.sleep(0)
        origin = landing.redirect_uri.removesuffix(PATH)
        port = origin.rpartition(":")[2]
        said = {name: value.format(port=port) for name, value in headers.items()}
        assert (await visit(f"{origin}{path}", method, **said)).status_code == status
        assert not waiting.done()
        await visit(f"{landing.redirect_uri}?state=right")
        assert (await waiting).endswith("?state=right")


async def test_two_answers_at_one_moment_give_one() -> None:
    seen: list[str] = []

    def noting(landed: str) -> bool:
        seen.append(landed)
        return True

    async with here() as landing:
        waiting = asyncio.create_task(landing.answer(noting))
        await asyncio.sleep(0)
        visits = (visit(f"{landing.redirect_uri}?n={n}") for n in range(8))
        pages = await asyncio.gather(*visits, return_exceptions=True)
        await waiting
    done = [page for page in pages if isinstance(page, httpx.Response) and page.status_code == 200]
    assert len(done) >= 1
    assert await waiting in seen


async def test_nonsense_and_silence_do_not_hold_the_door() -> None:
    async with here() as landing:
        waiting = asyncio.create_task(landing.answer(fits))
        await asyncio.sleep(0)
        port = int(landing.redirect_uri.rpartition(":")[2].removesuffix(PATH))
        _, silent = await asyncio.open_connection("127.0.0.1", port)
        for nonsense in (b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"A" * 40_000, b"\x00" * 10):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            with contextlib.suppress(ConnectionError):
                writer.write(nonsense)
                writer.write_eof()
                await reader.read()
            writer.close()
        await visit(f"{landing.redirect_uri}?state=right")
        assert (await waiting).endswith("?state=right")
        silent.close()


async def test_nobody_comes() -> None:
    async with here() as landing:
        with pytest.raises(LandingFailed) as caught:
            await landing.answer(fits, patience=0.05)
        assert "in time" in caught.value.text
        with pytest.raises(httpx.TransportError):
            await visit(f"{landing.redirect_uri}?state=right")


async def test_waiting_can_be_given_up() -> None:
    async with here() as landing:
        waiting = asyncio.create_task(landing.answer(fits))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    with pytest.raises(httpx.TransportError):
        await visit(f"{landing.redirect_uri}?state=right")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_port_that_another_program_holds_is_said_so(host: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(LandingFailed) as caught:
            async with Landing(f"http://{host}:{port}{PATH}"):
                pass
    assert str(port) in caught.value.text
    assert "paste" in caught.value.next_step


def has_ipv6() -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        return True
    return False


@pytest.mark.skipif(not has_ipv6(), reason="this computer has no ::1")
async def test_localhost_is_held_under_both_its_numbers() -> None:
    with socket.socket(socket.AF_INET6) as other:
        other.bind(("::1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(LandingFailed):
            async with Landing(f"http://localhost:{port}{PATH}"):
                pass
    async with Landing(f"http://localhost:{port}{PATH}") as landing:
        for number in ("127.0.0.1", "[::1]"):
            page = await visit(f"http://{number}:{port}{PATH}", Host=f"localhost:{port}")
            assert page.status_code == 400
        assert landing.redirect_uri == f"http://localhost:{port}{PATH}"


@pytest.mark.parametrize(
    "address",
    ["http://192.168.1.2:80/x", "https://evil.example/x", "http://127.0.0.1:80/x?y=1", "x", "file:///x"],
)
async def test_only_an_address_of_this_computer_is_listened_at(address: str) -> None:
    with pytest.raises(LandingFailed):
        Landing(address)


async def test_the_same_address_can_be_landed_at_again_at_once() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for _ in range(3):
        async with Landing(f"http://127.0.0.1:{port}{PATH}") as landing:
            waiting = asyncio.create_task(landing.answer(fits))
            await asyncio.sleep(0)
            await visit(f"{landing.redirect_uri}?state=right")
            await waiting


async def test_a_program_that_holds_every_address_is_noticed() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("0.0.0.0", 0))
        other.listen()
        with pytest.raises(LandingFailed):
            async with Landing(f"http://127.0.0.1:{other.getsockname()[1]}{PATH}"):
                pass


async def test_a_fixed_address_is_kept_to_the_letter() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with Landing(f"http://127.0.0.1:{port}{PATH}") as landing:
        assert landing.redirect_uri == f"http://127.0.0.1:{port}{PATH}"


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_whole_sign_in_comes_back_here(scheme: str) -> None:
    async with clinic() as server, here(scheme, "127.0.0.1" if scheme == "http" else "localhost") as landing:
        server.clients.add(Registered("chartside", redirect_uris=(landing.redirect_uri,)))
        over, known = network(), await found(server)
        flow = begin(
            known,
            CLIENT,
            redirect_uri=landing.redirect_uri,
            scope=SCOPE,
            issuer=await confirm_issuer(over, known),
        )
        attempt = SignIn(over, CLIENT, flow)
        waiting = asyncio.create_task(landing.answer(attempt.belongs))
        assert "Go back to the terminal" in await Person().signs_in(flow.address)
        assert (await attempt.finish(await waiting)).patient == "nadia"


async def test_the_certificate_leaves_no_file(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import Path

    assert isinstance(tmp_path, Path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    async with here("https", "localhost"):
        assert list(tmp_path.iterdir()) == []
