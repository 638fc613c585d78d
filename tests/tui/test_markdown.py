"""An answer is drawn without losing a character of a value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.tui.markdown import Markdown


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        ("5*3*2 and 5**3**2", "5*3*2 and 5**3**2"),
        ("120 mm[Hg] [1](http://x) <b>no</b> &amp; \\*", "120 mm[Hg] [1](http://x) <b>no</b> &amp; \\*"),
        ("**96 mg/dL** on _Monday_", "96 mg/dL on _Monday_"),
        ("# Your LDL\n\nIt fell.", "Your LDL\n\nIt fell."),
        ("- one\n  - two\n\n10. ten", "- one\n  - two\n10. ten"),
        ("a\x1b]52;c;eA==\x07b", "a\ufffd]52;c;eA==\ufffdb"),
    ],
)
def test_only_marks_go(written: str, drawn: str) -> None:
    assert Markdown().draw(written).plain == drawn


@given(st.text("0123456789.,*_[]()<>#- \nabmgdL/%", max_size=60))
def test_no_digit_is_lost(text: str) -> None:
    shown = Markdown().draw(text).plain
    assert [c for c in shown if c.isdigit()] == [c for c in text if c.isdigit()]
