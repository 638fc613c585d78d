"""What counts as said, sent and cited."""

import json

import pytest

from assistant.simulate.score import Seen, holds, score
from assistant.simulate.session_file import Expect


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Your LDL is 96 mg/dL.", "96 mg/dL"),
        ("Your LDL is 96\n  mg/dL.", "96 mg/dL"),
        ("Your LDL is 96\N{NO-BREAK SPACE}mg/dL", "96 mg/dl"),
        ("96", "96"),
        ("It was 96.", "96"),
        ("148, 96, and 80", "96"),
        ("[1,96,3]", "96"),
        ("**96**", "96"),
        ("It was .5", "5"),
    ],
)
def test_said(text: str, words: str) -> None:
    assert holds(text, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("196 mg/dL", "96 mg/dL"),
        ("96.4", "96"),
        ("1,148", "148"),
        ("148,000", "148"),
        ("6.15", "6.1"),
        ("16.1", "6.1"),
        ("5.96", "96"),
        ("2026", "26"),
        ("LDL", "HDL"),
    ],
)
def test_not_said(text: str, words: str) -> None:
    assert not holds(text, words)


def test_a_body_is_read_with_and_without_its_escapes() -> None:
    body = json.dumps({"messages": [{"content": 'He said "no": 5 µg\nMetformin'}]}).encode()
    assert score(Expect(sends=('said "no": 5 µg Metformin',)), Seen("", bodies=(body,))) == ()
    assert score(Expect(sends_not=("5 µg",)), Seen("", bodies=(b"{", body))) != ()
    assert score(Expect(sends_not=("5 µg",)), Seen("", bodies=("no JSON, 5 µg".encode(),))) != ()


def test_each_expectation_has_its_reason() -> None:
    seen = Seen("It was 148 mg/dL.", cited=1, unsupported=("148", "7"), bodies=(b'"LDL 96"',))
    expect = Expect(
        says=("96",),
        says_not=("148",),
        cites=2,
        unsupported=1,
        sends=("HDL",),
        sends_not=("LDL",),
        not_sent=True,
    )
    assert score(expect, seen) == (
        "A message was sent.",
        "“96” does not stand in the answer.",
        "“148” stands in the answer.",
        "The answer cites 1 of the records that were sent, not 2.",
        "2 numbers (at most 1) do not stand in what was sent: 148, 7.",
        "“HDL” does not stand in what was sent.",
        "“LDL” stands in what was sent.",
    )


def test_what_was_not_sent_passes_only_where_that_is_expected() -> None:
    seen = Seen(why="the file has no grant for a.")
    assert score(Expect(), seen) == ("Nothing was sent: the file has no grant for a.",)
    assert score(Expect(unsupported=0, sends_not=("x",)), seen) != ()
    assert score(Expect(says=("x",)), seen) != ()
    assert score(Expect(sends_not=("x",)), seen) == ()
    assert score(Expect(not_sent=True), seen) == ()


def test_a_model_that_failed_never_passes() -> None:
    seen = Seen(bodies=(b'"LDL"',), failed="The model can't be reached.")
    assert score(Expect(), seen) == ("The model did not answer: The model can't be reached.",)
    assert len(score(Expect(says=("x",), sends_not=("LDL",)), seen)) == 2
    assert score(Expect(not_sent=True), Seen(failed="No key.")) != ()
