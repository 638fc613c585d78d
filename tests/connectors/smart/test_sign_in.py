"""One sign-in against a strict server: what is sent, what is checked, what is refused."""

import math
from collections import Counter
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import msgspec
import pytest

from connectors.errors import SourceError
from connectors.net_errors import BadReply, Busy
from connectors.smart.client import KeyClient, PublicClient, SecretClient, new_key, public_jwks
from connectors.smart.discovery import confirm_issuer
from connectors.smart.errors import (
    ClientRefused,
    Denied,
    NotWhoItSays,
    SignInFailed,
    WrongState,
)
from connectors.smart.secret import Secret
from connectors.smart.sign_in import SignIn, begin
from tests.connectors.smart.flows import (
    CLIENT,
    REDIRECT,
    SCOPE,
    Clock,
    clinic,
    found,
    network,
    signed_in,
    started,
)
from tests.fakes.smart_server import Person, Registered, SmartServer

ALLOWS = Person()


def parameters(address: str) -> dict[str, str]:
    pairs = parse_qsl(urlsplit(address).query, keep_blank_values=True)
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


async def test_the_request_has_what_smart_wants_and_nothing_else() -> None:
    async with clinic() as server:
        flow = (await started(server)).flow
    assert flow.address.startswith(f"{server.issuer}/authorize?")
    asked = parameters(flow.address)
    assert asked.keys() == {
        *("response_type", "client_id", "redirect_uri", "scope", "state", "aud", "nonce"),
        *("code_challenge", "code_challenge_method"),
    }
    assert asked["response_type"] == "code"
    assert asked["client_id"] == CLIENT.client_id
    assert asked["redirect_uri"] == REDIRECT
    assert asked["scope"] == SCOPE
    assert asked["aud"] == server.base
    assert asked["code_challenge_method"] == "S256"
    assert flow.verifier.value not in flow.address


async def test_state_nonce_and_verifier_are_long_and_never_the_same() -> None:
    async with clinic() as server:
        known = await found(server)
    flows = [begin(known, CLIENT, redirect_uri=REDIRECT, scope=SCOPE, issuer=None) for _ in range(200)]
    for name in ("state", "nonce", "verifier"):
        values = [getattr(flow, name).value for flow in flows]
        assert len(set(values)) == len(values)
        letters = Counter("".join(values))
        total = sum(letters.values())
        entropy = -sum(n / total * math.log2(n / total) for n in letters.values()) * len(values[0])
        assert entropy > 128
    assert all(43 <= len(flow.verifier.value) <= 128 for flow in flows)


async def test_a_sign_in_without_openid_asks_for_no_identity() -> None:
    async with clinic() as server:
        scope = "launch/patient patient/Patient.rs"
        assert "nonce" not in parameters((await started(server, scope=scope)).flow.address)
        assert (await signed_in(server, scope=scope)).patient == "nadia"


async def test_a_sign_in_gives_access_and_says_what_was_granted() -> None:
    async with clinic() as server:
        server.clients.add(
            Registered(
                "chartside",
                redirect_uris=(REDIRECT,),
                scopes=frozenset(SCOPE.split()) - {"patient/Observation.rs"},
            )
        )
        granted = await signed_in(server)
    assert granted.scope is not None
    assert "patient/Patient.rs" in granted.scope
    assert "patient/Observation.rs" not in granted.scope
    assert granted.patient == "nadia"
    assert granted.refresh is not None
    (exchange,) = server.requests("/auth/token")
    assert exchange.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "authorization" not in exchange.headers
    assert exchange.form.keys() == {"grant_type", "code", "redirect_uri", "code_verifier", "client_id"}
    assert exchange.form["grant_type"] == "authorization_code"
    assert exchange.form["redirect_uri"] == REDIRECT


async def test_the_scope_that_was_asked_counts_where_the_server_names_none() -> None:
    async with clinic() as server:
        server.faults.lies.add("no-scope")
        assert (await signed_in(server)).scope == SCOPE


@pytest.mark.parametrize("algorithm", ["RS384", "ES384"])
async def test_a_client_with_a_key_signs(algorithm: str) -> None:
    key = new_key("RS384" if algorithm == "RS384" else "ES384")
    registered = Registered(
        "with-key", redirect_uris=(REDIRECT,), method="client_assertion_jwt", jwks=dict(public_jwks(key))
    )
    async with clinic(registered) as server:
        granted = await signed_in(server, client=KeyClient("with-key", key))
        assert granted.patient == "nadia"
        (exchange,) = server.requests("/auth/token")
        assert "client_id" not in exchange.form
        stranger = KeyClient("with-key", new_key("ES384"))
        with pytest.raises(ClientRefused):
            await signed_in(server, client=stranger)


