"""Reads the lines of frozen messages back into values, so that answers can be written and judged by them."""

import datetime as dt
import re
from collections.abc import Iterator

import msgspec

from assistant.records.model import Category
from assistant.sharing.model import FactLine, Item, Message

DATE = r"(?:\d{1,2} )?(?:[A-Z][a-z]{2} )?\d{4}"
QUANTITY = r"[<>]?\d(?:[\d.,]*\d)?(?:/\d+)?(?:%| [^\s;:()]+)?"
MEASURED = (Category.LABS, Category.VITALS, Category.ACTIVITY, Category.SLEEP)
_VALUE = re.compile(r"([<>]?\d[\d.,]*(?:/\d+)?) ?(.*)")
_RANGE = re.compile(r"(?P<low>\d[\d.]*) to (?P<high>\d[\d.]*)|<(?P<under>\d[\d.]*)|from (?P<over>\d[\d.]*)")
_STRENGTH = re.compile(r"(?P<name>.+?) (?P<value>\d+) (?P<unit>mg|IU)(?P<form>.*)")
_SAID = re.compile(
    rf"({QUANTITY}) on ({DATE}) is (?:your \w+|the last of \d+) (.+?)"
    r"(?: result| measurement| of \d+| values?)\b"
)
_LISTED = re.compile(rf"({QUANTITY}) on ({DATE})")
_CHANGE = re.compile(
    rf"(?P<way>Down|Up) (?P<by>{QUANTITY}): from (?P<old>{QUANTITY}) on (?P<then>{DATE})"
    rf" to (?P<new>{QUANTITY}) on (?P<now>{DATE}) \((?P<thing>.+?)"
    r"(?:, (?P<n>\d+) values(?: since (?P<since>\d{4}))?| since the value before)"
)
_COUNT = re.compile(
    rf"(?P<n>\d+) (?P<what>visits|doses of flu vaccine)(?: in (?P<year>\d{{4}}))?: .*the first on"
    rf" (?P<first>{DATE}), the last on (?P<last>{DATE})"
)


class Reading(msgspec.Struct, frozen=True):
    """A value, or something that was done or noted on a day."""

    thing: str
    value: str
    unit: str
    when: str
    """ISO day, month or year."""
    refs: tuple[str, ...] = ()
    low: str = ""
    high: str = ""
    """The ends of the source's range; empty where it is open."""
    flag: str = ""
    details: tuple[tuple[str, str], ...] = ()
    """What the record says under a name: `by`, `dose`, `for`."""

    def told(self, name: str) -> str:
        return dict(self.details).get(name, "")


class Change(msgspec.Struct, frozen=True):
    """A change fact."""

    way: str
    by: Reading
    old: Reading
    new: Reading
    n: str
    since: str
    refs: tuple[str, ...]


class Count(msgspec.Struct, frozen=True):
    """A count fact."""

    n: str
    what: str
    year: str
    first: str
    last: str
    refs: tuple[str, ...]


def iso(shown: str) -> str:
    """`10 Feb 2026` as 2026-02-10, `Feb 2026` as 2026-02, `2026` as it is."""
    parts = shown.split()
    formats = {3: ("%d %b %Y", "%Y-%m-%d"), 2: ("%b %Y", "%Y-%m"), 1: ("%Y", "%Y")}
    read, write = formats[len(parts)]
    return dt.datetime.strptime(shown, read).replace(tzinfo=dt.UTC).strftime(write)


def _quantity(text: str) -> tuple[str, str]:
    found = _VALUE.fullmatch(text)
    return (found[1], found[2]) if found else ("", "")


def of_item(item: Item) -> Reading | None:
    """What a record in a message says, or None where it has no date or isn't one that answers are made of."""
    title, *parts = item.text.split("; ")
    details = tuple((name, rest) for name, _, rest in (part.partition(": ") for part in parts) if rest)
    when = next((part for part in parts if re.fullmatch(rf"{DATE}(?: to {DATE})?", part)), "")
    if not when or not title.isascii() or not title.replace("[", "\x00").isprintable():
        return None
    reading = Reading(title, "", "", iso(when.split(" to ")[0]), (f"[{item.ref}]",), details=details)
    if item.category in MEASURED:
        return _measured(reading, title, parts)
    if item.category is Category.MEDICATIONS:
        return _medicine(reading, title)
    thing, _, status = title.rpartition(" (")
    status = status.removesuffix(")")
    if not re.match("active|not confirmed|planned|entered|refuted", status):
        thing, status = title, ""
    return msgspec.structs.replace(reading, thing=thing, flag="" if status == "active" else status)


