"""Fills a template from what a message says, and notes where each number, unit and date came to stand."""

import re
from random import Random

import msgspec

from tests.checking import wording
from tests.checking.model import Role, Span
from tests.checking.readings import Change, Count, Reading
from tests.checking.wording import Style

Told = Reading | Change | Count
_PLACE = re.compile(r"\{(\w)\.(\w+)\}")


class Pen:
    """Writes one answer."""

    def __init__(self, how: Style, draw: Random) -> None:
        self.how = how
        self.draw = draw
        self.text = ""
        self.spans: list[Span] = []
        self.cited: list[str] = []
        self._whens: dict[str, str] = {}
        self._bold = ""
        self._named = ""
        self._said: dict[str, str] = {}
        """The values that the sentence tells, so that its dates can be held to them."""

    def write(self, template: str, told: dict[str, Told], *, cite: bool = True) -> None:
        """Write one sentence or line, with its citations."""
        self._whens = {key: _when(template, key, value) for key, value in told.items()}
        self._said = {
            key: value.value
            for key, value in told.items()
            if isinstance(value, Reading) and re.search(rf"\{{{key}\.(?:q|v|top|low)\}}", template)
        }
        self._bold = "" if "**" in template else self.how.bold
        begun, first = len(self.text), len(self.spans)
        body, end = (template[:-1], ".") if template.endswith(".") else (template, "")
        at = 0
        for found in _PLACE.finditer(body):
            self._between(body[at : found.start()])
            self._tell(told[found[1]], found[1], found[2])
            at = found.end()
        self._between(body[at:])
        refs = "".join(dict.fromkeys(ref for value in told.values() for ref in value.refs[:4]))
        if cite and told:
            self._cite(refs, end)
        else:
            self.text += end
        self._within(first, begun)

    def _between(self, words: str) -> None:
        """Write what stands between two places, with the verb that the name before it asks for."""
        plural = self._named in wording.PLURAL and words.startswith((" was", " is "))
        self._named = ""
        verb = {" was": " were", " is ": " are "}[words[:4]] if plural else words[:4]
        self.text += verb + words[4:]

    def _within(self, first: int, start: int) -> None:
        stop = len(self.text)
        self.spans[first:] = [
            msgspec.structs.replace(span, start=start, stop=stop) for span in self.spans[first:]
        ]

    def _cite(self, refs: str, end: str) -> None:
        self.cited.append(refs)
        match self.how.citing:
            case "before":
                self.text += f" {refs}{end}"
            case "after":
                self.text += f"{end} {refs}"
            case "list":
                self.text += f" {refs.replace('][', ', ')}{end}"
            case _:
                self.text += end

    def _put(self, role: Role, text: str, thing: str, when: str, value: str) -> None:
        at = len(self.text)
        self.text += text
        value = value.replace(",", "")
        self.spans.append(Span(at, at + len(text), role, thing, when, value, at, at + len(text)))

    def _tell(self, told: Told, key: str, what: str) -> None:
        if isinstance(told, Count):
            self._count(told, what)
        elif isinstance(told, Change):
            self._change(told, what)
        else:
            self._reading(told, key, what)

    def _name(self, thing: str, what: str) -> None:
        shown = wording.name(thing, self.draw)
        self._named = thing
        self.text += wording.opened(shown) if what == "X" else shown

    def _count(self, told: Count, what: str) -> None:
        about = f"{told.what} {told.year}"
        if what in ("n", "N"):
            word = wording.COUNTED.get(told.n, told.n) if self.how.spelled else told.n
            self._put("count", word.capitalize() if what == "N" else word, about, "", told.n)
        elif what == "what":
            self.text += told.what
        elif what == "y":
            self._put("date", told.year, about, told.year, told.n)
        else:
            day = told.first if what == "first" else told.last
            self._put("date", wording.date(day, self.how), f"{what} of {about}", day, "")

    def _change(self, told: Change, what: str) -> None:
        thing = told.new.thing
        if what in ("x", "X"):
            self._name(thing, what)
        elif what in ("way", "Way"):
            self.text += told.way.capitalize() if what == "Way" else told.way
        elif what == "n":
            self._put("count", told.n, f"values of {thing}", "", told.n)
        else:
            self._put("change", told.by.value, told.by.thing, "", told.by.value)
            self._unit(told.by, "", told.by.unit)

    def _unit(self, told: Reading, when: str, shown: str) -> None:
        spelled = wording.unit(shown, self.how)
        if spelled:
            self._put("unit", spelled, told.thing, when, told.value)

    def _reading(self, told: Reading, key: str, what: str) -> None:
        when = self._whens[key]
        if what in ("x", "X"):
            self._name(told.thing, what)
        elif what in PARTS:
            day = told.when[: PARTS[what]]
            self._put("date", wording.date(day, self.how), told.thing, day, self._said.get(key, ""))
        elif what in ("lo", "hi"):
            bound = told.low if what == "lo" else told.high
            self._put("limit", bound, f"range of {told.thing}", when, bound)
        elif what in ("u", "ut"):
            self._unit_alone(told, when, trimmed=what == "ut")
        elif what in ("top", "low"):
            half = told.value.split("/")[what == "low"]
            self._put("value", half, f"{told.thing} {what}", when, half)
        elif what in ("q", "v"):
            self._quantity(told, when, with_unit=what == "q")
        elif what == "flag":
            self.text += told.flag
        else:
            self._details(told, when, what)

    def _details(self, told: Reading, when: str, what: str) -> None:
        for part in re.split(r"(\d+)", told.told(DETAILS[what])):
            if part.isdigit():
                self._put("strength", part, f"{what} of {told.thing}", when, part)
            else:
                self.text += part

    def _unit_alone(self, told: Reading, when: str, *, trimmed: bool) -> None:
        spelled = wording.unit(told.unit, self.how)
        spelled = spelled.strip() if trimmed else spelled
        if spelled:
            self._put("unit", spelled, told.thing, when, told.value)

    def _quantity(self, told: Reading, when: str, *, with_unit: bool) -> None:
        role: Role = "strength" if told.unit in ("mg", "IU") else "value"
        self.text += self._bold
        self._put(role, wording.number(told.value, self.how), told.thing, when, told.value)
        if with_unit:
            self._unit(told, when, told.unit)
        self.text += self._bold
        if self.how.citing == "number":
            self.text += f" {told.refs[0]}" if told.refs else ""


DETAILS: dict[str, str] = {"for": "for", "by": "ordered by", "dose": "dose"}


def _when(template: str, key: str, told: Told) -> str:
    """The day, month or year that a template gives with a reading: its own, or the one that all share."""
    if not isinstance(told, Reading):
        return ""
    dated = [(whose, part) for whose, part in _PLACE.findall(template) if part in PARTS]
    parts = [part for whose, part in dated if whose == key] or [part for _, part in dated]
    return told.when[: PARTS[parts[0]]] if parts else ""


PARTS = {"d": 10, "my": 7, "y": 4}