async def test_a_client_with_a_secret_shows_it_in_a_header() -> None:
    registered = Registered(
        "with-secret", redirect_uris=(REDIRECT,), method="client_secret_basic", secret="s3cret"
    )
    async with clinic(registered) as server:
        granted = await signed_in(server, client=SecretClient("with-secret", Secret("s3cret")))
        assert granted.patient == "nadia"
        (exchange,) = server.requests("/auth/token")
        assert "client_id" not in exchange.form
        assert "s3cret" not in exchange.body.decode()
        with pytest.raises(ClientRefused):
            await signed_in(server, client=SecretClient("with-secret", Secret("guessed")))


async def test_the_patient_may_be_known_from_who_signed_in() -> None:
    async with clinic() as server:
        server.faults.lies.add("no-patient")
        assert (await signed_in(server)).patient == "nadia"
        with pytest.raises(SignInFailed, match="did not finish"):
            await signed_in(server, scope="launch/patient patient/Patient.rs")


@pytest.mark.parametrize(
    "lie",
    [
        *("wrong-nonce", "wrong-audience", "two-audiences", "wrong-token-issuer", "expired-identity"),
        *("bad-signature", "unsigned"),
    ],
)
async def test_an_identity_token_that_does_not_hold_ends_the_sign_in(lie: str) -> None:
    async with clinic() as server:
        server.faults.lies.add(lie)
        with pytest.raises(NotWhoItSays):
            await signed_in(server)


@pytest.mark.parametrize("lie", ["mac-token", "strange-token"])
async def test_a_token_that_is_no_bearer_token_is_refused(lie: str) -> None:
    async with clinic() as server:
        server.faults.lies.add(lie)
        with pytest.raises(BadReply):
            await signed_in(server)


async def test_saying_no_is_said_in_words() -> None:
    async with clinic() as server:
        with pytest.raises(Denied) as caught:
            await signed_in(server, person=Person(decision="deny"))
    assert caught.value.code == "access_denied"
    assert "refused" in caught.value.text


async def test_an_unknown_client_never_gets_to_a_code() -> None:
    async with clinic() as server:
        with pytest.raises(AssertionError, match="answered 400"):
            await signed_in(server, client=PublicClient("nobody"))
        assert server.requests("/auth/token") == []


def with_parameters(landed: str, **changes: str | None) -> str:
    parts = urlsplit(landed)
    pairs = {
        name: value for name, value in (dict(parse_qsl(parts.query)) | changes).items() if value is not None
    }
    return parts._replace(query=urlencode(pairs)).geturl()


@pytest.mark.parametrize(
    "code",
    ["access_denied", "invalid_scope", "server_error", "temporarily_unavailable", "made_up", "<b>x</b>"],
)
async def test_an_error_of_the_sign_in_page_is_put_in_own_words(code: str) -> None:
    async with clinic() as server:
        attempt = await started(server)
        landed = with_parameters(
            f"{REDIRECT}?state={attempt.flow.state.value}",
            error=code,
            error_description="their words",
            iss=server.issuer,
        )
        with pytest.raises(Denied) as caught:
            await attempt.finish(landed)
    shown = caught.value.text + caught.value.next_step + caught.value.code
    assert "their words" not in shown
    assert "<b>" not in shown
    assert server.requests("/auth/token") == []


async def landed_at(server: SmartServer) -> tuple[str, SignIn]:
    attempt = await started(server)
    return await ALLOWS.lands_on(attempt.flow.address), attempt


@pytest.mark.parametrize("state", [None, "", "x", "{}a", "a{}", "{}\x00"])
async def test_an_answer_with_another_state_is_not_used_and_spoils_nothing(state: str | None) -> None:
    async with clinic() as server:
        landed, attempt = await landed_at(server)
        other = with_parameters(landed, state=state and state.format(attempt.flow.state.value))
        assert not attempt.belongs(other)
        with pytest.raises(WrongState):
            await attempt.finish(other)
        assert server.requests("/auth/token") == []
        assert attempt.belongs(landed)
        assert (await attempt.finish(landed)).patient == "nadia"


@pytest.mark.parametrize("again", ["state", "code", "iss"])
async def test_an_answer_that_says_something_twice_is_not_used(again: str) -> None:
    async with clinic() as server:
        landed, attempt = await landed_at(server)
        with pytest.raises(WrongState):
            await attempt.finish(f"{landed}&{again}={parse_qs(urlsplit(landed).query)[again][0]}")
        assert server.requests("/auth/token") == []


