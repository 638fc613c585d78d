import base64
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.records.attachments import LIMIT, attachment_text, plain_text
from assistant.records.model import Category
from tests.records.samples import record


def attached(text: bytes | str, kind: str = "text/plain") -> str | None:
    raw = text.encode() if isinstance(text, str) else text
    return attachment_text({"contentType": kind, "data": base64.b64encode(raw).decode()})


@pytest.mark.parametrize(
    ("raw", "kind", "text"),
    [
        (b"Plan: rest.", "text/plain", "Plan: rest."),
        ("Grüße".encode(), "text/plain; charset=utf-8", "Grüße"),
        ("Grüße".encode("cp1252"), "text/plain; charset=ISO-8859-1", "Grüße"),
        ("Grüße".encode("cp1252"), "text/plain", "Grüße"),
        (b"\xef\xbb\xbfBOM", "TEXT/PLAIN", "BOM"),
        (b"<p>One</p><p>Two &lt;3</p>", "text/html", "One\nTwo <3"),
        (
            b"<html><style>p {x: 1}</style><script>alert('<b>')</script>Hi<!-- no --></html>",
            "text/html",
            "Hi",
        ),
        (b"a<br/>b<td>c</td><td>d</td>", "application/xhtml+xml", "a\nb c d"),
    ],
)
def test_text_of_documents_is_read(raw: bytes, kind: str, text: str) -> None:
    assert attached(raw, kind) == text


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "text/rtf", "application/xml", ""])
def test_other_files_are_not_read(kind: str) -> None:
    assert attached(b"%PDF", kind) is None


@pytest.mark.parametrize(
    "node",
    [
        {},
        {"contentType": "text/plain"},
        {"contentType": "text/plain", "data": 5},
        {"contentType": "text/plain", "data": "%%%"},
    ],
)
def test_broken_attachments_give_nothing(node: dict[str, Any]) -> None:
    assert not attachment_text(node)


def test_long_documents_are_cut_and_say_so() -> None:
    text = attached("a" * (LIMIT + 1))
    assert text is not None
    assert text.startswith("a" * LIMIT)
    assert text.endswith("(cut here: the document goes on)")
    assert attached("a" * LIMIT) == "a" * LIMIT
    huge = attached("b" * (LIMIT * 10))
    assert huge is not None
    assert len(huge) < LIMIT + 100
    assert huge.endswith("goes on)")


@pytest.mark.parametrize("piece", ["<", "<!--", "<script>", "<p", "<p>", "&", "&#", "\n ", "<!-- -->", "</"])
def test_hostile_markup_takes_linear_time(piece: str) -> None:
    def cost(times: int) -> float:
        start = time.process_time()
        plain_text(piece * times)
        return time.process_time() - start

    cost(1000)
    small = max(cost(20_000), 0.002)
    assert cost(200_000) < small * 40


@given(st.text())
@settings(deadline=None, database=None)
def test_any_markup_gives_text(markup: str) -> None:
    assert isinstance(plain_text(markup), str)


def test_a_documents_text_is_a_note_and_a_file_is_named() -> None:
    document = {
        "resourceType": "DocumentReference",
        "status": "current",
        "type": {"text": "Consult note"},
        "content": [
            {"attachment": {"contentType": "text/plain", "data": base64.b64encode(b"Plan: rest.").decode()}},
            {"attachment": {"contentType": "application/pdf", "title": "Scan", "data": "JVBERi0="}},
            {"attachment": {"url": "https://example.org/doc"}},
        ],
    }
    found = record(document)
    assert found.category is Category.NOTES
    assert [item.text for item in found.elements] == ["Plan: rest.", "Scan, application/pdf, not shown here"]
