"""What the lexicon knows, and that its entries don't get into each other's way."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grounding.lexicon import Concept, Group, lexicon
from assistant.grounding.match import is_own
from assistant.grounding.scan import corrected, one_slip, scan
from assistant.records.coded import CVX, LOINC
from assistant.records.model import Coding
from assistant.records.words import fold
from tests.fakes.made import condition, lab, vaccination

KNOWN = lexicon()
CONCEPTS = sorted(KNOWN.concepts.values(), key=lambda concept: concept.id)


def test_it_knows_what_patients_ask_most() -> None:
    assert len(CONCEPTS) >= 100
    assert {concept.group for concept in CONCEPTS} == set(Group)


@pytest.mark.parametrize("concept", CONCEPTS, ids=lambda concept: concept.id)
def test_a_concept_can_be_found_and_holds_together(concept: Concept) -> None:
    assert set(concept.members) <= set(KNOWN.concepts)
    assert not concept.otherwise or concept.otherwise in KNOWN.concepts
    assert concept.everything or concept.members or concept.codes or concept.titles
    assert len(set(concept.codes)) == len(concept.codes)
    assert not any(set(group) & set(concept.without) for group in concept.titles)


@pytest.mark.parametrize("concept", CONCEPTS, ids=lambda concept: concept.id)
def test_loinc_codes_have_their_shape_and_check_digit(concept: Concept) -> None:
    for system, code in concept.codes:
        if system == LOINC:
            assert re.fullmatch(r"\d{1,7}-\d", code)
            assert code[-1] == _check_digit(code[:-2])


def _check_digit(digits: str) -> str:
    """LOINC's mod 10 check digit (LOINC Users' Guide, appendix C)."""
    odd = "".join(reversed(digits))[::2]
    doubled = str(int("".join(reversed(odd))) * 2)
    even = "".join(reversed(digits))[1::2]
    total = sum(map(int, even)) + sum(map(int, doubled))
    return str(-total % 10)


def test_no_measured_code_means_two_things_but_as_part_or_panel() -> None:
    for concept in CONCEPTS:
        if concept.group not in (Group.LAB, Group.VITAL) or concept.part:
            continue
        for system, code in concept.codes:
            others = {KNOWN.concepts[owner] for owner in KNOWN.owners(system, code)} - {concept}
            assert all(other.part for other in others), (concept.id, code)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("hemaglobin", "hemoglobin"),
        ("colesterol", "colesterol"),
        ("potasium", "potasium"),
        ("hypertenson", "hypertension"),
        ("simvasttin", "simvastatin"),
        ("penicllin", "penicillin"),
        ("colonoscpy", "colonoscopy"),
    ],
)
def test_a_small_misspelling_is_understood(said: str, meant: str) -> None:
    spans = scan((said,), KNOWN).spans
    assert [span.concept for span in spans] == [span.concept for span in scan((meant,), KNOWN).spans] != []


@pytest.mark.parametrize("word", ["hypotension", "hypertension", "hypothyroidism", "weather"])
def test_a_known_or_distant_word_is_left_alone(word: str) -> None:
    assert corrected(word, KNOWN) == word


@given(st.text("abc", min_size=1, max_size=6), st.integers(0, 5), st.sampled_from("xyz"))
def test_one_slip_is_one_edit(word: str, at: int, letter: str) -> None:
    at = min(at, len(word))
    added = word[:at] + letter + word[at:]
    assert one_slip(word, added)
    assert one_slip(added, word)
    assert not one_slip(word, word)
    assert not one_slip(word, added + letter + letter)


@pytest.mark.parametrize(
    ("title", "code", "concept", "own"),
    [
        ("Glucose", "2339-0", "glucose", True),
        ("Glucose", "", "glucose", True),
        ("Glucose [Presence] in Urine by Test strip", "25428-4", "glucose", False),
        ("Glucose, Urine", "", "glucose", False),
        ("Hemoglobin A1c", "", "hemoglobin", False),
        ("Hemoglobin A1c", "", "a1c", True),
        ("Mean Corpuscular Hemoglobin (MCH), Red blood cells", "785-6", "hemoglobin", False),
        ("LDL Cholesterol", "", "total_cholesterol", False),
        ("Non-HDL Cholesterol", "", "hdl", False),
        ("VLDL Cholesterol", "", "ldl", False),
        ("Creatinine, Blood", "2160-0", "creatinine", True),
        ("Microalbumin Creatinine Ratio", "14959-1", "creatinine", False),
        ("Platelet mean volume", "32623-1", "platelets", False),
    ],
)
def test_like_named_results_are_told_apart(title: str, code: str, concept: str, own: bool) -> None:
    record = lab("5", "2026-01-01", title=title, code=Coding(LOINC, code) if code else Coding("urn:x", "1"))
    assert is_own(record, KNOWN.concepts[concept], KNOWN) is own


def test_a_code_decides_where_the_title_says_little() -> None:
    record = vaccination("Vaccine given", "2025-10-01", code="140")
    assert is_own(record, KNOWN.concepts["flu_vaccine"], KNOWN)
    assert not is_own(record, KNOWN.concepts["tetanus_vaccine"], KNOWN)
    assert (CVX, "140") in KNOWN.concepts["flu_vaccine"].codes


def test_a_condition_is_not_its_complication() -> None:
    record = condition("Neuropathy due to type 2 diabetes mellitus", "2010-01-01")
    assert not is_own(record, KNOWN.concepts["diabetes"], KNOWN)
    assert is_own(record, KNOWN.concepts["diabetic_neuropathy"], KNOWN)


def test_longer_names_win_over_shorter_ones() -> None:
    for words, meant in (("high blood pressure", "hypertension"), ("flu shot", "flu_vaccine")):
        assert [span.concept.id for span in scan(fold(words), KNOWN).spans] == [meant]
