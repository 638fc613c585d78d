"""What an answer says is held against what was sent: each number with its unit, its date and its subject."""

from collections.abc import Callable

import pytest

from assistant.chat.checking import check
from assistant.chat.events import Answer
from assistant.records.model import Category
from assistant.sharing.model import FactLine, Item, Message

LINES = (
    (Category.LABS, "LDL cholesterol: 96 mg/dL; range <100 mg/dL; normal, says the source; 10 Feb 2026"),
    (Category.LABS, "LDL cholesterol: 148 mg/dL; range <100 mg/dL; above the lab's range; 12 Mar 2019"),
    (Category.LABS, "HDL cholesterol: 54 mg/dL; range from 50 mg/dL; normal, says the source; 10 Feb 2026"),
    (Category.LABS, "Hemoglobin A1c: 6.0%; range 4.0 to 5.6%; above the lab's range; 11 Aug 2026"),
    (
        Category.VITALS,
        "Blood pressure; Systolic blood pressure 118 mm[Hg]; Diastolic blood pressure 72 mm[Hg]; 1 Oct 2026",
    ),
    (
        Category.MEDICATIONS,
        "Losartan 50 mg tablet (active); 11 Mar 2014; dose: Take 1 tablet by mouth once a day",
    ),
    (Category.MEDICATIONS, "Metformin 500 mg tablet (active); 16 Mar 2021; dose: Take 1 tablet twice a day"),
    (Category.ALLERGIES, "Penicillin (refuted); 1974; reaction: Rash, mild"),
)
FACT = (
    "Down 52 mg/dL: from 148 mg/dL on 12 Mar 2019 to 96 mg/dL on 10 Feb 2026 "
    "(LDL cholesterol, 9 values since 2019). The source's own range is <100 mg/dL."
)


@pytest.fixture
def checked() -> Callable[[str], Answer]:
    """Checks a text against one message of eight records and a fact."""
    items = tuple(Item(n, f"r{n}", category, text, 20) for n, (category, text) in enumerate(LINES, 1))
    fact = FactLine("F1", "change", FACT, (1, 2), ("r1", "r2"))
    message = Message("ask", "", "2026-11-22", (), (fact,), items, "How is my LDL?", 400)
    return lambda text: check(text, message)


RIGHT = (
    "Your LDL cholesterol fell from 148 mg/dL (Mar 2019) [2] to 96 mg/dL (Feb 2026) [1], down 52 mg/dL.",
    "In March 2019 it was 148 mg/dL, and in Feb 2026 96 mg/dL.",
    "On February 10, 2026 your LDL was 96 mg/dL and your HDL was 54 mg/dL.",
    "| LDL | 96 mg/dL | 10 Feb 2026 |\n| HDL | 54 mg/dL | 2026-02-10 |",
    "54 mg/dL is your HDL and 96 mg/dL your LDL.",
    "Your blood pressure was 118/72 mmHg on 1 Oct 2026 [5].",
    "Your A1c is 6.0 percent, above the lab's range of 4.0 to 5.6%.",
    "You take:\n1. Losartan 50 mg\n2. Metformin 500 mg",
    "Your LDL went from 148 to 96 mg/dL [1][2], from 9 values since 2019.",
)
WRONG = {
    "Your LDL was 148 mg/dL on 10 Feb 2026.": "148",
    "Your LDL is 148 mg/dL [1].": "148",
    "Your latest LDL is 148 mg/dL.": "148",
    "On 10 Feb 2026 your LDL was 54 mg/dL.": "54",
    "Your LDL is 96 mmol/L [1].": "96",
    "Your LDL is 96 mg/dL (10 Feb 2025).": "96",
    "Your LDL is 97 mg/dL.": "97",
    "Your LDL is 100 mg/dL [1].": "100",
    "Your blood pressure was 72/118.": "72/118",
    "You take losartan 500 mg.": "500",
    "Your A1c was measured on 10 Feb 2026.": "10 Feb 2026",
}


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_is_not_marked(checked: Callable[[str], Answer], text: str) -> None:
    answer = checked(text)
    assert answer.numbers
    assert [number for number in answer.numbers if not number.ok] == []
    assert answer.warnings == ()


@pytest.mark.parametrize("text", WRONG)
def test_a_number_that_was_sent_is_marked_in_a_place_that_is_not_its_own(
    checked: Callable[[str], Answer], text: str
) -> None:
    answer = checked(text)
    marked = {number.text for number in answer.numbers if not number.ok}
    assert marked == {WRONG[text]}
    assert all(text[number.at :].startswith(number.text) for number in answer.numbers)
    assert answer.warnings


def test_a_record_marked_as_refuted_is_not_told_as_if_it_held(checked: Callable[[str], Answer]) -> None:
    assert "refuted" in checked("Yes, you are allergic to penicillin [8].").warnings[0]
    assert checked("Your penicillin allergy was refuted [8].").warnings == ()


def test_advice_that_no_clinician_gave_is_marked(checked: Callable[[str], Answer]) -> None:
    for text in (
        "You have diabetes.",
        "Stop taking metformin.",
        "You should increase your losartan to 100 mg.",
    ):
        assert checked(text).warnings, text
    for text in (
        "You have 2 medicines in your records.",
        "Ask your clinic before you stop metformin.",
        "Take 1 tablet by mouth once a day, says your record [6].",
    ):
        assert not any("medicine." in warning or "have" in warning for warning in checked(text).warnings), (
            text
        )
