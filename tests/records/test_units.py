import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.records.model import Quantity
from assistant.records.units import same_unit, unit_key


def in_unit(unit: str | None, code: str | None = None) -> Quantity:
    return Quantity("1", None, unit, code)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("mg/dL", "mg/dl"),
        ("mg/dL", "MG/DL"),
        ("mm[Hg]", "mmHg"),
        ("mm[Hg]", "mm Hg"),
        ("ug/dL", "µg/dL"),
        ("ug/dL", "μg/dl"),
        ("ug/dL", "mcg/dL"),
        ("10*3/uL", "K/uL"),
        ("10*3/uL", "x10E3/uL"),
        ("10*3/uL", "10^3/uL"),
        ("10*9/L", "10^9/L"),
        ("kg/m2", "kg/m²"),
        ("mL/min/{1.73_m2}", "mL/min/1.73m2"),
        ("Cel", "°C"),
        ("[degF]", "°F"),
        ("[lb_av]", "lbs"),
        ("m[IU]/L", "mIU/L"),
        ("meq/L", "mEq/L"),
        ("%", "percent"),
        ("mmol/mol", "mmol/mol"),
    ],
)
def test_spellings_of_one_unit_are_the_same(a: str, b: str) -> None:
    assert same_unit(in_unit(a, a), in_unit(b))
    assert same_unit(in_unit(None, a), in_unit(b, b))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("mL/min", "mL/min/{1.73_m2}"),
        ("mg/dL", "mmol/L"),
        ("mg/dL", "g/dL"),
        ("mg", "Mg"),
        ("ug/L", "mg/L"),
        ("U/L", "[IU]/L"),
        ("10*3/uL", "10*6/uL"),
        ("10*3/uL", "10*9/L"),
        ("Cel", "[degF]"),
        ("kg", "[lb_av]"),
        ("{score}", "{count}"),
        ("mg/g", "mg/g{creat}"),
        ("pg", "ng"),
        ("umol/mmol", "umol/mmol{creat}"),
        ("/[HPF]", "/[LPF]"),
        ("m", "M"),
    ],
)
def test_different_units_stay_different_even_where_one_could_be_converted(a: str, b: str) -> None:
    assert not same_unit(in_unit(a, a), in_unit(b, b))


def test_a_missing_unit_is_like_no_other() -> None:
    assert unit_key(in_unit(None)) == ""
    assert not same_unit(in_unit(None), in_unit(None))
    assert not same_unit(in_unit(None), in_unit("mg/dL"))
    assert unit_key(in_unit("   ")) == ""


def test_the_code_counts_before_the_text() -> None:
    assert unit_key(in_unit("beats/min", "/min")) == unit_key(in_unit("bpm"))
    assert unit_key(in_unit("score", "1")) == "1"


@given(st.text(min_size=1))
@settings(deadline=None, database=None)
def test_any_text_has_a_key_and_the_key_is_its_own_key(unit: str) -> None:
    key = unit_key(in_unit(unit))
    assert unit_key(in_unit(key)) == key or not key
