"""Stretches of time in a question: `since 2019`, `last year`, `between May and July`, `5 years ago`.

From the words and today's date alone; the same words on the same day give the same window.
"""

import datetime as dt
import re
from collections.abc import Callable

import msgspec

from assistant.grounding import time_readers as read
from assistant.grounding.calendar_words import BARE_DATE, DATE
from assistant.grounding.number_words import in_digits
from assistant.grounding.time_readers import NUMBERS
from assistant.grounding.window import Window


class TimeWords(msgspec.Struct, frozen=True):
    """What a question says about time, and what is left of it."""

    window: Window | None
    rest: str
    unread: str = ""
    """Words that only a birth date would make a stretch of time: `when I was 30`."""


_NUMBER = (
    r"(?:\d{1,3}|(?:a\s+)?(?:couple|few)(?:\s+of)?|" + "|".join(w for w in NUMBERS if len(w) > 2) + r"|an?)"
)
_UNIT = r"(?P<unit>day|week|month|year|yr|decade)s?"
_PREPOSITION = r"(?:back\s+)?(?:in|on|during|for|of|around|about|from|at|near|throughout|last|this)"
_LEAD = (
    r"(?:(?:back\s+)?(?:in|on|during|for|of|around|about|from|at|near|over|throughout|within)\s+)?(?:the\s+)?"
)
_PART = r"(?P<part>early|mid|middle of|late|beginning of|start of|end of|first half of|second half of)[\s-]+"

_AGE = (
    r"(?P<age>\d{1,3})(?:\s+years?(?:\s+old|\s+of\s+age)?)?\b"
    r"(?!\s*(?:mg|lbs?|kg|pounds|kilos|weeks|months|days|minutes|hours|times|percent|%|mm|stone|to|or))"
)
_AT_AGE = (
    r"\b(?:back\s+)?(?P<word>when|since|before|until|at|while|by)\s+"
    r"(?:(?:i\s+)?(?:was|turned|were|became|reached|hit)\s+(?:aged?\s+)?|(?:the\s+)?age\s+(?:of\s+)?|aged\s+)"
    rf"{_AGE}"
)
_AGED = rf"\b(?P<word>i\s+was|i\s+turned|(?<!my )aged?(?:\s+of)?|as\s+an?)\s+{_AGE}(?:-years?-old)?"
_AT_YEARS = rf"\b(?P<word>at)\s+(?=\d+\s+years?(?:\s+old|\s+of\s+age)){_AGE}"
_AT_NUMBER = (
    r"(?<!\bis )(?<!\bbe )(?<!\bare )(?<!\bam )\b(?P<word>at)\s+(?P<age>[1-9]\d)"
    r"(?=\s*[?,;.!]*\s*$|\s*,|\s+(?:what|how)\b)"
)
_BIRTHDAY = (
    r"\b(?P<word>on|around|about|near|by|since|before|at|in)\s+my\s+"
    r"(?P<age>\d{1,3})(?:st|nd|rd|th)\s+birthday\b"
)
_IN_DECADE = r"\b(?:in|during)\s+my\s+(?:early\s+|late\s+|mid\s+)?(?P<years>[1-9]0)'?s\b"
_BY_AGE = (_AT_AGE, _BIRTHDAY, _AT_YEARS, _AGED, _AT_NUMBER)
_AGES = tuple(re.compile(pattern) for pattern in (*_BY_AGE, _IN_DECADE))

_ARROW = re.compile(r"\s*(?:[\u2192\u21d2]|[-=]+>)\s*")
_VERSUS = re.compile(r"\b(?:versus|vs|compared?|than|against)\b")
_TODAY = re.compile(r"\btoday(?:'s)?\b")
"""Beside `than` no time of its own: what the time that is named is compared with."""
_AS_OF_NOW = re.compile(r"\b(?:as (?:of|at) (?:today|now|this moment)|to date)\b(?=\s*[?,;.!]*\s*$)")
"""No time of its own either: `LDL as of today`."""
_CHANGES = re.compile(
    r"\b(?:chang\w*|differ\w*|gone|moved?|develop\w*|improv\w*|wors\w*|up or down|risen|fallen|dropped)\b"
)
_FROM = re.compile(
    rf"\bfrom\s+(?:back in\s+|in\s+)?({BARE_DATE})"
    r"(?!\s*(?:to|until|till|through|thru|and|-|on|onwards?|forward)\b)"
)
_SEASON = r"(?P<season>spring|summer|autumn|fall|winter)"

_Rule = tuple[re.Pattern[str], Callable[[re.Match[str], dt.date, dt.date | None], Window | None]]


