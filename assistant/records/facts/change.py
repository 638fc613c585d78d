"""How a value changed: exact differences, within one unit only."""

from collections.abc import Sequence
from decimal import Decimal

from assistant.records.facts.extremes import left_aside
from assistant.records.facts.measures import Measure, comparable, difference, digits, with_unit
from assistant.records.facts.model import Fact, FactKind, Frame
from assistant.records.facts.phrases import dated, plural, source_says
from assistant.records.facts.values import stated, told
from assistant.records.model import Trust


def change(found: Sequence[Measure], frame: Frame, *, since_last: bool = False) -> Fact | None:
    """From the oldest to the newest value in the newest value's unit (or from the one before it).

    The difference comes first in the text; `value` holds it exactly. Bounds (`<5`) are told but not
    subtracted. With one value only, that is said.
    """
    alike, others = comparable([m for m in found if m.record.trust is Trust.FACT])
    if not alike:
        return None
    new = alike[0]
    if len(alike) == 1:
        text = f"{told(new)} is the only {new.title} value{frame.when}, so there is no change to tell."
        text += source_says(new) + left_aside(others)
        return Fact(FactKind.CHANGE, text, None, new.unit, new.day or None, (new.record.id,))
    old = alike[1] if since_last else alike[-1]
    return between(new, old, frame, count=len(alike), beside=left_aside(others))


def between(new: Measure, old: Measure, frame: Frame, *, count: int = 2, beside: str = "") -> Fact:
    """The change from one value to a later one in the same unit."""
    ends = f"from {_end(old, new)} to {_end(new, old)}"
    many = f", {plural('value', count)}" if count > 2 else ""
    what = f" ({new.title}{many}{frame.when})."
    records = (new.record.id, old.record.id)
    if new.comparator or old.comparator:
        text = f"{ends[:1].upper()}{ends[1:]}{what} There is no exact difference: a value is only a limit."
        return Fact(FactKind.CHANGE, text + beside, None, new.unit, new.day or None, records)
    steps = difference(new, old)
    text = f"{moved(steps, new)}: {ends}"
    value = "/".join(digits(step) for step in steps)
    return Fact(
        FactKind.CHANGE, text + what + source_says(new) + beside, value, new.unit, new.day or None, records
    )


def moved(steps: Sequence[Decimal], like: Measure) -> str:
    """`Up 12 mg/dL`, `Down 12 mg/dL`, `No change (0 mg/dL)`, or both signs where a pair went two ways."""
    amount = with_unit([digits(abs(step)) for step in steps], like)
    signs = {step > 0 for step in steps if step}
    if not signs:
        return f"No change ({amount})"
    if len(signs) == 1:
        return f"{'Up' if signs.pop() else 'Down'} {amount}"
    signed = "/".join(f"{step:+f}" for step in steps)
    return f"{signed} {like.unit or ''}".strip()


def _end(measure: Measure, other: Measure) -> str:
    name = f" ({measure.title})" if measure.title != other.title else ""
    return f"{stated(measure)} {dated(measure.record)}{name}"
