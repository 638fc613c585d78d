"""Changes to a sheet, each from a sheet to a sheet. Questions are named by their id."""

from collections.abc import Iterable

import msgspec

from assistant.errors import UsageError
from assistant.visit.model import MOST_QUESTIONS, Origin, Question, VisitSheet

LONGEST_QUESTION = 500
LONGEST_WORDS = 10_000


def add(sheet: VisitSheet, text: str) -> VisitSheet:
    """Put a question of the patient's own at the end.

    Raises:
        UsageError: it is empty or too long, or ten are there.
    """
    return _with(sheet, [*sheet.questions, Question(_free(sheet), _worded(text), "", origin=Origin.ME)])


def propose(sheet: VisitSheet, proposed: Iterable[Question]) -> VisitSheet:
    """Put a model's questions at the end, as many as there is room for; repeats are left out."""
    for question in proposed:
        known = {kept.text.casefold() for kept in sheet.questions}
        if len(sheet.questions) >= MOST_QUESTIONS or question.text.casefold() in known:
            continue
        named = msgspec.structs.replace(question, id=_free(sheet), origin=Origin.MODEL)
        sheet = _with(sheet, [*sheet.questions, named])
    return sheet


def reword(sheet: VisitSheet, question: str, text: str) -> VisitSheet:
    """Say a question in the patient's words; why and the records behind it stay."""
    return _changed(sheet, question, text=_worded(text))


def remove(sheet: VisitSheet, question: str) -> VisitSheet:
    """Drop a question."""
    known = find(sheet, question)
    return _with(sheet, [kept for kept in sheet.questions if kept is not known])


def move(sheet: VisitSheet, question: str, to: int) -> VisitSheet:
    """Put a question in another place, counted from 1; past either end means that end."""
    known = find(sheet, question)
    others = [kept for kept in sheet.questions if kept is not known]
    place = min(max(to, 1), len(sheet.questions)) - 1
    return _with(sheet, [*others[:place], known, *others[place:]])


def tick(sheet: VisitSheet, question: str, *, done: bool = True) -> VisitSheet:
    """Tick a question off, or take the tick back."""
    return _changed(sheet, question, done=done)


def answer(sheet: VisitSheet, question: str, text: str) -> VisitSheet:
    """Note what was answered; an empty note takes it away. The question is ticked off with a note."""
    noted = _text(text, LONGEST_WORDS)
    done = True if noted else find(sheet, question).done
    return _changed(sheet, question, answer=noted, done=done)


def words(sheet: VisitSheet, text: str) -> VisitSheet:
    """Put the patient's own words on the sheet, in place of those there."""
    return msgspec.structs.replace(sheet, words=_text(text, LONGEST_WORDS))


def appoint(sheet: VisitSheet, *, date: str | None = None, who: str | None = None) -> VisitSheet:
    """Set when and with whom; what is None stays."""
    visit = sheet.visit
    if date is not None:
        visit = msgspec.structs.replace(visit, date=date or None)
    if who is not None:
        visit = msgspec.structs.replace(visit, who=_text(" ".join(who.split()), LONGEST_QUESTION) or None)
    return msgspec.structs.replace(sheet, visit=visit)


def find(sheet: VisitSheet, question: str) -> Question:
    """The question of this id.

    Raises:
        UsageError: there is none.
    """
    for known in sheet.questions:
        if known.id == question:
            return known
    raise UsageError("There is no such question on this sheet.", "`chartside visit show ID` numbers them.")


def _changed(sheet: VisitSheet, question: str, **change: object) -> VisitSheet:
    known = find(sheet, question)
    changed = msgspec.structs.replace(known, **change)
    return _with(sheet, [changed if kept is known else kept for kept in sheet.questions])


def _with(sheet: VisitSheet, questions: list[Question]) -> VisitSheet:
    if len(questions) > max(MOST_QUESTIONS, len(sheet.questions)):
        raise UsageError(
            f"{MOST_QUESTIONS} questions are as many as fit into a visit.", "Remove one, then add this one."
        )
    return msgspec.structs.replace(sheet, questions=tuple(questions))


def _free(sheet: VisitSheet) -> str:
    taken = {known.id for known in sheet.questions}
    return next(name for n in range(1, len(taken) + 2) if (name := f"q{n}") not in taken)


def _worded(text: str) -> str:
    worded = _text(" ".join(text.split()), LONGEST_QUESTION)
    if not worded:
        raise UsageError("The question has no words.", "Write it in quotation marks after the option.")
    return worded


def _text(text: str, most: int) -> str:
    text = text.strip()
    if len(text) > most:
        raise UsageError(f"This is longer than {most} characters.", "Say it in fewer words.")
    return text
