"""A FHIR Bundle, entry by entry, whole or damaged: sound resources are given, damage is named by position.

The Bundle is walked by hand at its two outer levels. So its size doesn't matter, and a cut or a broken entry
costs that entry only. Source: FHIR R4, 2.36 Bundle.
"""

import re
import time
from collections.abc import Generator, Iterator

from connectors.files.entry import BrokenEntry, Entry, read_entry
from connectors.files.limits import MIB
from connectors.files.members import read_value, skip_brackets, step_to_value
from connectors.files.records import Item, fhir_record
from connectors.files.skip import Skipper
from connectors.files.strict import Fault, Strict, Unsound, own_text
from connectors.files.tape import Tape
from connectors.model import Problem

NO_RESOURCE = "This entry holds no resource."
NOT_A_LIST = "The Bundle's entries are not a list."
CUT_SHORT = "The file ends before the Bundle does: what came after this is missing."
STRAY = "Something stands here that doesn't belong between entries."
HOPELESS = "From here on this file is too damaged to be read in reasonable time."

PATIENCE_SECONDS = 10
SLOWEST = MIB
"""Bytes a second of processor time. A sound Bundle is read twenty times as fast and more; one that was made
to be slow ends as a problem."""

_SPACE = r"[ \t\r\n]*"
_ENTRY = re.compile(rf'\{{{_SPACE}"(?:fullUrl|resource|link|search)"{_SPACE}:')
"""How most entries start."""
_SIBLING = re.compile(rf"[,\[}}]{_SPACE}({_ENTRY.pattern})")
"""Where to go on after an entry that has lost its end."""
_SIBLING_LENGTH = 256
"""Keep this much when looking further on: the start of an entry may stand at the window's edge."""
_NEXT = re.compile(rf"{_SPACE},{_SPACE}(?=\{{)")
_HOLDS_ENTRIES = re.compile(rf'"resourceType"{_SPACE}:{_SPACE}"(?:Bundle|Parameters)"')
"""In a resource of these types, what looks like the next entry may be one of its own."""
_ENTRIES = re.compile(rf'"entry"{_SPACE}:{_SPACE}(?=\[)|{_SIBLING.pattern}')
"""Where to go on after damage before the list of entries."""
_BUNDLE = re.compile(rf'\{{{_SPACE}"resourceType"{_SPACE}:{_SPACE}"Bundle"')


