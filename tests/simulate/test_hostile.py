"""Text that a model or a file wrote stays text, on the terminal, on the page and in the XML."""

import json
import re
import unicodedata
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.simulate.conftest import Run, Write

REPLY = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&]]><!-- "
    "\x1b]52;c;cm0gLXJm\x07\x1b[2J\x9b31m\u202eevil\u200b\x00\ufffe https://evil.example"
)
QUESTION = 'What was my last LDL? </title><script>x</script> " onmouseover=" \x1b[31m\u202e'


@pytest.fixture
def hostile(write: Write) -> Path:
    """A session in which everything foreign is hostile, and fails."""
    return write(
        {
            "name": "</h2><script>name</script>\x1b[2J",
            "records": ["chart.json"],
            "destinations": [
                {"id": "bad", "adapter": "scripted", "model": "<b>model</b>\x07", "replies": [REPLY]}
            ],
            "grants": [{"to": ["bad"], "categories": ["labs"]}],
            "questions": [{"ask": QUESTION, "expect": {"says": ["<script>expected</script>\x1b[1m"]}}],
        },
        "<i>\N{RIGHT-TO-LEFT OVERRIDE}file",
    )


class Tags(HTMLParser):
    """Every tag of a page with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def harmless(text: str) -> bool:
    return all(c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cs"} for c in text)


def test_nothing_acts(run: Run, hostile: Path, tmp_path: Path) -> None:
    ran = run("simulate", str(hostile), "--report", str(tmp_path / "out"), plain=True)
    assert ran.code == 1
    assert harmless(ran.out)
    assert harmless(ran.err)
    assert "<script>alert(1)</script>" in ran.out

    page = (tmp_path / "out" / "report.html").read_text()
    assert harmless(page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&lt;script&gt;expected&lt;/script&gt;" in page
    found = Tags()
    found.feed(page)
    assert {tag for tag, _ in found.tags}.isdisjoint(
        {"script", "img", "link", "a", "iframe", "i", "b", "form"}
    )
    for tag, attributes in found.tags:
        assert set(attributes) <= {"lang", "charset", "http-equiv", "content", "name", "class"}, tag
    assert "://" not in re.sub(r"https://evil\.example", "", page)

    root = ElementTree.parse(tmp_path / "out" / "report.xml").getroot()
    assert all(harmless(text) for text in root.itertext())
    assert any("<script>alert(1)</script>" in text for text in root.itertext())

    written = (tmp_path / "out" / "report.json").read_text()
    assert written.isascii()
    assert harmless(written)
    runs = json.loads(written)["sessions"][0]["questions"][0]["results"]
    assert [result["runs"][0]["answer"] for result in runs if result["to"] == "bad"] == [REPLY]


def test_the_page_says_that_nothing_may_be_loaded(run: Run, hostile: Path, tmp_path: Path) -> None:
    import base64
    import hashlib

    run("simulate", str(hostile), "--report", str(tmp_path / "out"))
    page = (tmp_path / "out" / "report.html").read_text()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy
    assert page.index("Content-Security-Policy") < page.index("<style>")


def test_an_error_names_a_hostile_key_harmlessly(run: Run, write: Write) -> None:
    ran = run("simulate", str(write({"\x1b[2J\u202e": 1})), plain=True)
    assert ran.code == 2
    assert harmless(ran.err)