def _measured(reading: Reading, title: str, parts: list[str]) -> Reading | None:
    pair = [part.rsplit(" ", 2)[1:] for part in parts if re.match("(?:Sys|Dias)tolic", part)]
    thing, _, shown = title.rpartition(": ")
    value, unit = _quantity(shown)
    if len(pair) == 2:
        thing, value, unit = title, f"{pair[0][0]}/{pair[1][0]}", pair[0][1]
    if not value or not thing:
        return None
    spread = next((part.removeprefix("range ") for part in parts if part.startswith("range ")), "")
    found = _RANGE.match(spread)
    low = (found["low"] or found["over"] or "") if found else ""
    high = (found["high"] or found["under"] or "") if found else ""
    flag = next((part for part in parts if "says the source" in part or "lab's range" in part), "")
    return msgspec.structs.replace(
        reading,
        thing=thing,
        value=value,
        unit=unit,
        low=low,
        high=high,
        flag=flag.removesuffix(", says the source"),
    )


def _medicine(reading: Reading, title: str) -> Reading | None:
    name, _, status = title.partition(" (stopped)" if "(stopped)" in title else " (active)")
    found = _STRENGTH.fullmatch(name.removesuffix(" (25 mcg)"))
    if found is None or status:
        return None
    return msgspec.structs.replace(
        reading,
        thing=found["name"],
        value=found["value"],
        unit=found["unit"],
        flag="stopped" if "(stopped)" in title else "",
    )


def of_fact(fact: FactLine) -> Iterator[Reading]:
    """The values that a fact names with their dates."""
    refs = tuple(f"[{ref}]" for ref in fact.items)
    for shown, when, thing in _SAID.findall(fact.text):
        yield Reading(thing, *_quantity(shown), iso(when), refs[:1] or (f"[{fact.ref}]",))
    heading = re.match(r"\d+ values of (.+?), newest first", fact.text)
    for line in fact.text.splitlines()[1:]:
        named = re.match(r"- (\D.*?): ", line)
        thing = heading[1] if heading else named[1] if named else ""
        for shown, when in _LISTED.findall(line) if thing and not thing.endswith(" times") else ():
            yield Reading(thing, *_quantity(shown), iso(when), (f"[{fact.ref}]",))
    if change := of_change(fact):
        yield from (change.old, change.new)


def of_change(fact: FactLine) -> Change | None:
    found = _CHANGE.match(fact.text)
    if found is None:
        return None
    refs = tuple(f"[{ref}]" for ref in fact.items)
    old = Reading(found["thing"], *_quantity(found["old"]), iso(found["then"]), refs[1:])
    new = Reading(found["thing"], *_quantity(found["new"]), iso(found["now"]), refs[:1])
    by = Reading(f"change of {found['thing']}", *_quantity(found["by"]), "", refs)
    return Change(found["way"].lower(), by, old, new, found["n"] or "", found["since"] or "", refs)


def of_count(fact: FactLine) -> Count | None:
    found = _COUNT.match(fact.text)
    if found is None:
        return None
    refs = tuple(f"[{ref}]" for ref in fact.items[:2]) or (f"[{fact.ref}]",)
    return Count(
        found["n"], found["what"], found["year"] or "", iso(found["first"]), iso(found["last"]), refs
    )


def halves(reading: Reading) -> Iterator[Reading]:
    """The two numbers of a pair, each as a thing of its own."""
    for name, value in zip(("top", "low"), reading.value.split("/"), strict=False):
        if "/" in reading.value:
            yield msgspec.structs.replace(reading, thing=f"{reading.thing} {name}", value=value)


Truths = dict[str, frozenset[tuple[str, str]]]


def truths(message: Message) -> Truths:
    """For each thing that a message names: the days and values that it gives for it."""
    every = [reading for item in message.items if (reading := of_item(item))]
    every += [reading for fact in message.facts for reading in of_fact(fact)]
    every += [half for reading in every for half in halves(reading)]
    return {
        name: frozenset(
            (reading.when, reading.value.replace(",", "")) for reading in every if reading.thing == name
        )
        for name in {reading.thing for reading in every}
    }
