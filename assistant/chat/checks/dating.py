"""Which date a sentence gives a number."""

import re

from assistant.chat.checks.marks import Day, Number

_WINDOW = re.compile(
    r"\b(?:since|until|before|after|by|between|over|through|than(?: on| in)?|down from|up from)\s+\(?$",
    re.IGNORECASE,
)
_OPENS = re.compile(r"\b(?:on|in|as of|of|from|dated|for)\s+\(?$|^\W*$|\|\s*$", re.IGNORECASE)
_AT_ONCE = re.compile(
    r"\s*(?:\||\()\s*|\s+(?:on|in|from|as of|dated|of)\s+\(?|\s*,?\s*(?:measured|dated|taken)\s+(?:on |in )?"
)
_LOOSE = re.compile(
    r"[^\d;:.]{0,60}?(?:\b(?:on|in|from|of|dated|measured|taken|recorded|at|as of)\b|[,(|:–-])\s*\(?\s*"
)
_BREAK = re.compile(
    r"\b(?:and|while|but|then|whereas|against|compared|versus|since|until|before|after|than|between|down|up"
    r"|higher|lower|where|which)\b|;",
    re.IGNORECASE,
)


_BRACKETS = re.compile(r"\([^()]*\)")
_A_RANGE = re.compile(r",? ?\brange\b(?: is| of)? ?[<>]?[\d.]+(?:\s?(?:to|–|-)\s?[\d.]+)?")


def dated(
    sentence: str, number: Number, others: tuple[Number, ...], inside: tuple[Day, ...]
) -> tuple[Day, ...]:
    """The date that a number is said to be of: right after it, or, where dates lead, the one before it."""
    sentence = _without_ranges(sentence, inside)
    others = tuple(other for other in others if sentence[other.start].strip())
    after = next((day for day in inside if day.start >= number.end), None)
    led = [day for day in inside if day.end <= number.start]
    leads = bool(inside and others and inside[0].start < others[0].start)
    if after is not None and _between(sentence, number, after, others, leads=leads):
        return (after,)
    if leads and led:
        before = sentence[: led[-1].start]
        return (led[-1],) if _OPENS.search(before) and not _WINDOW.search(before) else ()
    return ()


def _without_ranges(sentence: str, inside: tuple[Day, ...]) -> str:
    """The sentence with its ranges, and what it says in brackets without a date, blanked out."""
    for pattern in (_BRACKETS, _A_RANGE):
        for found in pattern.finditer(sentence):
            if not any(found.start() < day.end and day.start < found.end() for day in inside):
                sentence = sentence[: found.start()] + " " * len(found[0]) + sentence[found.end() :]
    return sentence


def _between(sentence: str, number: Number, day: Day, others: tuple[Number, ...], *, leads: bool) -> bool:
    between = sentence[number.end : day.start]
    if any(number.end <= other.start < day.start for other in others) or _WINDOW.search(
        sentence[: day.start]
    ):
        return False
    if _AT_ONCE.fullmatch(between):
        return True
    return not leads and _BREAK.search(between) is None and _LOOSE.fullmatch(between) is not None


def turned_round(sentence: str, first: Day, second: Day) -> bool:
    """Whether a stretch of time ends before it begins."""
    if sentence[first.end : second.start].strip() not in ("to", "until", "-", "–", "through"):
        return False
    return (first.year, first.month, first.day) > (second.year or 9999, second.month or 12, second.day or 31)
