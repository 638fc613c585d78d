import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.records.model import Category
from assistant.records.words import code_token, fold, index_text, index_texts
from tests.records.samples import LOINC, RXNORM, SNOMED, concept, lab, medication, record


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("LDL Cholesterol [Mass/volume]", ("ldl", "cholesterol", "mass", "volume")),
        ("Müller-Straße", ("muller", "strasse")),
        ("Crème brûlée", ("creme", "brulee")),
        ("HbA1c 5.40%", ("hba1c", "5", "40")),
        ("vitamin_D3", ("vitamin", "d3")),
        ("血糖値", ("血糖値",)),
        ("İstanbul", ("istanbul",)),
        ("", ()),
        ("---", ()),
    ],
)
def test_words_are_caseless_and_without_accents(text: str, words: tuple[str, ...]) -> None:
    assert fold(text) == words


@given(st.text())
@settings(deadline=None, database=None)
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(" ".join(once)) == once
    assert fold(text.upper()) == fold(text.upper().lower())


@pytest.mark.parametrize(
    ("system", "code", "token"),
    [
        (LOINC, "18262-6", "l18262_6"),
        ("urn:oid:2.16.840.1.113883.6.1", "18262-6", "l18262_6"),
        (SNOMED, "38341003", "s38341003"),
        (f"{SNOMED}/731000124108", "38341003", "s38341003"),
        (RXNORM, "617318", "r617318"),
        ("http://hl7.org/fhir/sid/icd-10-cm", "E11.9", "ie11_9"),
        ("http://hl7.org/fhir/sid/icd-10", "E11.9", "ie11_9"),
        ("http://hl7.org/fhir/sid/cvx", "140", "c140"),
        ("http://hl7.org/fhir/sid/ndc", "49281-0121-88", "n49281_0121_88"),
    ],
)
def test_a_code_is_one_word_with_the_letter_of_its_system(system: str, code: str, token: str) -> None:
    assert code_token(system, code) == token


def test_codes_of_other_systems_are_told_apart() -> None:
    one, two = code_token("http://a.example", "7"), code_token("http://b.example", "7")
    assert one != two
    assert one.startswith("x")
    assert code_token("http://a.example", "7 b/c") == code_token("http://a.example", "7-b.c")


def test_what_belongs_to_one_category_is_found_only_there() -> None:
    found = record(
        medication(
            reasonCode=[concept("38341003", "Hypertension")],
            note=[{"text": "Dizzy"}],
            dosageInstruction=[{"text": "One daily"}],
        )
    )
    words, codes = index_text(found, Category.MEDICATIONS)
    assert words == "atorvastatin 20 mg one daily"
    assert codes == "r617318"
    assert index_text(found, Category.CONDITIONS) == ("hypertension", "s38341003")
    assert index_text(found, Category.NOTES) == ("dizzy", "")
    assert index_text(found, Category.LABS) == ("", "")


def test_all_texts_at_once_are_those_one_by_one() -> None:
    found = record(
        lab(note=[{"text": "x"}], component=[{"code": {"text": "Left"}, "valueString": "Swollen"}])
    )
    assert index_texts(found) == (
        (Category.LABS, *index_text(found, Category.LABS)),
        (Category.NOTES, *index_text(found, Category.NOTES)),
    )
    assert "left" in index_texts(found)[0][1].split()
    assert "swollen" in index_texts(found)[0][1].split()