class BundleWalk:
    """One walk over one Bundle. `within` is the place of a nested Bundle, which its positions start with."""

    def __init__(self, tape: Tape, within: str = "") -> None:
        self._tape = tape
        self._strict = Strict()
        self._within = within
        self._searched = 0
        self._started = time.process_time()

    def items(self) -> Iterator[Item]:
        """Every resource and every problem, in the Bundle's order."""
        tape = self._tape
        names: set[str] = set()
        if tape.peek() != "{":
            yield self._problem(Fault.NOT_AN_OBJECT)
            return
        tape.pos += 1
        first = True
        while True:
            try:
                name = step_to_value(tape, self._strict, first=first)
                if name is None:
                    if not tape.peek().strip("\0"):
                        return
                    raise Unsound(Fault.PAST_THE_END)
                readable = yield from self._member(name, again=name in names)
                names.add(name)
                first = False
            except Unsound as unsound:
                yield self._problem(unsound.fault if tape.peek() else CUT_SHORT)
                readable = self._find(_SIBLING if "entry" in names else _ENTRIES)
                first = readable and tape.peek() == '"'
                if readable and not first:
                    names.add("entry")
                    readable = yield from self._elements(sure=False)
            if not readable:
                return

    def _problem(self, text: str) -> Problem:
        return Problem(self._byte(), text)

    def _byte(self) -> str:
        return f"{self._within}byte {self._tape.offset}"

    def _member(self, name: str, *, again: bool) -> Generator[Item, None, bool]:
        """Read a member of the Bundle; False when nothing after it can be read."""
        if again:
            yield self._problem(Fault.TWICE)
        elif name == "entry" and self._tape.peek() == "[":
            self._tape.pos += 1
            return (yield from self._elements(sure=True))
        elif name == "entry":
            yield self._problem(NOT_A_LIST)
            if _ENTRY.match(self._tape.text, self._tape.pos):
                return (yield from self._elements(sure=False))
        read_value(self._tape, self._strict)
        return True

    def _find(self, pattern: re.Pattern[str]) -> bool:
        """Go to the next place that fits, at its first group if it has one; False when there is none."""
        tape = self._tape
        while True:
            found = pattern.search(tape.text, tape.pos)
            if found:
                tape.pos = found.start(found.lastindex or 0)
                return True
            tape.pos = max(tape.pos, len(tape.text) - _SIBLING_LENGTH)
            if not tape.grow():
                return False

    def _elements(self, *, sure: bool) -> Generator[Item, None, bool]:
        """Read entries from here to the end of their list; False when it wasn't reached.

        Where it is `sure` that this is the list's start, entries are named by their number.
        """
        tape = self._tape
        number = commas = 0
        while True:
            tape.prepare()
            step = _NEXT.match(tape.text, tape.pos) if number else None
            if step:
                tape.pos = step.end()
                commas += 1
            char = "{" if step else tape.peek()
            if char == ",":
                commas += 1
                tape.pos += 1
                continue
            if not char:
                yield self._problem(CUT_SHORT)
                return False
            if commas != (1 if number and char != "]" else 0):
                yield self._problem(STRAY)
            if char == "]":
                tape.pos += 1
                return True
            number, commas = number + 1, 0
            at = f"{self._within}entry {number}" if sure else self._byte()
            found = yield from (self._element(at) if char == "{" else self._no_element(at))
            if found is None:
                return False
            sure = sure and found

    def _no_element(self, at: str) -> Generator[Item, None, bool | None]:
        """Something that is not an object, where an entry should stand. Gives the same as `_element`."""
        yield Problem(at, NO_RESOURCE)
        if _SIBLING.match(self._tape.text, self._tape.pos):
            self._tape.pos += 1
            return False
        try:
            read_value(self._tape, self._strict)
        except Unsound:
            return False if self._find(_SIBLING) else None
        return True

    def _element(self, at: str) -> Generator[Item, None, bool | None]:
        """Read the entry that starts here.

        Gives True when its end is known, False when reading goes on at what looks like a later entry, None
        when there is nothing to go on with.
        """
        tape = self._tape
        while True:
            try:
                entry, end = read_entry(self._strict, tape.text, tape.pos)
            except BrokenEntry as broken:
                sibling = self._sibling(broken.at)
                if sibling is None and tape.grow():
                    continue
                return (yield from self._damaged(at, broken, sibling))
            yield from self._resource(entry, at)
            if entry.fault:
                yield Problem(at, entry.fault)
            tape.pos = end
            return True

    def _resource(self, entry: Entry, at: str) -> Iterator[Item]:
        """What a whole entry holds."""
        if entry.start < 0:
            if not entry.may_be_empty:
                yield Problem(at, NO_RESOURCE)
            return
        text = self._tape.text[entry.start : entry.end]
        if not text.startswith("{"):
            yield Problem(at, Fault.NOT_AN_OBJECT)
        elif not self._within and own_text(entry.members, "resourceType") == "Bundle":
            yield from self._nested(text, entry.start, at)
        else:
            body = text.encode("latin-1")
            try:
                members = self._strict.check_scanned(body, entry.members)
            except Unsound as unsound:
                yield Problem(at, unsound.fault)
            else:
                yield fhir_record(body, members, at, entry.full_url)

    def _nested(self, text: str, start: int, at: str) -> Iterator[Item]:
        tape = Tape.of(text, self._tape.base + start)
        yield from BundleWalk(tape, within=f"{at}, ").items()

    def _sibling(self, after: int) -> int | None:
        """Where the next entry seems to start in what is held.

        It may stand in the text before the damage, where that has lost its closing quote.
        """
        tape = self._tape
        last_text = tape.text.rfind('"', tape.pos + 1, max(after - 1, 0))
        start = max(after if last_text < 0 else last_text, self._searched - tape.base)
        found = _SIBLING.search(tape.text, start)
        if not found:
            rest = 0 if tape.at_end else _SIBLING_LENGTH
            self._searched = tape.base + max(start, len(tape.text) - rest)
            return None
        self._searched = tape.base + found.start()
        if _HOLDS_ENTRIES.search(tape.text, tape.pos, found.start()):
            return None
        return found.start(1)

    def _damaged(
        self, at: str, broken: BrokenEntry, sibling: int | None
    ) -> Generator[Item, None, bool | None]:
        """Save what is whole in a broken entry, and find where to go on. Gives the same as `_element`."""
        tape = self._tape
        if time.process_time() - self._started > PATIENCE_SECONDS + tape.offset / SLOWEST:
            yield self._problem(HOPELESS)
            return None
        stop = len(tape.text) if sibling is None else sibling
        skipper = Skipper()
        end = skipper.feed(tape.text, tape.pos, stop)
        goes_on = end is None and sibling is None and not skipper.lost
        resume = broken.at
        if broken.entry.end >= 0:
            yield from self._resource(broken.entry, at)
        if self._is_broken_bundle(broken.entry):
            resume = Skipper().feed(tape.text, broken.entry.opened, stop) or stop
            yield from self._nested(tape.text[broken.entry.opened : resume], broken.entry.opened, at)
        elif goes_on:
            yield Problem(at, Fault.CUT if tape.at_end else Fault.TOO_LARGE)
        else:
            yield Problem(at, broken.fault)
        tape.pos = resume
        if goes_on and not tape.at_end:
            tape.pos = stop
            end = tape.pos if skip_brackets(tape, skipper) else None
        if sibling is not None and end is None:
            tape.pos = sibling
            return False
        return self._go_on(end)

    def _is_broken_bundle(self, entry: Entry) -> bool:
        """Whether an entry broke inside a nested Bundle, whose own entries may still be whole."""
        opened = not self._within and entry.opened >= 0 and entry.end < 0
        return opened and _BUNDLE.match(self._tape.text, entry.opened) is not None

    def _go_on(self, end: int | None) -> bool | None:
        """Go to the end of a broken entry if it is one, or on to the next that can be found."""
        tape = self._tape
        if end is not None:
            tape.pos = end
            if tape.peek() in ",]":
                return True
        return False if self._find(_SIBLING) else None
