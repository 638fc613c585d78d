"""What is true, worked out from a bundle's raw JSON; None where a question could mean two things."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from tests.answers.chart import Chart
from tests.answers.events import happening, held_now
from tests.answers.expected import NOTHING, Expected, Found, Told
from tests.answers.measured import compared, measured
from tests.answers.things import Thing, meant
from tests.answers.together import counted, marked

_COUNTS = frozenset(("count", "count_year", "count_since"))
_MEASURED = frozenset(("Observation",))
Pick = Literal[
    "last", "first", "before_last", "highest", "lowest", "year", "month", "day", "age", "last_year",
    "change", "change_since", "change_last", "then_now", "only", "held", "still", "current",
    "count", "count_year", "count_since",
    "flagged", "flagged_year", "flagged_month", "unflagged", "unflagged_year",
]  # fmt: skip
Tell = Literal["", "date", "yes", "reason", "who", "place"]


class Says(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An answer written down by hand; what is left out isn't looked at."""

    value: str | None = None
    unit: str | None = None
    date: str | None = None
    text: str | None = None


class Truth(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to work out an answer: the thing, which of its records, and what to tell of them."""

    of: str = ""
    """The name of a thing."""
    both: tuple[str, ...] = ()
    """Two things side by side."""
    pick: Pick = "last"
    """Which records: see docs/answers.md."""
    tell: Tell = ""
    """What to tell: the value where empty; `date`, `reason`, `who`, `place`, `yes`."""
    absent: tuple[str, ...] = ()
    """Instead of all that: words that stand nowhere in the bundle, so that nothing can be told."""
    says: Says | None = None
    """Instead of all that: the answer itself, as a person looked it up."""
    records: tuple[str, ...] = ()
    """With `says`: ids of the resources that bear it."""


def found(truth: Truth, things: Mapping[str, Thing], chart: Chart, seed: str) -> Found | None:
    """The answer for one chart; `seed` decides between years that would all do."""
    if truth.absent:
        nowhere = not any(word in chart.words for word in truth.absent)
        return Found(NOTHING, {}) if nowhere else None
    if truth.says is not None:
        return _written(truth.says, truth.records, chart)
    if truth.both:
        return compared(chart, [things[name] for name in truth.both])
    thing = things[truth.of]
    if truth.pick in _COUNTS:
        return counted(chart, thing, truth.pick, seed)
    if "flagged" in truth.pick:
        return marked(chart, thing, truth.pick, seed)
    if truth.pick == "still":
        return held_now(chart, thing)
    if truth.pick == "current":
        return _current(chart, thing)
    if thing.look in _MEASURED and truth.tell in ("", "date"):
        return measured(chart, thing, truth.pick, truth.tell, seed)
    return happening(chart, thing, truth.pick, truth.tell)


def _written(says: Says, records: tuple[str, ...], chart: Chart) -> Found | None:
    """An answer by hand, for the charts that hold its records."""
    told = Told(says.value, says.unit, says.date, says.text)
    there = all(record in chart.by_id for record in records)
    return Found(Expected(((told,),), frozenset(records)), {}) if there else None


def _current(chart: Chart, thing: Thing) -> Found | None:
    active = [resource for resource in meant(chart, thing) if resource.get("status") == "active"]
    if not active or any("id" not in resource for resource in active):
        return None
    ids = frozenset(str(resource["id"]) for resource in active)
    return Found(Expected(((Told(cites=ids, only=True),),), ids), {})
