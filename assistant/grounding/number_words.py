"""Numbers and years that are written as words or shortened, told in digits. Pure text."""

import re

_UNITS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_FROM_TEN = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TEENS = _FROM_TEN.split()
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SMALL = {word: n for n, word in enumerate(_UNITS, 1)} | {word: n for n, word in enumerate(_TEENS, 10)}
_TENFOLD = {word: 10 * n for n, word in enumerate(_TENS, 2)}

_TWO_DIGITS = rf"(?:(?:{'|'.join(_TENS)})(?:[\s-](?:{'|'.join(_UNITS)}))?|{'|'.join(_TEENS)})"
_SPOKEN_YEAR = re.compile(rf"\b(?P<century>nineteen|twenty)[\s-](?P<rest>{_TWO_DIGITS})\b")
_MILLENNIUM = re.compile(rf"\btwo thousand(?:(?: and)? (?P<rest>{'|'.join(_UNITS)}|{_TWO_DIGITS}))?\b")
_LARGE = re.compile(rf"\b(?!ten\b|eleven\b|twelve\b){_TWO_DIGITS}\b(?! (?:twenty|thirty)\b)")
_SHORT_YEAR = re.compile(r"(?<![\w'])'(?P<years>\d\d)\b(?!'?s\b)")
_SPANS = (
    (re.compile(r"\bhalf (?:a|of a) (?:year|yr)\b|\ba half year\b"), "6 months"),
    (
        re.compile(r"\b(?:a|one|1) (?:year|yr) and (?:a|one) half\b|\b(?:one|1) and (?:a|one) half years?\b"),
        "18 months",
    ),
    (re.compile(r"\b(?:1\.5|1½) (?:years?|yrs?)\b"), "18 months"),
    (re.compile(r"\b(?:a|one|1) fortnight\b"), "2 weeks"),
    (re.compile(r"\b(?:a quarter of a year|(?<=last )quarter|(?<=past )quarter)\b"), "3 months"),
)


def in_digits(text: str, this_year: int) -> str:
    """A casefolded text with `thirty-five` as 35, `nineteen ninety` as 1990, `'15` as 2015 and `half a year`
    as 6 months; `this_year` tells which century a short year lies in."""
    text = _SPOKEN_YEAR.sub(_spoken, text)
    text = _MILLENNIUM.sub(lambda match: str(2000 + (_value(match["rest"]) if match["rest"] else 0)), text)
    text = _LARGE.sub(lambda match: str(_value(match.group())), text)
    text = _SHORT_YEAR.sub(lambda match: _full(int(match["years"]), this_year), text)
    for pattern, instead in _SPANS:
        text = pattern.sub(instead, text)
    return text


def _spoken(match: re.Match[str]) -> str:
    return str(100 * (19 if match["century"] == "nineteen" else 20) + _value(match["rest"]))


def _value(words: str) -> int:
    return sum(_TENFOLD.get(word) or _SMALL[word] for word in re.split(r"[\s-]", words))


def _full(years: int, this_year: int) -> str:
    return str(2000 + years if 2000 + years <= this_year else 1900 + years)
