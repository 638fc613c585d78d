"""The grammar that quietens a symptom word: names of things, questions about records, the past, negations."""

from collections import Counter
from collections.abc import Collection, Iterable
from itertools import accumulate, pairwise

from assistant.safety.data import Frame, Reach, Reviewed
from assistant.safety.lookup import Message, Span, Spans
from assistant.safety.model import Urgent
from assistant.safety.pattern import Pattern
from assistant.safety.reading import Reading

_LOOK_BACK = 6
_REACH = 6
_LISTED = 4


class Grammar:
    """What of one message doesn't count, and what is denied in it.

    `spans` has all that stands in it, `stretches` a number for each word that a new question or a new "I"
    raises, `denied` the place of the negation bound to a word.
    """

    def __init__(self, message: Message, data: Reviewed) -> None:
        self.spans = data.lookup.spans(message)
        self._sentences = [word.sentence for word in message.words]
        self._in_quotes = [place for place, word in enumerate(message.words) if word.quoted]
        self._names, self._context = _places(self.spans, "@names"), _places(self.spans, "@context")
        self._clause = _split(message, data, self.spans, self._names)
        self._clauses = Reading(self._clause, self.spans, self._names)
        self._no, self._between, self._or, self._listed = (
            _starts(self._clauses, name) for name in ("@negations", "@between", "@or", "@listed")
        )
        opens = {end for _, end in self._clauses.spans("^")} & _starts(self._clauses, "@opens")
        self.stretches = _numbered(self._sentences, opens)
        self._framed = [*self._in_frames(data)]
        after_no = {place for no in self._no for place in range(no + 1, no + 1 + _LOOK_BACK)}
        within = after_no.intersection(range(len(self._clause)))
        self.denied = {place: no for place in within if (no := self._negation(place)) >= 0}

    def hidden(self, kind: Urgent) -> frozenset[int]:
        """The places of the words that don't count for a kind of card."""
        own, quiet = self._quiet(kind, own=True), self._quiet(kind, own=False)
        if quiet and kind is Urgent.EMERGENCY:
            quiet |= self._listed_on({self._clause[place] for place in quiet})
        return frozenset((own | quiet | self._quoted() | self._names) - self._context)

    def _quiet(self, kind: Urgent, own: bool) -> set[int]:
        """The words that frames quieten: of those that speak only about their own words, or of the others."""
        framed = ((frame.reach is Reach.OWN, places) for frame, places in self._framed if kind in frame.hides)
        return {place for only_own, places in framed if only_own == own for place in places}

    def _in_frames(self, data: Reviewed) -> Iterable[tuple[Frame, set[int]]]:
        """Each frame that stands in the message, with the words it speaks about."""
        for frame in data.frames:
            said = [span for span in self._found(frame.any) if self._in_one_sentence(span)]
            if said and not self._found(frame.void):
                spoken = {self._clause[start] for start, _ in self._found(frame.unless)}
                near = self._reached(frame.of.reach, said)
                yield frame.of, {place for place in near if self._clause[place] not in spoken}

    def _reached(self, reach: Reach, said: list[Span]) -> set[int]:
        """The words that a frame which stands there speaks about."""
        if reach is Reach.OWN:
            return {place for span in said for place in range(*span)}
        if reach is Reach.NEAR:
            return {place for span in said for place in self._around(span)}
        last: dict[int, int] = {}
        for start, end in said:
            sentence = self._sentences[start]
            last[sentence] = max(end, last.get(sentence, 0))
        every = reach is Reach.SENTENCE
        return {
            place
            for place, sentence in enumerate(self._sentences)
            if sentence in last and (every or place < last[sentence])
        }

    def _in_one_sentence(self, span: Span) -> bool:
        start, end = span
        return self._sentences[start] == self._sentences[max(end - 1, start)]

    def _around(self, span: Span) -> Iterable[int]:
        """The words of a clause that stand near what makes it a question or a thing of the past."""
        start, end = span
        near = range(max(start - _REACH, 0), min(end + _REACH, len(self._clause)))
        return (place for place in near if self._clause[place] == self._clause[start])

    def _negation(self, start: int) -> int:
        """Where a negation bound to a word stands: only words like "any" between. Below 0 for none."""
        after_or = False
        for place in range(start - 1, max(start - 1 - _LOOK_BACK, -1), -1):
            if self._clause[place] != self._clause[start]:
                break
            if place in self._no:
                return place
            if place in self._or:
                after_or = True
            elif place not in self._between and not (after_or and place in self._listed):
                break
        return -1

    def _found(self, patterns: tuple[Pattern, ...]) -> list[Span]:
        return [span for one in patterns for span in self._clauses.found(one)]

    def _listed_on(self, quiet: set[int]) -> set[int]:
        """The words of short clauses that only go on with a quiet one's list: no one does anything there."""
        someone = {self._clause[start] for start in _starts(self._clauses, "@speaks_up")}
        listing = {self._clause[start] for start in self._listed} & quiet
        long = {clause for clause, words in Counter(self._clause).items() if words > _LISTED}
        more: set[int] = set()
        numbered = zip(self._sentences, self._clause, strict=True)
        for (before, clause), (after, following) in pairwise(numbered):
            if before == after and clause in listing | more and following not in someone | long:
                more.add(following)
        return {place for place, clause in enumerate(self._clause) if clause in more}

    def _quoted(self) -> set[int]:
        """Quoted words don't count where the sentence is about what is written in records."""
        if not self._in_quotes:
            return set()
        said = _starts(self._clauses, "@written").difference(self._in_quotes)
        written = {self._sentences[place] for place in said}
        return {place for place in self._in_quotes if self._sentences[place] in written}


def _starts(reading: Reading, name: str) -> frozenset[int]:
    return frozenset(start for start, _ in reading.spans(name))


def _places(spans: Spans, name: str) -> frozenset[int]:
    return frozenset(place for span in spans.get(name, ()) for place in range(*span))


def _split(message: Message, data: Reviewed, spans: Spans, names: frozenset[int]) -> list[int]:
    """A clause ends also before "but" and the like, a new question, and someone who does something now."""
    sentences = [word.sentence for word in message.words]
    reading = Reading(sentences, spans, names)
    reported = {end for _, end in reading.spans("@reports")}
    opened = {start for pattern in data.openings for start, _ in reading.found(pattern)} - reported
    return _numbered([word.clause for word in message.words], opened | _starts(reading, "@turns"))


def _numbered(stretches: list[int], starts: Collection[int]) -> list[int]:
    """Numbers of stretches, going one further at each of the starts too."""
    further = accumulate(place in starts for place in range(len(stretches)))
    return [number + more for number, more in zip(stretches, further, strict=True)]
