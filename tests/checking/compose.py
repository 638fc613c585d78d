"""Writes right answers to the frozen messages: sentences, lists and tables of what a message says."""

import re
from collections.abc import Callable, Sequence
from random import Random

import msgspec

from assistant.records.model import Category
from assistant.sharing.model import Message
from tests.checking import layouts, shapes
from tests.checking.model import Frozen
from tests.checking.pen import Pen, Told
from tests.checking.readings import MEASURED, Change, Count, Reading, of_change, of_count, of_fact, of_item
from tests.checking.wording import style

Filled = tuple[str, dict[str, Told]]
FACTS = ("latest", "at_time", "earliest", "maximum", "minimum", "list")


class Material(msgspec.Struct, frozen=True):
    """What answers to one message can be made of."""

    measured: tuple[Reading, ...]
    medicines: tuple[Reading, ...]
    done: tuple[Reading, ...]
    changes: tuple[Change, ...]
    counts: tuple[Count, ...]
    latest: frozenset[tuple[str, str]]
    """Things and days that a fact calls the latest."""


def material(message: Message) -> Material:
    """Read a message."""
    read = [(item.category, reading) for item in message.items if (reading := of_item(item))]
    measured = [reading for category, reading in read if category in MEASURED and reading.value]
    known = {(reading.thing, reading.when) for reading in measured}
    for fact in message.facts:
        if fact.kind in FACTS:
            measured += [
                told for told in of_fact(fact) if told.value and (told.thing, told.when) not in known
            ]
    latest = [told for fact in message.facts if fact.kind == "latest" for told in of_fact(fact)]
    return Material(
        tuple(measured),
        tuple(told for category, told in read if category is Category.MEDICATIONS),
        tuple(told for category, told in read if category not in (*MEASURED, Category.MEDICATIONS)),
        tuple(change for fact in message.facts if (change := of_change(fact))),
        tuple(count for fact in message.facts if (count := of_count(fact))),
        frozenset((told.thing, told.when) for told in latest),
    )


def answer(index: int, told: Material, draw: Random) -> Frozen | None:
    """A right answer to a message, or None where the luck of the draw gave nothing to say."""
    pen = Pen(style(draw), draw)
    used: list[str] = []
    ways: tuple[Callable[[Pen, Material, list[str]], None], ...] = (*(_prose,) * 5, _listed, _named, _table)
    draw.choice(ways)(pen, told, used)
    if not pen.spans:
        return None
    if draw.random() < 0.35:
        pen.text += ("\n\n" if "\n" in pen.text else " ") + draw.choice(layouts.GENERAL)
    if pen.how.citing == "end":
        pen.text += "\n\nSources: " + "".join(dict.fromkeys("".join(pen.cited).replace("]", "] ").split()))
    return Frozen(index, pen.text, tuple(pen.spans), tuple(used))


def _prose(pen: Pen, told: Material, used: list[str]) -> None:
    draw = pen.draw
    glue = draw.choice((" ", " ", "\n", "\n\n- "))
    pen.text += glue.strip("\n") if glue.endswith("- ") else ""
    filled = [sentence for _ in range(draw.choice((1, 1, 2, 2, 3, 4))) if (sentence := _sentence(told, draw))]
    for place, (template, filling) in enumerate(
        {template: (template, told) for template, told in filled}.values()
    ):
        pen.text += glue if place else ""
        pen.write(template, filling)
        used.append(template)


def _sentence(told: Material, draw: Random) -> Filled | None:
    """One sentence; one that names nothing only where there is one thing to speak of."""
    single = len({reading.thing for reading in (*told.measured, *told.done, *told.medicines)}) == 1
    makers = (
        _one,
        _one,
        _ranged,
        _two,
        _two,
        _pressure,
        *(_change,) * 5,
        *(_count,) * 4,
        _medicine,
        _medicine,
        _done,
    )
    for maker in draw.sample(makers, len(makers)):
        filled = maker(told, draw)
        if filled and (single or "n" in filled[1] or re.search(r"\.[xX]\}", filled[0])):
            return filled
    return None


