"""Units in one spelling, so that like values can be compared. Nothing is converted here.

The spelling is UCUM's, annotations kept: `mL/min/{1.73_m2}` is not `mL/min`. A unit that no rule knows
stands for itself. Units that could be converted into each other (mg/dL, mmol/L) stay different.
"""

import re

from assistant.records.model import Quantity

_BY_TEXT: dict[str, tuple[str, ...]] = {
    "mg/dL": ("mg/dl", "mg / dl", "mg per dl", "mg%", "mg/100ml", "mg/100 ml"),
    "g/dL": ("g/dl", "gm/dl", "gram/dl", "g/100ml", "g / dl"),
    "g/L": ("g/l", "gm/l"),
    "mg/L": ("mg/l",),
    "mmol/L": ("mmol/l",),
    "umol/L": ("umol/l", "mcmol/l", "micromol/l"),
    "nmol/L": ("nmol/l",),
    "pmol/L": ("pmol/l",),
    "meq/L": ("meq/l",),
    "ug/dL": ("ug/dl", "mcg/dl"),
    "ug/L": ("ug/l", "mcg/l"),
    "ug/mL": ("ug/ml", "mcg/ml"),
    "ng/mL": ("ng/ml",),
    "ng/dL": ("ng/dl",),
    "ng/L": ("ng/l",),
    "pg/mL": ("pg/ml",),
    "pg": ("pg/cell",),
    "fL": ("fl", "femtoliter"),
    "U/L": ("u/l", "units/l", "unit/l"),
    "[IU]/L": ("iu/l", "[iu]/l"),
    "[IU]/mL": ("iu/ml", "[iu]/ml"),
    "k[IU]/L": ("kiu/l", "k[iu]/l"),
    "m[IU]/L": ("miu/l", "m[iu]/l"),
    "m[IU]/mL": ("miu/ml", "m[iu]/ml"),
    "u[IU]/mL": ("uiu/ml", "mciu/ml", "u[iu]/ml"),
    "10*3/uL": (
        *("10^3/ul", "10*3/ul", "10e3/ul", "x10e3/ul", "x10^3/ul", "x10(3)/mcl", "10*3/mcl", "10^3/mcl"),
        *("x10*3/ul", "x10^3/mcl", "k/ul", "k/mcl", "thou/ul", "thou/mcl", "thousand/ul", "thousands/ul"),
    ),
    "10*6/uL": (
        *("10^6/ul", "10*6/ul", "10e6/ul", "x10e6/ul", "x10^6/ul", "x10(6)/mcl", "10*6/mcl", "10^6/mcl"),
        *("x10*6/ul", "x10^6/mcl", "m/ul", "mil/ul", "mill/mcl", "million/ul", "million/mcl"),
    ),
    "10*9/L": ("10^9/l", "10*9/l", "x10^9/l", "x10e9/l", "10e9/l"),
    "10*12/L": ("10^12/l", "10*12/l", "x10^12/l", "x10e12/l", "10e12/l"),
    "10*6/mL": ("10^6/ml", "10*6/ml", "million/ml"),
    "%": ("percent", "pct"),
    "mm[Hg]": ("mmhg", "mm hg", "mm[hg]", "mm(hg)"),
    "/min": (
        *("bpm", "beats/min", "beats/minute", "beats per minute", "{beats}/min", "breaths/min", "/minute"),
        *("breaths/minute", "breaths per minute", "{breaths}/min", "per minute", "{beats}/minute"),
    ),
    "Cel": ("\u00b0c", "degc", "deg c", "degrees c", "degree celsius", "celsius"),
    "[degF]": ("\u00b0f", "degf", "deg f", "degrees f", "fahrenheit", "[degf]"),
    "kg": ("kgs", "kilogram", "kilograms"),
    "[lb_av]": ("lb", "lbs", "pound", "pounds", "[lb_av]"),
    "[oz_av]": ("oz", "ounce", "ounces", "[oz_av]"),
    "cm": ("cms", "centimeter", "centimeters"),
    "[in_i]": ("in", "inch", "inches", "[in_i]"),
    "[ft_i]": ("ft", "feet", "[ft_i]"),
    "kg/m2": ("kg/m2", "kg/m^2", "kg/m*2", "kg/sq m", "kg/(m^2)"),
    "mL/min": ("ml/min",),
    "mL/min/{1.73_m2}": (
        *("ml/min/1.73m2", "ml/min/1.73 m2", "ml/min/1.73m^2", "ml/min/1.73 m^2", "ml/min/1.73m*2"),
        *("ml/min/{1.73m2}", "ml/min/{1.73_m2}", "ml/min/1.73", "ml/min/1.73 sq m", "ml/min/(1.73 m2)"),
    ),
    "L/min": ("l/min", "liters/min", "litres/min", "liter/min"),
    "mg/g": ("mg/g",),
    "mg/g{creat}": ("mg/g creat", "mg/g{creat}", "mg/g cr", "mg/g creatinine"),
    "mm/h": ("mm/hr", "mm/h", "mm/hour"),
    "s": ("sec", "secs", "second", "seconds"),
    "min": ("mins", "minute", "minutes"),
    "h": ("hr", "hrs", "hour", "hours"),
    "wk": ("week", "weeks"),
    "mo": ("month", "months"),
    "a": ("yr", "yrs", "year", "years"),
    "d": ("day", "days"),
}
_SPELLINGS = {text: unit for unit, texts in _BY_TEXT.items() for text in texts}
_LITRE = re.compile(r"(?<![A-Za-z\[{_])([dcmunpf]?)l(?![A-Za-z\]}_])")
_LOOKALIKES = {0xB5: "u", 0x3BC: "u", 0xB2: "2", 0xB3: "3", 0xD7: "x"}


def _spelling(text: str) -> str:
    return _SPELLINGS.get(" ".join(text.translate(_LOOKALIKES).casefold().split()), "")


def _canonical(code: str) -> str:
    """One spelling of a UCUM code: `l` as `L`, `10^` as `10*`, `[iU]` as `[IU]`; annotations untouched."""
    if code.islower() and "l" not in code and "10^" not in code:
        return code
    pieces = re.split(r"(\{[^}]*\})", code)
    for at in range(0, len(pieces), 2):
        pieces[at] = _LITRE.sub(r"\1L", pieces[at].replace("10^", "10*").replace("[iU]", "[IU]"))
    return "".join(pieces)


def unit_key(q: Quantity) -> str:
    """The unit's comparable spelling, annotations included; empty where the source gave none.

    The UCUM code counts where there is one, else the unit's text.
    """
    text = q.code or q.unit
    if text is None:
        return ""
    if text in _BY_TEXT:
        return text
    text = text.strip()
    return (_spelling(text) or _canonical(text)) if text else ""


def same_unit(a: Quantity, b: Quantity) -> bool:
    """Whether two quantities are in the same unit. A missing unit is the same as nothing, even another."""
    key = unit_key(a)
    return key != "" and key == unit_key(b)
