"""A sheet as Markdown, as text and as PDF: all of it is there, and foreign text is only text."""

import re

import pytest
from markdown_it import MarkdownIt

from assistant.safe_text import MARK
from assistant.visit.export import rendered
from assistant.visit.model import Bring, Change, Mention, Origin, Question, Visit, VisitSheet
from assistant.visit.page import FOOT

HOSTILE = (
    "[click](http://evil.example) ![x](http://evil.example/y) <script>alert(1)</script> "
    "**bold** \x1b]52;c;AAAA\x07 \u202egnp.exe # head | cell `code`"
)
SHEET = VisitSheet(
    id="v1",
    made_at="2026-06-01T09:00:00Z",
    updated_at="2026-06-01T09:00:00Z",
    visit=Visit("Yearly physical", "2026-07-03", "Dr. Okafor"),
    last_visit=Visit("Office visit", "2026-02-10"),
    since="2026-02-10",
    questions=(
        Question(
            "q1", "My LDL was 151 mg/dL on 3 Mar 2026?", "It is flagged.", ("r1",), ("LDL, 3 Mar 2026",)
        ),
        Question("q2", "Can I fly?", "", origin=Origin.ME, done=True, answer="Yes, from May."),
        Question("q3", "Should it be repeated?", "A model suggests it.", ("r1",), origin=Origin.MODEL),
        Question(
            "q4", "Settled?", "Open.", ("r2",), already_answered=Mention("r9", "2024-05-03", "Progress note")
        ),
    ),
    changes=(Change("result", "LDL: 151 mg/dL on 3 Mar 2026.", ("r1",), True),),
    bring=(Bring("medicine", "Metformin 500 mg: twice a day"), Bring("allergy", "Sulfa: hives")),
    words="I am tired.\nSince May.",
)


def text_of(form: str, sheet: VisitSheet = SHEET) -> str:
    return rendered(sheet, form).decode()


@pytest.mark.parametrize("form", ["md", "text"])
def test_everything_on_the_sheet_is_written(form: str) -> None:
    written = text_of(form).replace("\\", "")
    for question in SHEET.questions:
        assert question.text in written
        assert question.why in written
    for told in (
        "Yearly physical, 3 Jul 2026",
        "Dr. Okafor",
        "1 Jun 2026",
        "LDL, 3 Mar 2026",
        "Yes, from May.",
        "May be answered already in the note of 3 May 2024: Progress note.",
        "Suggested by an AI model",
        "New since my last visit (Office visit, 10 Feb 2026)",
        "LDL: 151 mg/dL on 3 Mar 2026.",
        "Metformin 500 mg: twice a day",
        "Sulfa: hives",
        "Since May.",
        FOOT,
    ):
        assert told in written
    assert written.count("[x]") == 1
    assert written.count("[ ]") == 3


def hostile() -> VisitSheet:
    return VisitSheet(
        id="v1",
        made_at=SHEET.made_at,
        updated_at=SHEET.made_at,
        visit=Visit(HOSTILE, "2026", HOSTILE),
        questions=(Question("q1", HOSTILE, HOSTILE, ("r1",), (HOSTILE,), answer=HOSTILE),),
        changes=(Change("result", HOSTILE),),
        bring=(Bring("medicine", HOSTILE),),
        words=f"{HOSTILE}\n- item\n1. one\n# head\n    code",
    )


def test_text_of_records_is_never_markup() -> None:
    tokens = MarkdownIt("commonmark").parse(text_of("md", hostile()))
    kinds = {inner.type for token in tokens for inner in (token.children or [])} | {t.type for t in tokens}
    assert kinds.isdisjoint({"link_open", "image", "html_inline", "html_block", "strong_open", "code_inline"})
    assert sum(token.type == "heading_open" for token in tokens) == text_of("md").count("\n## ") + 1
    assert sum(token.type == "ordered_list_open" for token in tokens) == 0


@pytest.mark.parametrize("form", ["md", "text"])
def test_nothing_that_could_act_on_a_terminal_is_written(form: str) -> None:
    written = text_of(form, hostile())
    assert MARK in written
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", written)
