"""Changing a sheet: each step does its one thing and leaves the rest."""

import pytest

from assistant.errors import UsageError
from assistant.visit import edit
from assistant.visit.model import MOST_QUESTIONS, Origin, Question, VisitSheet

SHEET = VisitSheet(
    id="v1",
    made_at="2026-06-01T09:00:00Z",
    updated_at="2026-06-01T09:00:00Z",
    questions=tuple(Question(f"q{n}", f"Question {n}?", "Because.", (f"r{n}",)) for n in (1, 2, 3)),
)


def order(sheet: VisitSheet) -> list[str]:
    return [question.id for question in sheet.questions]


def test_a_question_of_my_own_goes_to_the_end_under_a_free_id() -> None:
    added = edit.add(edit.remove(SHEET, "q2"), "  Can I \n fly? ")
    assert order(added) == ["q1", "q3", "q2"]
    assert (added.questions[2].text, added.questions[2].origin) == ("Can I fly?", Origin.ME)


def test_an_eleventh_question_is_refused() -> None:
    full = SHEET
    for n in range(MOST_QUESTIONS - len(SHEET.questions)):
        full = edit.add(full, f"And {n}?")
    with pytest.raises(UsageError):
        edit.add(full, "One more?")


@pytest.mark.parametrize("text", ["", "   ", "x" * (edit.LONGEST_QUESTION + 1)])
def test_words_that_are_no_question_are_refused(text: str) -> None:
    with pytest.raises(UsageError):
        edit.add(SHEET, text)
    with pytest.raises(UsageError):
        edit.reword(SHEET, "q1", text)


@pytest.mark.parametrize(
    ("question", "to", "expected"),
    [
        ("q3", 1, ["q3", "q1", "q2"]),
        ("q1", 2, ["q2", "q1", "q3"]),
        ("q1", 99, ["q2", "q3", "q1"]),
        ("q2", -5, ["q2", "q1", "q3"]),
        ("q2", 2, ["q1", "q2", "q3"]),
    ],
)
def test_questions_can_be_put_in_another_order(question: str, to: int, expected: list[str]) -> None:
    assert order(edit.move(SHEET, question, to)) == expected


def test_other_words_keep_the_records_behind_them() -> None:
    reworded = edit.reword(SHEET, "q2", "In my words?")
    assert reworded.questions[1].text == "In my words?"
    assert reworded.questions[1].records == SHEET.questions[1].records
    assert (reworded.questions[0], reworded.questions[2]) == (SHEET.questions[0], SHEET.questions[2])


def test_a_tick_can_be_taken_back_and_an_answer_ticks() -> None:
    ticked = edit.tick(SHEET, "q1")
    assert [question.done for question in ticked.questions] == [True, False, False]
    assert edit.tick(ticked, "q1", done=False) == SHEET
    answered = edit.answer(SHEET, "q3", " Come back in May. ")
    assert (answered.questions[2].answer, answered.questions[2].done) == ("Come back in May.", True)
    assert edit.answer(answered, "q3", "").questions[2].answer == ""


def test_own_words_when_and_with_whom() -> None:
    changed = edit.words(edit.appoint(SHEET, date="2026-07", who=" Dr.\nOkafor "), "I am tired.\nSince May.")
    assert (changed.visit.date, changed.visit.who) == ("2026-07", "Dr. Okafor")
    assert changed.words == "I am tired.\nSince May."
    assert edit.appoint(changed, who="").visit.who is None
    assert edit.appoint(changed, date=None) == changed


def test_a_question_that_is_not_there_is_named_as_missing() -> None:
    for step in (edit.remove, edit.tick):
        with pytest.raises(UsageError):
            step(SHEET, "q9")


def test_proposals_fill_up_to_ten_and_repeat_nothing() -> None:
    proposed = [Question("", f"Proposed {n}?", "", ("r1",), origin=Origin.ME) for n in range(9)]
    filled = edit.propose(SHEET, [Question("", "question 1?", ""), *proposed])
    assert len(filled.questions) == MOST_QUESTIONS
    assert len({question.id for question in filled.questions}) == MOST_QUESTIONS
    assert {question.origin for question in filled.questions[3:]} == {Origin.MODEL}
    assert filled.questions[:3] == SHEET.questions
