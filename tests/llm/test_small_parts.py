"""Parts of the gate that no adapter shows by itself."""

import msgspec

from assistant.llm.failures import Why, by_status, error_code
from assistant.llm.prices import Prices
from assistant.llm.watch import Watch
from assistant.sharing.model import Destination
from tests.conftest import ROOT

THERE = Destination("m", "anthropic", "picture-model", host="api.example")


async def test_localhost_is_this_computer_whatever_it_is_looked_up_as() -> None:
    watch = Watch()
    async with watch.allowing("localhost", 8080), watch.allowing("api.example", 443):
        assert watch.allows("127.0.0.1", 8080)
        assert watch.allows("::1", 8080)
        assert not watch.allows("203.0.113.7", 8080)
        assert watch.allows("203.0.113.7", 443)
    assert not watch.allows("127.0.0.1", 8080)


def test_a_model_without_a_price_by_token_is_not_free() -> None:
    known = Prices()
    known._known = {"picture-model": msgspec.Raw(b'{"input_cost_per_image": 0.1}')}
    assert known.estimate(THERE, 1000) is None
    known._known = {
        "picture-model": msgspec.Raw(b'{"input_cost_per_token": 0.0, "output_cost_per_token": 0.0}')
    }
    assert known.estimate(THERE, 1000) == 0.0


def test_googles_word_for_a_wrong_key_is_known() -> None:
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}]
    body = {"error": {"code": 400, "status": "INVALID_ARGUMENT", "details": details}}
    assert by_status(400, error_code(body)).why is Why.WRONG_KEY
    for odd in ("reason", ["reason"], {"reason": 1}, [{"reason": ["API_KEY_INVALID"]}], None, 5):
        assert error_code({"error": {"details": odd}}) is None


def test_the_two_thin_transports_are_one_but_for_the_library() -> None:
    one, other = ((ROOT / f"assistant/llm/over_{name}.py").read_text() for name in ("httpx", "httpx2"))
    assert other.replace("httpx2", "httpx") == one
