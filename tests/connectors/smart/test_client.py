"""Keys, assertions and dynamic clients."""

from datetime import UTC, datetime

import msgspec
import pytest
from joserfc import jws, jwt
from joserfc.jwk import KeySet

from connectors.smart.client import (
    Algorithm,
    KeyClient,
    assertion,
    jwt_bearer_form,
    new_key,
    public_jwks,
    register_dynamic,
)
from connectors.smart.errors import ClientRefused, NotSupported, SignInNeeded
from connectors.smart.secret import Secret
from connectors.smart.tokens import Tokens
from tests.connectors.smart.flows import CLIENT, Kept, clinic, found, network, signed_in

PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}
TOKEN_URL = "https://ehr.example/token"


@pytest.mark.parametrize("algorithm", ["RS384", "ES384"])
def test_an_assertion_is_what_smart_wants(algorithm: Algorithm) -> None:
    key, now = new_key(algorithm), datetime.now(UTC)
    client = KeyClient("an-id", key)
    texts = [assertion(client, TOKEN_URL, now) for _ in range(2)]
    keys = KeySet.import_key_set(public_jwks(key))  # type: ignore[arg-type]
    tokens = [jwt.decode(text, keys, algorithms=[algorithm]) for text in texts]
    for token, text in zip(tokens, texts, strict=True):
        assert token.claims["iss"] == token.claims["sub"] == "an-id"
        assert token.claims["aud"] == TOKEN_URL
        assert 0 < token.claims["exp"] - now.timestamp() <= 300
        header = jws.extract_compact(text.encode()).headers()
        kid = public_jwks(key)["keys"][0]["kid"]
        assert header == {"alg": algorithm, "kid": kid, "typ": "JWT"}
    assert tokens[0].claims["jti"] != tokens[1].claims["jti"]
    assert min(len(token.claims["jti"]) for token in tokens) >= 22


def test_the_place_of_the_keys_is_named_where_it_was_registered() -> None:
    key = new_key("ES384")
    client = KeyClient("an-id", key, jku="https://me.example/jwks")
    header = jws.extract_compact(assertion(client, TOKEN_URL, datetime.now(UTC)).encode()).headers()
    assert header["jku"] == "https://me.example/jwks"


@pytest.mark.parametrize(("algorithm", "shape"), [("RS384", {"n", "e"}), ("ES384", {"crv", "x", "y"})])
def test_only_the_public_half_is_given_out(algorithm: Algorithm, shape: set[str]) -> None:
    key, other = new_key(algorithm), new_key("ES384")
    first, second = public_jwks(key, other)["keys"]
    assert first.keys() == {"kty", "kid", "alg", "use"} | shape
    assert first["kid"] != second["kid"]
    assert PRIVATE & msgspec.json.decode(key.value).keys()
    assert repr(key) == "Secret(...)"


async def test_a_dynamic_client_signs_for_access_and_stays_with_its_patient() -> None:
    async with clinic() as server:
        known = await found(server)
        granted = await signed_in(server)
        key = new_key("RS384")
        client = await register_dynamic(network(), known, granted.access, CLIENT.client_id, key)
        (asked,) = server.requests("/auth/register")
        assert asked.headers["authorization"] == f"Bearer {granted.access.value}"
        sent = msgspec.json.decode(asked.body)
        assert sent == {"software_id": CLIENT.client_id, "jwks": public_jwks(key)}
        assert not PRIVATE & sent["jwks"]["keys"][0].keys()

        server.issued.revoke_all()
        kept = Kept(msgspec.structs.replace(granted, refresh=None))
        tokens = Tokens(network(), known, client, kept, dynamic=True)
        fresh = await tokens(granted.access.value)
        assert fresh != granted.access.value
        assert [one.access.value for one in kept.saved] == [fresh]
        issued = server.issued.by_access(fresh)
        assert issued is not None
        assert issued.patient == "nadia"


async def test_without_a_refresh_token_or_a_key_the_patient_signs_in_again() -> None:
    async with clinic() as server:
        granted = msgspec.structs.replace(await signed_in(server), refresh=None)
        with pytest.raises(SignInNeeded):
            await Tokens(network(), await found(server), CLIENT, Kept(granted))(granted.access.value)


async def test_an_assertion_holds_once() -> None:
    async with clinic() as server:
        known, key = await found(server), new_key("ES384")
        granted = await signed_in(server)
        client = await register_dynamic(network(), known, granted.access, CLIENT.client_id, key)
        form = jwt_bearer_form(client, known.token, datetime.now(UTC))
        async with known.pinned(network(), known.token) as pinned:
            assert (await pinned.post_form(known.token, form)).status == 200
            assert (await pinned.post_form(known.token, form)).status >= 400
    assert server.issued.reuse == 1


@pytest.mark.parametrize(
    ("fault", "failure"), [("404", NotSupported), ("403", ClientRefused), ("invalid_request", ClientRefused)]
)
async def test_an_organization_may_refuse_dynamic_clients(fault: str, failure: type[Exception]) -> None:
    async with clinic() as server:
        known, granted = await found(server), await signed_in(server)
        server.faults.next("/auth/register", fault)
        with pytest.raises(failure):
            await register_dynamic(network(), known, granted.access, CLIENT.client_id, new_key("ES384"))


async def test_a_token_that_is_not_valid_registers_nothing() -> None:
    async with clinic() as server:
        known = await found(server)
        with pytest.raises(ClientRefused):
            await register_dynamic(network(), known, Secret("guessed"), CLIENT.client_id, new_key("ES384"))


async def test_a_server_without_registration_is_said_so() -> None:
    async with clinic() as server:
        server.config["registration_endpoint"] = None
        known, granted = await found(server), await signed_in(server)
        with pytest.raises(NotSupported):
            await register_dynamic(network(), known, granted.access, CLIENT.client_id, new_key("ES384"))
