"""Whether each number and date of an answer stands in one and the same thing that was sent.

A number counts only together with what the answer says beside it: its unit, its date, what it is a number of,
and the record it is cited from. 148 from one record in the place of 96 from another is found although both
were sent.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import msgspec

from assistant.chat.checks.dating import dated, turned_round
from assistant.chat.checks.marks import Day, Number, counts, days, numbers
from assistant.chat.checks.sentences import Piece, cited_after, cited_at, pieces
from assistant.chat.checks.sources import Sources, Statement
from assistant.chat.checks.spelled import spelled
from assistant.chat.checks.subjects import Subjects, Titles
from assistant.chat.events import CheckedNumber
from assistant.records.words import fold

_RANGE = re.compile(
    r"\b(?:range|ranges|normal|reference|limit|cutoff|target|goal|under|below|above|over|less|more|at least"
    r"|at most|between|within|higher|lower|up to|from|wants?|gives?)\b|[<>≤≥]",
    re.IGNORECASE,
)
_RANGE_SAID = re.compile(
    r"\b(?:range|reference|limit|normal|cutoff|than|under|below|above)\b|[<>]", re.IGNORECASE
)
_RANGE_AFTER = re.compile(
    r"^\W{0,4}(?:-|–|to)?\s*[\d.]*\s*\S{0,12}\s*(?:as its|is its|is the|or (?:higher|lower|more|less))"
)
_LATEST = re.compile(r"\b(?:latest|most recent|newest|last|current(?:ly)?|now|today)\b", re.IGNORECASE)
_SIDES = (
    ("systolic", re.compile(r"\b(?:upper|top|systolic)\b[^\d]{0,40}$", re.IGNORECASE)),
    ("diastolic", re.compile(r"\b(?:lower|bottom|diastolic)\b[^\d]{0,40}$", re.IGNORECASE)),
)
_LEADING = 60
"""Characters before a number in which the word `range` or `below` makes it a limit."""

Keeps = Callable[[Statement], bool]


class _Said(msgspec.Struct, frozen=True):
    """One number of an answer with all that is said of it."""

    number: Number
    leading: str
    before: str
    after: str
    days: tuple[Day, ...]
    cited: tuple[str, ...]
    about: Titles
    side: str = ""


class Binder:
    """Looks up the numbers and dates of answers to one message."""

    def __init__(self, sources: Sources, subjects: Subjects, question: str) -> None:
        self._sources = sources
        self._subjects = subjects
        self._asked = tuple(days(question))
        names = {word for title in sources.titles for word in title}
        self._sided = bool(names & {"systolic", "diastolic", "pressure"})

    def checked(self, text: str) -> Iterator[CheckedNumber]:
        """Each number and each date that belongs to none, in the order of the text."""
        carried: Titles = frozenset()
        over: Titles = frozenset()
        for piece in pieces(text):
            sentence = piece.clean
            carried = over if piece.listed else carried
            carried = self._subjects.nearest(sentence, last=True) or carried
            over = over if piece.listed else carried
            found = list(self._of_sentence(piece, sentence, carried))
            for one in sorted(found, key=lambda mark: mark.at):
                yield msgspec.structs.replace(one, at=one.at + piece.start)

    def _of_sentence(self, piece: Piece, sentence: str, carried: Titles) -> Iterator[CheckedNumber]:
        inside = tuple(days(sentence))
        said = list(self._said(piece, sentence, inside, carried))
        for one in said:
            yield self._number(one)
        paired = {day for one in said for day in one.days}
        turned = {b for a, b in pairwise(inside) if turned_round(sentence, a, b)}
        start, about = 0, carried
        for day in inside:
            about = (
                self._subjects.every(sentence[start : day.start])
                or (about if start else None)
                or self._subjects.nearest(sentence[day.end :], last=False)
                or about
            )
            if day in turned:
                yield CheckedNumber(
                    day.text, False, None, date=day.text, at=day.start, why="the other way round"
                )
            elif day not in paired:
                yield self._day(day, about, cited_at(piece.text, day.end))
            start = day.end

    def _said(self, piece: Piece, sentence: str, inside: tuple[Day, ...], carried: Titles) -> Iterator[_Said]:
        nouns = self._sources.nouns
        plain = [n for n in numbers(sentence, inside) if not self._named(sentence, n)]
        found = sorted([*plain, *spelled(sentence, nouns)], key=lambda n: n.start)
        value_first = bool(found) and not self._subjects.nearest(sentence[: found[0].start], last=True)
        about: Titles = frozenset()
        for at, number in enumerate(found):
            start = found[at - 1].end if at else 0
            end = found[at + 1].start if at + 1 < len(found) else len(sentence)
            before, after = sentence[start : number.start], sentence[number.end : end]
            near = after if value_first else before
            own = self._subjects.nearest(near, last=not value_first)
            about = own or about or self._subjects.nearest(piece.head(number.start), last=True) or carried
            yield _Said(
                number=number if number.unit else self._in_column(piece, number),
                leading=sentence[max(0, number.start - _LEADING) : number.start],
                before=before,
                after=after,
                days=() if counts(number) else dated(sentence, number, tuple(found), inside),
                cited=cited_after(piece.text, number.end),
                about=about,
                side=self._side(number, before),
            )

    def _in_column(self, piece: Piece, number: Number) -> Number:
        unit = piece.unit(number.start)
        return msgspec.structs.replace(number, unit=unit) if unit else number

    def _side(self, number: Number, before: str) -> str:
        if not self._sided or len(number.values) > 1:
            return ""
        return next((side for side, words in _SIDES if words.search(before)), "")

    def _number(self, said: _Said) -> CheckedNumber:
        number = said.number
        alike = [s for s in self._sources.statements if _same(s, number)]
        why = "not in what was sent"
        conditions: tuple[tuple[str, Keeps], ...] = (
            ("not with this unit", lambda s: self._unit(s, said)),
            ("not of this", lambda s: self._about(s, said.about)),
            ("the other of two", lambda s: not said.side or said.side in s.words),
            ("not on this date", lambda s: _on(s, said)),
            ("a limit, not a value", lambda s: not s.span or _limit(said)),
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
        return CheckedNumber(
            text=number.text,
            ok=bool(alike),
            ref=alike[0].ref if alike else None,
            unit=number.unit,
            date=said.days[0].text if said.days else "",
            at=number.start,
            why="" if alike else why,
        )

    def _named(self, sentence: str, number: Number) -> bool:
        """Whether it is part of a name that was sent, as in `type 2` or `PCV 13`, and says nothing itself."""
        before = fold(sentence[: number.start])
        return not number.unit and bool(before) and (before[-1], number.text) in self._sources.pairs

    def _unit(self, statement: Statement, said: _Said) -> bool:
        number, sent = said.number, statement.number
        assert sent is not None
        if number.unit:
            return number.unit == sent.unit or (
                number.unit == "breaths/min" and sent.unit == "/min" and _breathed(statement)
            )
        if number.noun in self._sources.nouns and not sent.unit:
            return number.noun == sent.noun
        return True

    def _about(self, statement: Statement, about: Titles) -> bool:
        """Of one of the things meant; a statement that names none of what was sent may be of any."""
        if not about or any(title <= statement.words for title in about):
            return True
        return not any(title <= statement.words for title in self._sources.titles)

    def _cited(self, alike: Sequence[Statement], said: _Said) -> list[Statement]:
        """Those of the records or facts cited, or of a fact about them that holds this number of none but
        them."""
        own = [s for s in alike if s.ref in said.cited]
        if own:
            return own
        cited = {int(ref) for ref in said.cited if ref.isdigit()}
        elsewhere = {int(s.ref) for s in alike if s.ref.isdigit()}
        facts = [
            s for s in alike if not s.ref.isdigit() and (not cited or set(s.items) & cited or not s.items)
        ]
        told = elsewhere & {item for s in facts for item in s.items}
        if told and self._rival(said) and not re.search(r"\b(?:from|to)\s+$", said.before):
            return []
        return facts

    def _rival(self, said: _Said) -> bool:
        """Whether a cited record holds another value of the same thing, for which this one could be taken."""
        return any(
            s.ref in said.cited and not s.span and s.number.unit == said.number.unit
            for s in self._sources.statements
            if s.number is not None and (not said.about or any(t <= s.words for t in said.about))
        )

    def _outdated(self, alike: Sequence[Statement], said: _Said) -> bool:
        """Whether it is called the latest although a later one of the same thing was sent."""
        when = [_order(s) for s in alike if s.days]
        if said.days or not when or not said.about or not _LATEST.search(said.before):
            return False
        units = {s.number.unit for s in alike if s.number is not None}
        return any(
            s.days and not s.span and s.number.unit in units and _order(s) > max(when)
            for s in self._sources.statements
            if s.number is not None and any(title <= s.words for title in said.about)
        )

    def _day(self, day: Day, about: Titles, cited: tuple[str, ...]) -> CheckedNumber:
        asked = any(day.within(other) for other in self._asked)
        found = [s for s in self._sources.statements if any(day.within(other) for other in s.days)]
        kept = [s for s in found if self._about(s, about) and _of_cited(s, cited)]
        why = "" if kept or asked else "not of this" if found else "not in what was sent"
        ref = kept[0].ref if kept else None
        return CheckedNumber(text=day.text, ok=not why, ref=ref, date=day.text, at=day.start, why=why)


def _same(statement: Statement, number: Number) -> bool:
    sent = statement.number
    if sent is None:
        return False
    return sent.values == number.values and (not number.below or number.below == sent.below)


def _of_cited(statement: Statement, cited: tuple[str, ...]) -> bool:
    """Whether a record or fact that is cited right there says it, or a fact about it."""
    return not cited or statement.ref in cited or any(str(item) in cited for item in statement.items)


def _breathed(statement: Statement) -> bool:
    return "respiratory" in statement.words or "breathing" in statement.words


def _limit(said: _Said) -> bool:
    if said.days and not _RANGE_SAID.search(said.leading):
        return False
    return _RANGE.search(said.leading) is not None or _RANGE_AFTER.search(said.after) is not None


def _on(statement: Statement, said: _Said) -> bool:
    """Of this date; a limit holds whenever."""
    if not said.days or statement.span:
        return True
    return any(said.days[0].within(day) for day in statement.days)


def _order(statement: Statement) -> tuple[int, int, int]:
    day = statement.days[0]
    return (day.year, day.month, day.day)