def take(question: str, today: dt.date, born: dt.date | None = None) -> TimeWords:
    """Find the first stretch of time in a question; `born` serves `when I was 30`, unread without it."""
    text = re.sub(r"[\u2010-\u2015]", "-", question.casefold().replace("\u2019", "'"))
    text = _ARROW.sub(" versus ", text)
    text = _AS_OF_NOW.sub(" ", in_digits(text, today.year))
    if _CHANGES.search(text):
        text = _FROM.sub(r"since \1", text)
    if _VERSUS.search(text):
        text = _TODAY.sub("now", text)
    for pattern, reading in _RULES:
        for match in pattern.finditer(text):
            window = reading(match, today, born)
            if window is not None:
                rest = text[: match.start()] + " " + text[match.end() :]
                return TimeWords(window, " ".join(rest.split()))
    ages = (pattern.search(text) for pattern in _AGES) if born is None else ()
    age = next((match for match in ages if match), None)
    if age is None:
        return TimeWords(None, " ".join(text.split()))
    rest = text[: age.start()] + " " + text[age.end() :]
    return TimeWords(None, " ".join(rest.split()), age.group())


def _rule(pattern: str, reading: Callable[[re.Match[str], dt.date, dt.date | None], Window | None]) -> _Rule:
    return re.compile(pattern), reading


_A, _B = f"(?P<a>{DATE})", f"(?P<b>{DATE}|now\\b|today\\b|(?:the\\s+)?present\\b)"
_RULES: tuple[_Rule, ...] = (
    _rule(
        rf"\b(?:between|from|in|during|for|of)\s+(?:the\s+years\s+)?{_A}"
        rf"\s*(?:and|to|until|till|through|thru|-)\s*{_B}",
        read.between,
    ),
    _rule(rf"(?<![\w/-])(?P<a>{BARE_DATE})\s*(?:to|until|till|through|thru|-)\s*{_B}", read.between),
    _rule(
        r"\b(?P<word>(?:since|from|after|starting|compared to|in|during|around|about)\s+)?"
        r"(?:about\s+|around\s+)?"
        rf"(?P<n>{_NUMBER})\s+{_UNIT}\s+(?:ago|back|earlier)\b",
        read.some_time_ago,
    ),
    _rule(
        r"\b(?P<word>since|after|starting(?: in)?|beginning(?: in)?)\s+(?:the\s+)?"
        rf"(?:(?:start|beginning|end)\s+of\s+|year\s+)?{_A}",
        read.since,
    ),
    _rule(rf"\b(?P<word>from)\s+{_A}\s+(?:on|onwards?|forward)\b", read.since),
    _rule(
        rf"\b(?P<word>before|prior to|earlier than|until|till|up to|by)\s+(?:the\s+year\s+)?{_A}", read.until
    ),
    _rule(
        rf"\b(?:(?:in|over|during|within|for|of|from)\s+)?(?:the\s+|my\s+)?(?:last|past|previous)\s+"
        rf"(?P<n>{_NUMBER})\s+{_UNIT}\b",
        read.up_to_today,
    ),
    _rule(
        r"\b(?:(?:in|over|during|within|for)\s+the\s+(?:last|past|previous)|(?:the\s+)?past)\s+"
        rf"(?P<n>){_UNIT}\b",
        read.up_to_today,
    ),
    _rule(
        rf"\b(?P<word>(?:since|in|during|from|of)\s+)?(?:the\s+)?{_UNIT}\s+(?:right\s+|just\s+)?"
        r"(?P<which>before\s+(?:this|(?:the\s+)?(?:current|present))(?:\s+(?:one|(?P=unit)))?\b)"
        r"(?!\s+(?:test|result|reading|value|visit|appointment|measurement|check))",
        read.last_or_this,
    ),
    _rule(
        r"\b(?P<word>(?:since|in|during|from|of)\s+)?(?:so far\s+)?(?P<which>last|this)\s+"
        rf"{_UNIT}\b(?!\s+old)",
        read.last_or_this,
    ),
    _rule(rf"\b{_LEAD}{_PART}(?P<year>(?:19|20)\d\d)\b", read.part_of_year),
    _rule(
        r"\b(?:(?:in|during|from|of|throughout)\s+)?(?:the\s+)?(?:early\s+|late\s+|mid\s+)?"
        r"(?P<decade>(?:19|20)\d0'?s\b|(?:(?<=the )|(?<=early )|(?<=late )|(?<=mid ))'?[1-9]0'?s\b"
        r"|twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties)",
        read.in_decade,
    ),
    *(_rule(pattern, read.at_age) for pattern in _BY_AGE[:-1]),
    _rule(_IN_DECADE, read.in_decade_of_age),
    _rule(rf"\b{_LEAD}{_SEASON}\s+(?:of\s+|in\s+)?(?P<year>(?:19|20)\d\d)\b", read.in_season),
    _rule(r"\b(?:(?:in|during|from|of)\s+)?(?:the\s+)?(?:year|yr)\s+before\s+last\b", read.year_before_last),
    _rule(rf"(?:\b{_PREPOSITION}\s+(?:the\s+)?(?:year\s+)?)?(?<![\w/-])(?P<a>{BARE_DATE})", read.on_date),
    _rule(rf"\b{_PREPOSITION}\s+(?P<a>{DATE})", read.on_date),
    _rule(_AT_NUMBER, read.at_age),
)
