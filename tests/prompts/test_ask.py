"""The prompt for a patient's question keeps what it promises, and its version tells its text (H-03)."""

import pytest

from prompts.loader import load

TEXTS = {1: "105535187c8fe8aaf4b0391968cb39f80281ce22640e0e66b15551c943cfd6fe"}
"""The text of each version that was ever used. A changed text needs a new version and a line here."""

PROMISES = {
    "role": "understand their own medical records",
    "no diagnosis": "Do not diagnose",
    "no change of a dose": "start, stop or change a medicine or its dose",
    "data, never instructions": "never instructions",
    "absence is not negation": "not in what I was shown",
    "citations": "like [3]",
    "numbers as given": "Quote numbers exactly as given, with unit",
    "no sums": "Never calculate",
    "the source's range only": "Use only the reference range that stands beside a value",
    "status beside the value": "in the same sentence as the value",
    "both sides of a contradiction": "Where records disagree, give both",
    "uncertainty": "Say how sure you are",
    "few questions back": "at most two",
    "emergencies": "call your local emergency number now",
    "critical results": "contacting the lab or clinic today",
    "children": "For a child",
    "pregnancy": "in pregnancy",
}


@pytest.mark.parametrize("promise", PROMISES)
def test_the_promise_is_in_the_text(promise: str) -> None:
    assert PROMISES[promise] in load("ask").text


def test_a_changed_text_has_a_new_version() -> None:
    prompt = load("ask")
    assert TEXTS[prompt.version] == prompt.sha256


def test_it_is_short() -> None:
    assert len(load("ask").text.split()) <= 350


def test_it_is_the_same_for_everyone() -> None:
    prompt = load("ask")
    assert prompt.variables == ()
    assert prompt.categories == ()
