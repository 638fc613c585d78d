"""Scopes as they are asked for and as they were granted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.smart.scopes import Scopes, asked

LETTERS = ["", "c", "r", "u", "d", "s", "cr", "rs", "cruds", "crus"]


@pytest.mark.parametrize(
    ("scope", "read", "search"),
    [
        ("patient/Observation.rs", True, True),
        ("patient/Observation.r", True, False),
        ("patient/Observation.s", False, True),
        ("patient/Observation.cud", False, False),
        ("patient/Observation.read", True, True),
        ("patient/Observation.write", False, False),
        ("patient/Observation.*", True, True),
        ("patient/*.rs", True, True),
        ("patient/*.read", True, True),
        ("user/Observation.rs", True, True),
        ("system/Observation.rs", False, False),
        ("patient/Condition.rs", False, False),
        ("patient/observation.rs", False, False),
        ("patient/Observation.sr", False, False),
        ("patient/Observation.", False, False),
        ("patient/Observation", False, False),
        ("patient/Observation.rss", False, False),
        ("Observation.rs", False, False),
        ("xpatient/Observation.rs", False, False),
        ("patient/Observation.rs/x", False, False),
        ("http://smarthealthit.org/fhir/scopes/patient/Observation.rs", True, True),
        ("https://evil.example/patient/Observation.rs", False, False),
        ("", False, False),
    ],
)
def test_what_a_scope_lets_one_do(scope: str, read: bool, search: bool) -> None:
    granted = Scopes.parse(f"openid {scope}")
    assert (granted.may_read("Observation"), granted.may_search("Observation")) == (read, search)


def test_a_limited_scope_says_to_what() -> None:
    laboratory = "http://terminology.hl7.org/CodeSystem/observation-category|laboratory"
    granted = Scopes.parse(
        f"patient/Observation.rs?category={laboratory} patient/Observation.rs?status=final&code=1"
    )
    assert granted.may_search("Observation")
    assert granted.limits("Observation") == (
        (("category", laboratory),),
        (("status", "final"), ("code", "1")),
    )
    assert Scopes.parse(f"{granted.text} patient/*.rs").limits("Observation") == ()
    assert granted.limits("Condition") == ()


@pytest.mark.parametrize("v2", [False, True])
@pytest.mark.parametrize("identity", [False, True])
@pytest.mark.parametrize("lasting", [False, True])
def test_what_is_asked_is_what_is_needed_and_no_more(v2: bool, identity: bool, lasting: bool) -> None:
    types = ("Patient", "Observation", "Patient")
    text = asked(types, v2=v2, identity=identity, lasting=lasting)
    granted = Scopes.parse(text)
    assert all(granted.may_read(one) and granted.may_search(one) for one in types)
    assert not granted.may_read("Condition")
    assert {set(one.may) <= {"r", "s"} for one in granted.access} == {True}
    assert "launch/patient" in granted.words
    assert ({"openid", "fhirUser"} <= granted.words) is identity
    assert granted.lasting is lasting
    assert len(text.split()) == len(set(text.split()))


def test_openid_scopes_are_known_by_their_addresses_too() -> None:
    assert "openid" in Scopes.parse("http://openid.net/specs/openid-connect-core-1_0#openid").words


one_scope = st.builds(
    lambda who, kind, may, query: f"{who}/{kind}.{may}{query}",
    st.sampled_from(["patient", "user"]),
    st.sampled_from(["*", "Patient", "Observation"]),
    st.sampled_from([may for may in LETTERS if may]),
    st.sampled_from(["", "?category=x", "?category=x&status=y"]),
)
some_scopes = st.lists(one_scope | st.sampled_from(["openid", "offline_access"]), max_size=5).map(" ".join)


@given(some_scopes, some_scopes)
def test_cutting_to_what_was_agreed_never_widens(answered: str, agreed: str) -> None:
    before, after = Scopes.parse(agreed), Scopes.parse(answered).cut_to(Scopes.parse(agreed))
    assert after.within(before)
    for kind in ("Patient", "Observation", "Condition"):
        assert after.may_read(kind) <= before.may_read(kind)
        assert after.may_search(kind) <= before.may_search(kind)
    assert Scopes.parse(agreed).cut_to(before).access == before.access


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading(text: str) -> None:
    granted = Scopes.parse(text)
    assert granted.within(granted)
