"""The recovery code survives paper and typing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.vault.recovery import format_code, new_code, read_code


@given(st.binary(min_size=20, max_size=20))
def test_a_code_is_read_back_in_any_case_with_any_spacing(secret: bytes) -> None:
    code = format_code(secret)
    assert read_code(code) == secret
    assert read_code(code.lower().replace("-", " ")) == secret
    assert read_code(f"  {code.replace('-', '')}\n") == secret
    assert read_code(code.replace("O", "0").replace("I", "1").replace("B", "8")) == secret


@given(
    st.binary(min_size=20, max_size=20),
    st.integers(0, 43),
    st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
)
def test_one_wrong_letter_is_noticed(secret: bytes, place: int, letter: str) -> None:
    code = format_code(secret)
    if code[place] in ("-", letter):
        return
    mistyped = code[:place] + letter + code[place + 1 :]
    assert read_code(mistyped) is None


@pytest.mark.parametrize("typed", ["", "ABCD", "é" * 36, "٣" * 36, "-" * 36])
def test_other_text_is_no_code(typed: str) -> None:
    assert read_code(typed) is None


def test_codes_differ() -> None:
    assert len({new_code() for _ in range(100)}) == 100
