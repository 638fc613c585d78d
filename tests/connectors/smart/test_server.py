"""The server that the tests run against is strict: it refuses what a real one has to refuse."""

from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest

from tests.connectors.smart.flows import REDIRECT, clinic, signed_in, started
from tests.fakes.smart_server import Person, Registered, SmartServer

Change = Callable[[dict[str, str]], object]

BAD_REQUESTS: dict[str, Change] = {
    "no state": lambda asked: asked.pop("state"),
    "weak state": lambda asked: asked.update(state="x"),
    "no aud": lambda asked: asked.pop("aud"),
    "other aud": lambda asked: asked.update(aud="https://other.example/fhir"),
    "no challenge": lambda asked: asked.pop("code_challenge"),
    "plain challenge": lambda asked: asked.update(code_challenge_method="plain"),
    "no method": lambda asked: asked.pop("code_challenge_method"),
    "no client": lambda asked: asked.pop("client_id"),
    "other client": lambda asked: asked.update(client_id="nobody"),
    "no redirect": lambda asked: asked.pop("redirect_uri"),
    "other redirect": lambda asked: asked.update(redirect_uri="http://127.0.0.1:8914/chartside/"),
    "other port": lambda asked: asked.update(redirect_uri="http://127.0.0.1:8915/chartside"),
    "no scope": lambda asked: asked.pop("scope"),
    "implicit": lambda asked: asked.update(response_type="token"),
    "launch": lambda asked: asked.update(launch="x"),
    "no nonce": lambda asked: asked.pop("nonce"),
    "max age": lambda asked: asked.update(max_age="1"),
}


@pytest.mark.parametrize("change", BAD_REQUESTS.values(), ids=BAD_REQUESTS.keys())
async def test_a_request_that_smart_does_not_allow_gets_no_code(change: Change) -> None:
    async with clinic() as server:
        parts = urlsplit((await started(server)).flow.address)
        asked = dict(parse_qsl(parts.query))
        change(asked)
        address = parts._replace(query=urlencode(asked)).geturl()
        async with httpx.AsyncClient(trust_env=False) as browser:
            page = await browser.get(address)
        assert page.status_code in (302, 400)
        assert "code=" not in page.headers.get("location", "")
        assert server.issued.codes == {}


async def exchange(server: SmartServer, **changes: str | None) -> httpx.Response:
    attempt = await started(server)
    landed = dict(parse_qsl(urlsplit(await Person().lands_on(attempt.flow.address)).query))
    form = {
        "grant_type": "authorization_code",
        "code": landed["code"],
        "redirect_uri": REDIRECT,
        "client_id": "chartside",
        "code_verifier": attempt.flow.verifier.value,
    }
    sent = {name: value for name, value in (form | changes).items() if value is not None}
    async with httpx.AsyncClient(trust_env=False) as browser:
        return await browser.post(f"{server.issuer}/token", data=sent)


async def test_an_exchange_as_it_should_be_works() -> None:
    async with clinic() as server:
        answer = await exchange(server)
    assert answer.status_code == 200
    assert {"access_token", "refresh_token", "id_token", "patient", "scope"} <= answer.json().keys()


@pytest.mark.parametrize(
    "changes",
    [
        {"code": "guessed"},
        {"code": None},
        {"redirect_uri": "http://127.0.0.1:8914/other"},
        {"redirect_uri": None},
        {"code_verifier": "a" * 64},
        {"code_verifier": None},
        {"client_id": "other"},
        {"client_id": None},
        {"grant_type": "password"},
    ],
    ids=str,
)
async def test_an_exchange_that_does_not_fit_is_refused(changes: dict[str, str | None]) -> None:
    async with clinic(Registered("other", redirect_uris=(REDIRECT,))) as server:
        assert (await exchange(server, **changes)).status_code in (400, 401)
        assert server.issued.tokens == []


async def test_a_code_that_is_shown_twice_ends_what_it_gave() -> None:
    async with clinic() as server:
        granted = await signed_in(server)
        (first,) = server.requests("/auth/token")
        async with httpx.AsyncClient(trust_env=False) as browser:
            again = await browser.post(f"{server.issuer}/token", data=first.form)
        assert again.status_code == 400
        token = server.issued.by_access(granted.access.value)
        assert token is not None
        assert token.is_revoked()


@pytest.mark.parametrize(
    ("path", "status"),
    [("Patient/nadia", 200), ("Patient/other", 404), ("Condition/1", 403), ("Condition?patient=nadia", 403)],
)
async def test_the_chart_is_behind_scopes(path: str, status: int) -> None:
    async with clinic() as server:
        server.chart.put({"resourceType": "Patient", "id": "other"})
        server.chart.put({"resourceType": "Condition", "id": "1"})
        granted = await signed_in(server)
        async with httpx.AsyncClient(trust_env=False) as browser:
            shown = {"authorization": f"Bearer {granted.access.value}"}
            assert (await browser.get(f"{server.base}/{path}", headers=shown)).status_code == status
            assert (await browser.get(f"{server.base}/{path}")).status_code == 401


async def test_a_search_is_paged_and_can_be_replaced() -> None:
    async with clinic() as server:
        server.chart.page_size = 2
        for number in range(5):
            subject = {"reference": "Patient/nadia"}
            server.chart.put({"resourceType": "Observation", "id": f"o{number}", "subject": subject})
        granted = await signed_in(server)
        found, address = [], f"{server.base}/Observation?patient=nadia"
        async with httpx.AsyncClient(
            trust_env=False, headers={"authorization": f"Bearer {granted.access.value}"}
        ) as browser:
            while address:
                page = (await browser.get(address)).json()
                found += [entry["resource"]["id"] for entry in page["entry"]]
                address = next((one["url"] for one in page["link"] if one["relation"] == "next"), "")
            server.chart.search = lambda type_, query: []
            assert (await browser.get(f"{server.base}/Observation")).json()["total"] == 0
    assert found == [f"o{number}" for number in range(5)]