@pytest.mark.parametrize(
    "place",
    [
        "http://127.0.0.1:8915/chartside",
        "http://127.0.0.1:8914/chartside/",
        "http://127.0.0.1:8914/other",
        "https://127.0.0.1:8914/chartside",
        "http://localhost:8914/chartside",
        "http://127.0.0.1:8914@evil.example/chartside",
        "javascript:alert(1)//",
        "code and state",
        "",
    ],
)
async def test_only_the_address_that_was_asked_for_is_an_answer(place: str) -> None:
    async with clinic() as server:
        landed, attempt = await landed_at(server)
        with pytest.raises(SignInFailed):
            await attempt.finish(f"{place}?{urlsplit(landed).query}")
        assert server.requests("/auth/token") == []


async def test_an_address_pasted_with_blanks_around_it_works() -> None:
    async with clinic() as server:
        landed, attempt = await landed_at(server)
        assert (await attempt.finish(f"  {landed}#\n")).patient == "nadia"


async def test_an_answer_is_used_once() -> None:
    async with clinic() as server:
        landed, attempt = await landed_at(server)
        await attempt.finish(landed)
        assert not attempt.belongs(landed)
        with pytest.raises(SignInFailed):
            await attempt.finish(landed)
        assert len(server.requests("/auth/token")) == 1


async def test_two_sign_ins_at_one_time_do_not_mix() -> None:
    async with clinic() as server:
        (first, one), (second, two) = await landed_at(server), await landed_at(server)
        with pytest.raises(WrongState):
            await one.finish(second)
        with pytest.raises(WrongState):
            await two.finish(first)
        assert (await one.finish(first)).access != (await two.finish(second)).access


async def test_another_sign_ins_code_is_worth_nothing() -> None:
    """Someone puts their own code into the patient's answer: PKCE binds it to the sign-in that asked."""
    async with clinic() as server:
        await landed_at(server)
        server.faults.lies.add("code-swap")
        landed, attempt = await landed_at(server)
        with pytest.raises(SignInFailed):
            await attempt.finish(landed)


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        *(("invalid_grant", SignInFailed), ("invalid_client", ClientRefused), ("invalid_request", BadReply)),
        *(("500", BadReply), ("503", Busy), ("html", BadReply), ("not-json", BadReply), ("text", BadReply)),
        *(
            ("redirect", BadReply),
            ("foreign-redirect", BadReply),
            ("drop", SourceError),
            ("bad-gzip", BadReply),
        ),
    ],
)
async def test_a_failure_at_the_last_step_is_said_and_not_repeated(
    fault: str, failure: type[SourceError]
) -> None:
    async with clinic() as server:
        landed, attempt = await landed_at(server)
        server.faults.next("/auth/token", fault)
        with pytest.raises(failure):
            await attempt.finish(landed)
        assert len(server.requests("/auth/token")) == 1


async def test_a_server_that_asks_for_patience_gets_it() -> None:
    clock = Clock()
    async with clinic() as server:
        over = network(clock)
        attempt = await started(server, over=over)
        server.faults.next("/auth/token", "429")
        assert (await attempt.finish(await ALLOWS.lands_on(attempt.flow.address))).patient == "nadia"
    assert sum(clock.waited) >= float(server.faults.retry_after)


async def test_nothing_of_a_flow_is_printed() -> None:
    async with clinic() as server:
        flow = (await started(server)).flow
        granted = await signed_in(server)
    shown = repr(msgspec.structs.replace(flow, address="")) + repr(granted) + str(granted)
    for secret in (flow.state, flow.verifier, flow.nonce, granted.access, granted.refresh):
        assert secret is not None
        assert secret.value not in shown


async def test_the_address_answers_only_to_the_issuer_that_was_asked() -> None:
    async with clinic() as server:
        known = await found(server)
        assert await confirm_issuer(network(), known) is not None
        landed, attempt = await landed_at(server)
        for other in ("https://other.example", f"{server.issuer}/", server.issuer.upper(), ""):
            spoiled = with_parameters(landed, iss=other)
            with pytest.raises(NotWhoItSays):
                await (await fresh(server, attempt)).finish(spoiled)
        with pytest.raises(NotWhoItSays):
            await (await fresh(server, attempt)).finish(with_parameters(landed, iss=None))
        assert server.requests("/auth/token") == []


async def fresh(server: SmartServer, attempt: SignIn) -> SignIn:
    """The same flow, not yet spent."""
    return SignIn(network(), CLIENT, attempt.flow)