def _one(told: Material, draw: Random) -> Filled | None:
    if not told.measured:
        return None
    reading = draw.choice(told.measured)
    kinds = shapes.ONE[0 if (reading.thing, reading.when) in told.latest else 2 :]
    return draw.choice(shapes.FLAGGED if reading.flag and draw.random() < 0.3 else kinds), {"r": reading}


def _ranged(told: Material, draw: Random) -> Filled | None:
    having = [reading for reading in told.measured if reading.low or reading.high]
    if not having:
        return None
    reading = draw.choice(having)
    kinds = shapes.RANGED if reading.low and reading.high else shapes.OVER if reading.low else shapes.UNDER
    return draw.choice(kinds), {"r": reading}


def _two(told: Material, draw: Random) -> Filled | None:
    if len(told.measured) < 2:
        return None
    one = draw.choice(told.measured)
    same = [other for other in told.measured if other.thing == one.thing and other.when != one.when]
    beside = [other for other in told.measured if other.thing != one.thing and other.when == one.when]
    apart = [other for other in told.measured if other.thing != one.thing and other.when != one.when]
    if same and draw.random() < 0.6:
        newer, older = sorted((one, draw.choice(same)), key=lambda reading: reading.when, reverse=True)
        return draw.choice(shapes.EARLIER), {"r": newer, "p": older}
    if len(beside) > 1 and draw.random() < 0.4:
        second, third = draw.sample(beside, 2)
        if second.thing != third.thing:
            return draw.choice(shapes.THREE), {"r": one, "s": second, "t": third}
    if beside:
        return draw.choice(shapes.BESIDE), {"r": one, "s": draw.choice(beside)}
    return (draw.choice(shapes.APART), {"r": one, "s": draw.choice(apart)}) if apart else None


def _pressure(told: Material, draw: Random) -> Filled | None:
    pairs = [reading for reading in told.measured if "/" in reading.value]
    return (draw.choice(shapes.PRESSURE), {"r": draw.choice(pairs)}) if pairs else None


def _change(told: Material, draw: Random) -> Filled | None:
    if not told.changes:
        return None
    change = draw.choice(told.changes)
    kinds = shapes.CHANGE + (shapes.CHANGE_COUNTED if change.n else ())
    return draw.choice(kinds), {"k": change, "r": change.new, "p": change.old}


def _count(told: Material, draw: Random) -> Filled | None:
    if not told.counts:
        return None
    count = draw.choice(told.counts)
    return draw.choice(shapes.COUNT_YEAR if count.year else shapes.COUNT), {"n": count}


def _medicine(told: Material, draw: Random) -> Filled | None:
    if not told.medicines:
        return None
    one = draw.choice(told.medicines)
    others = [other for other in told.medicines if other.thing != one.thing]
    if one.flag == "stopped":
        return draw.choice(shapes.STOPPED), {"m": one}
    others = [other for other in others if not other.flag]
    kinds = list(shapes.MEDICINE)
    kinds += shapes.MEDICINE_WHY if one.told("for") and one.told("ordered by") else ()
    kinds += shapes.MEDICINE_DOSE if one.told("dose") else ()
    kinds += shapes.MEDICINES if others else ()
    template = draw.choice(kinds)
    return template, {"m": one, **({"o": draw.choice(others)} if "{o." in template else {})}


def _done(told: Material, draw: Random) -> Filled | None:
    exact = _exact(told)
    doubted = [reading for reading in told.done if reading.flag.startswith("not confirmed")]
    if doubted and draw.random() < 0.4:
        return draw.choice(shapes.UNCONFIRMED), {"e": doubted[0]}
    if not exact:
        return None
    one = draw.choice(exact)
    older = [other for other in exact if other.when < one.when]
    if older and draw.random() < 0.35:
        return draw.choice(shapes.DONE_TWICE), {"e": one, "f": draw.choice(older)}
    return draw.choice(shapes.DONE[: None if one == exact[0] else -1]), {"e": one}


def _exact(told: Material) -> list[Reading]:
    """What was done or noted on a known day, without a reservation."""
    return [reading for reading in told.done if len(reading.when) == 10 and not reading.flag]


