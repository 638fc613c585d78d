"""A sheet as PDF, read back: all of it is there, large where asked, and it tells nothing of itself."""

import pytest

from assistant.visit import edit
from assistant.visit.export import rendered
from assistant.visit.page import FOOT
from assistant.visit.pdf import REPLACED_NOTE
from tests.visit.pdf_text import pages_of, streams, text_of, type_sizes
from tests.visit.test_written import SHEET, hostile

FORMS = pytest.mark.parametrize("form", ["pdf", "large"])
LARGE_PRINT = 18
"""Points: the least that counts as large print."""


@FORMS
def test_everything_on_the_sheet_is_printed(form: str) -> None:
    printed = text_of(rendered(SHEET, form))
    for question in SHEET.questions:
        assert question.text in printed
        assert question.why in printed
    told = [*(c.text for c in SHEET.changes), *(b.text for b in SHEET.bring), SHEET.words.replace("\n", " ")]
    for words in (*told, "Answer: Yes, from May.", "Yearly physical, 3 Jul 2026", FOOT):
        assert words in printed
    assert REPLACED_NOTE not in printed


@FORMS
def test_the_same_sheet_gives_the_same_bytes(form: str) -> None:
    assert rendered(SHEET, form) == rendered(SHEET, form)


def test_large_print_is_large_and_takes_more_pages() -> None:
    normal, large = rendered(SHEET, "pdf"), rendered(SHEET, "large")
    assert min(type_sizes(large)) >= LARGE_PRINT > min(type_sizes(normal))
    assert pages_of(large) > pages_of(normal)


@FORMS
def test_it_says_of_itself_its_title_and_when_the_sheet_was_made(form: str) -> None:
    made = rendered(SHEET, form)
    assert b"/CreationDate (D:20260601090000" in made
    assert b"/Title (Yearly physical, 3 Jul 2026)" in made
    assert b"fpdf" not in made.lower()
    for name in (b"/Author", b"/Creator", b"/Producer", b"/Keywords", b"/Subject", b"/ModDate"):
        assert name not in made


@FORMS
def test_text_of_records_is_only_text(form: str) -> None:
    made = rendered(hostile(), form)
    assert "[click](http://evil.example)" in text_of(made)
    for name in (b"/URI", b"/Annots", b"/JavaScript", b"/Launch", b"/EmbeddedFile"):
        assert all(name not in part for part in (made, *streams(made)))


@pytest.mark.parametrize("words", ["Привет, Ωmega, Łódź, Ğış, Việt Nam"])
def test_scripts_that_the_font_has_are_printed(words: str) -> None:
    printed = text_of(rendered(edit.words(SHEET, words), "pdf"))
    assert words in printed
    assert REPLACED_NOTE not in printed


@pytest.mark.parametrize("words", ["你好", "שלום", "नमस्ते", "\U0001f600", "a\u202eb"])
def test_what_cant_be_printed_is_replaced_and_the_foot_says_so(words: str) -> None:
    sheet = edit.words(SHEET, f"before {words} after")
    printed = text_of(rendered(sheet, "pdf"))
    assert "?" in printed[printed.index("before ") : printed.index(" after")]
    assert REPLACED_NOTE in printed


def test_a_word_longer_than_the_page_and_a_question_longer_than_it_are_printed_whole() -> None:
    long = edit.words(edit.add(SHEET, "x" * 400), "very long words " * 400)
    printed = text_of(rendered(long, "large"))
    assert printed.replace(" ", "").count("x" * 400) == 1
    assert printed.count("very long words") == 400
