"""Whether each number and date of an answer stands in one and the same thing that was sent.

A number counts only together with what the answer says beside it: its unit, its date, what it is a number of,
and the record it is cited from. 148 from one record in the place of 96 from another is found although both
were sent.
"""

import re
from collections.abc import Callable, Iterator, Sequence

import msgspec

from assistant.chat.checks.marks import Day, Number, days, masked, numbers
from assistant.chat.checks.sources import Sources, Statement, beside
from assistant.chat.checks.subjects import Subjects, Titles
from assistant.chat.events import CheckedNumber

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_LISTED = re.compile(r"\s*[-*•|+] ?")
_LEADING = 60
"""Characters before a number in which the word `range` or `below` makes it a limit."""
_CITED = re.compile(r"\[(\d{1,4})\]")
_RANGE = re.compile(
    r"\b(?:range|normal|reference|limit|cutoff|target|goal|under|below|above|over|less|more|at least|at most"
    r"|between|within|higher|lower|up to|from)\b|[<>≤≥]",
    re.IGNORECASE,
)
_LATEST = re.compile(r"\b(?:latest|most recent|newest|last|current(?:ly)?|now|today)\b", re.IGNORECASE)
_WINDOW = re.compile(r"\b(?:since|until|before|after|by|between|over|through|than|to)\s+\(?$", re.IGNORECASE)
_OPENS = re.compile(r"\b(?:on|in|as of|from|dated)\s+\(?$|^\W*$|\|\s*$", re.IGNORECASE)
_BREAK = re.compile(r"\b(?:and|while|but|then|whereas)\b|;")


Keeps = Callable[[Statement], bool]


class _Said(msgspec.Struct, frozen=True):
    """One number of an answer with all that is said of it."""

    number: Number
    leading: str
    before: str
    after: str
    days: tuple[Day, ...]
    cited: tuple[int, ...]
    about: Titles