def _lead(pen: Pen, kinds: Sequence[str], told: dict[str, Told], used: list[str]) -> None:
    lead = pen.draw.choice(kinds)
    pen.write(lead, told, cite=False)
    used.append(lead)


def _lines(pen: Pen, kinds: Sequence[str], key: str, rows: Sequence[Reading], used: list[str]) -> None:
    template = pen.draw.choice(kinds)
    mark = pen.draw.choice(("- ", "- ", "* ", "• ", "{n}. "))
    used.append(template)
    for place, row in enumerate(rows, 1):
        pen.text += "\n" + mark.replace("{n}", str(place))
        pen.write(template, {key: row})


def _some(rows: Sequence[Reading], draw: Random) -> list[Reading]:
    found = list(dict.fromkeys(rows))
    start = draw.randrange(max(1, len(found) - 4))
    return found[start : start + draw.randint(2, 7)]


def _listed(pen: Pen, told: Material, used: list[str]) -> None:
    draw = pen.draw
    days = [reading for reading in told.measured if reading.when == told.measured[0].when]
    if len({reading.thing for reading in days}) > 1 and draw.random() < 0.4:
        _lead(pen, layouts.DATED_LEADS, {"r": days[0]}, used)
        _lines(pen, layouts.DATED_LINES, "r", _some(days, draw), used)
        pen.spans[:1] = [msgspec.structs.replace(pen.spans[0], value="", stop=len(pen.text))]
        return
    kinds: list[tuple[Sequence[str], str, Sequence[Reading]]] = [
        (layouts.LINES, "r", told.measured),
        (layouts.RANGED_LINES, "r", [reading for reading in told.measured if reading.low and reading.high]),
        (layouts.MEDICINE_LINES, "m", [one for one in told.medicines if one.told("for") and not one.flag]),
        (layouts.DONE_LINES, "e", _exact(told)),
    ]
    templates, key, rows = draw.choice([kind for kind in kinds if kind[2]] or kinds)
    if rows:
        _lead(pen, layouts.LEADS, {}, used)
        _lines(pen, templates, key, _some(rows, draw), used)


def _series(told: Material, draw: Random) -> list[Reading]:
    """The values of one thing in one unit, where there are several."""
    things = sorted({(one.thing, one.unit) for one in told.measured})
    every = [[one for one in told.measured if (one.thing, one.unit) == thing] for thing in things]
    several = [rows for rows in every if len(rows) > 1]
    return _some(draw.choice(several), draw) if several else []


def _named(pen: Pen, told: Material, used: list[str]) -> None:
    rows = _series(told, pen.draw)
    if not rows:
        return
    rows.sort(key=lambda reading: reading.when, reverse=True)
    _lead(pen, layouts.NAMED_LEADS, {"r": rows[0]}, used)
    _lines(pen, layouts.NAMED_LINES, "r", rows, used)


def _table(pen: Pen, told: Material, used: list[str]) -> None:
    draw, rows = pen.draw, _series(told, pen.draw)
    kinds: Sequence[tuple[str, str]]
    if rows and draw.random() < 0.5:
        kinds, key = layouts.NAMED_TABLES, "r"
    elif told.medicines:
        kinds, key, rows = layouts.MEDICINE_TABLES, "m", [one for one in told.medicines if not one.flag]
    elif told.measured:
        kinds, key, rows = layouts.TABLES, "r", _some(told.measured, draw)
    else:
        kinds, key, rows = layouts.DONE_TABLES, "e", _some(_exact(told), draw)
    if not rows:
        return
    head, row = draw.choice(kinds)
    pen.write(head, {key: rows[0]}, cite=False)
    headed = len(pen.spans)
    used.append(f"{head}\n{row}")
    pen.text += "\n" + "|---" * (head.count("|") - 1) + "|"
    for reading in rows:
        pen.text += "\n"
        pen.write(row.removesuffix(" |"), {key: reading})
        pen.text += " |"
    pen.spans[:headed] = [msgspec.structs.replace(span, stop=len(pen.text)) for span in pen.spans[:headed]]