class Binder:
    """Looks up the numbers and dates of answers to one message."""

    def __init__(self, sources: Sources, subjects: Subjects, question: str) -> None:
        self._sources = sources
        self._subjects = subjects
        self._asked = tuple(days(question))

    def checked(self, text: str) -> Iterator[CheckedNumber]:
        """Each number and each date that belongs to none, in the order of the text."""
        carried: Titles = frozenset()
        clean, at = masked(text), 0
        for end in [*(found.start() for found in _SENTENCE.finditer(clean)), len(clean)]:
            sentence, written = clean[at:end], text[at:end]
            if _LISTED.match(sentence):
                carried = frozenset()
            carried = self._subjects.nearest(sentence, last=True) or carried
            found = list(self._of_sentence(sentence, written, carried))
            for one in sorted(found, key=lambda mark: mark.at):
                yield msgspec.structs.replace(one, at=one.at + at)
            at = end

    def _of_sentence(self, sentence: str, written: str, carried: Titles) -> Iterator[CheckedNumber]:
        inside = tuple(days(sentence))
        said = list(self._said(sentence, written, inside, carried))
        for one in said:
            yield self._number(one)
        paired = {day for one in said for day in one.days}
        for day in inside:
            if day not in paired:
                about = self._subjects.nearest(sentence, last=True) or carried
                yield self._day(day, about)

    def _said(self, sentence: str, written: str, inside: tuple[Day, ...], carried: Titles) -> Iterator[_Said]:
        found = list(numbers(sentence, inside))
        date_first = bool(inside and found and inside[0].start < found[0].start)
        value_first = bool(found) and not self._subjects.nearest(sentence[: found[0].start], last=True)
        about: Titles = frozenset()
        for at, number in enumerate(found):
            start = found[at - 1].end if at else 0
            end = found[at + 1].start if at + 1 < len(found) else len(sentence)
            before, after = sentence[start : number.start], sentence[number.end : end]
            near = after if value_first else before
            about = self._subjects.nearest(near, last=not value_first) or about or carried
            refs = _CITED.findall(written[number.end : end]) or _CITED.findall(written[number.end :])
            yield _Said(
                number=number,
                leading=sentence[max(0, number.start - _LEADING) : number.start],
                before=before,
                after=after,
                days=_dated(sentence, number, inside, date_first=date_first),
                cited=tuple(int(ref) for ref in refs),
                about=about,
            )

    def _number(self, said: _Said) -> CheckedNumber:
        number = said.number
        alike = [s for s in self._sources.statements if _same(s, number)]
        unit = number.unit
        why = "not in what was sent"
        conditions: tuple[tuple[str, Keeps], ...] = (
            ("not with this unit", lambda s: self._unit(s, said)),
            ("not of this", lambda s: self._about(s, said.about)),
            ("not on this date", lambda s: _on(s, said.days)),
            ("a limit, not a value", lambda s: not s.span or _RANGE.search(said.leading) is not None),
        )
        for reason, keeps in conditions:
            kept = [s for s in alike if keeps(s)]
            if alike and not kept:
                why = reason
            alike = kept
        if alike and said.cited and not said.days:
            kept = self._cited(alike, said)
            why, alike = ("not in the record cited" if not kept else why), kept
        if alike and self._outdated(alike, said):
            why, alike = "not the latest", []
        date = said.days[0].text if said.days else ""
        return CheckedNumber(
            text=number.text,
            ok=bool(alike),
            ref=alike[0].ref if alike else None,
            unit=unit,
            date=date,
            at=number.start,
            why="" if alike else why,
        )

    def _unit(self, statement: Statement, said: _Said) -> bool:
        number, sent = said.number, statement.number
        assert sent is not None
        if number.unit:
            return number.unit == sent.unit
        if number.noun in self._sources.nouns and not sent.unit:
            return number.noun == sent.noun
        return True

    def _about(self, statement: Statement, about: Titles) -> bool:
        """Of one of the things meant; a statement that names none of what was sent may be of any."""
        if not about or any(title <= statement.words for title in about):
            return True
        return not any(title <= statement.words for title in self._sources.titles)

    def _cited(self, alike: Sequence[Statement], said: _Said) -> list[Statement]:
        """Those of the records cited, or of a fact about them that holds this number of none but them."""
        own = [s for s in alike if s.ref.isdigit() and int(s.ref) in said.cited]
        if own:
            return own
        elsewhere = {int(s.ref) for s in alike if s.ref.isdigit()}
        facts = [s for s in alike if not s.ref.isdigit() and set(s.items) & set(said.cited)]
        paired = re.search(r"\bfrom\s+$", said.before) or re.search(r"\bto\s+$", said.before)
        return facts if not elsewhere or paired else []

    def _outdated(self, alike: Sequence[Statement], said: _Said) -> bool:
        """Whether it is called the latest although a later one of the same thing was sent."""
        dated = [_order(s) for s in alike if s.days]
        if said.days or not dated or not said.about or not _LATEST.search(said.before):
            return False
        units = {s.number.unit for s in alike if s.number is not None}
        return any(
            s.days and not s.span and s.number.unit in units and _order(s) > max(dated)
            for s in self._sources.statements
            if s.number is not None and any(title <= s.words for title in said.about)
        )

    def _day(self, day: Day, about: Titles) -> CheckedNumber:
        asked = any(day.within(other) for other in self._asked)
        found = [s for s in self._sources.statements if any(day.within(other) for other in s.days)]
        kept = [s for s in found if self._about(s, about)]
        why = "" if kept or asked else "not of this" if found else "not in what was sent"
        ref = kept[0].ref if kept else None
        return CheckedNumber(text=day.text, ok=not why, ref=ref, date=day.text, at=day.start, why=why)


def _same(statement: Statement, number: Number) -> bool:
    sent = statement.number
    if sent is None:
        return False
    return sent.values == number.values and (not number.below or number.below == sent.below)


def _on(statement: Statement, said: tuple[Day, ...]) -> bool:
    return not said or any(said[0].within(day) for day in statement.days)


def _order(statement: Statement) -> tuple[int, int, int]:
    day = statement.days[0]
    return (day.year, day.month, day.day)


def _dated(sentence: str, number: Number, inside: tuple[Day, ...], *, date_first: bool) -> tuple[Day, ...]:
    """The date that a number is said to be of: right after it, or, where dates lead, the one before it."""
    after = beside(sentence, number, inside)
    led = [day for day in inside if day.end <= number.start]
    if date_first and led:
        day = led[-1]
        opens = _OPENS.search(sentence[: day.start]) and not _WINDOW.search(sentence[: day.start])
        return (day,) if opens else ()
    if after and _BREAK.search(sentence[number.end : after[0].start]):
        return ()
    if after and _WINDOW.search(sentence[: after[0].start]):
        return ()
    return after
