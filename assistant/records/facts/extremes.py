"""The lowest, the highest and the average of values in one unit."""

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext

from assistant.records.dates import shown_date
from assistant.records.facts.measures import Measure, comparable, digits, plain, with_unit
from assistant.records.facts.model import Fact, FactKind, Frame
from assistant.records.facts.phrases import dated, joined, plural, source_says
from assistant.records.facts.values import stated, told
from assistant.records.model import Trust

_UP = frozenset((">", ">="))
_DOWN = frozenset(("<", "<="))


def maximum(found: Sequence[Measure], frame: Frame, *, dates: bool = False) -> Fact | None:
    """The highest value; a bound such as `>500` counts when nothing exact is above it, and is told as one."""
    return _extreme(found, frame, FactKind.MAXIMUM, "highest", max, _UP, dates)


def minimum(found: Sequence[Measure], frame: Frame, *, dates: bool = False) -> Fact | None:
    """The lowest value; a bound such as `<5` counts when nothing exact is below it, and is told as one."""
    return _extreme(found, frame, FactKind.MINIMUM, "lowest", min, _DOWN, dates)


def _extreme(
    found: Sequence[Measure],
    frame: Frame,
    kind: FactKind,
    word: str,
    pick: Callable[..., Decimal],
    outward: frozenset[str],
    dates: bool,
) -> Fact | None:
    alike, others = comparable([m for m in found if m.record.trust is Trust.FACT])
    counted = [m for m in alike if m.comparator is None or m.comparator in outward]
    if not counted:
        return None
    edge = pick(m.numbers[0] for m in counted)
    at_edge = [m for m in counted if m.numbers[0] == edge]
    best = next((m for m in at_edge if m.comparator), at_edge[0])
    what = f"your {word} {best.title} of {plural('value', len(alike))}{frame.when}"
    if len(alike) == 1:
        what = f"your only {best.title} value{frame.when}"
    text = f"{told(best)} is {what}."
    if dates and best.day:
        text = f"{shown_date(best.day)} is the date of {what}: {stated(best)}."
    text += source_says(best)
    if best.comparator:
        text += " It is given as a limit, not as an exact value."
    if len(best.quantities) > 1:
        text += " Pairs are compared by their first number."
    same = [m for m in at_edge if m is not best and m.exact == best.exact]
    if same:
        text += f" The same value stands {joined([dated(m.record) for m in same])}."
    skipped = [m for m in alike if m not in counted]
    return _fact(kind, text + left_aside(others, skipped), best, same)


def _fact(kind: FactKind, text: str, best: Measure, same: Sequence[Measure]) -> Fact:
    ids = tuple(dict.fromkeys(m.record.id for m in (best, *same)))
    return Fact(kind, text, best.exact, best.unit, best.day or None, ids)


def left_aside(others: Sequence[Measure], bounds: Sequence[Measure] = ()) -> str:
    """What was not compared and why, as sentences with a space before; empty where nothing was."""
    text = ""
    for unit in dict.fromkeys(m.unit or "no unit" for m in others if m.quantities):
        count = sum((m.unit or "no unit") == unit for m in others if m.quantities)
        text += f" {plural('value', count)} in another unit ({unit}) {_was(count)} not compared with these."
    words = sum(not m.quantities for m in others)
    if words:
        text += f" {plural('result', words)} in words {_was(words)} not compared."
    if bounds:
        shown = joined(list(dict.fromkeys(m.shown for m in bounds)))
        text += (
            f" {plural('value', len(bounds))} given only as a limit ({shown}) {_was(len(bounds))} left out."
        )
    return text


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def average(found: Sequence[Measure], frame: Frame) -> Fact | None:
    """The mean of the exact values in one unit, one decimal more than they have."""
    alike, others = comparable([m for m in found if m.record.trust is Trust.FACT])
    exact = plain(alike)
    if not exact:
        return None
    means = [digits(number) for number in mean(exact)]
    shown = with_unit(means, exact[0])
    text = f"{shown} is the average of {plural('value', len(exact))} of {exact[0].title}{frame.when}"
    text += f", from {told(exact[-1])} to {told(exact[0])}." if len(exact) > 1 else f", {told(exact[0])}."
    text += left_aside(others, [m for m in alike if m not in exact])
    ids = tuple(m.record.id for m in exact)
    return Fact(FactKind.AVERAGE, text, "/".join(means), exact[0].unit, None, ids)


def mean(exact: Sequence[Measure]) -> tuple[Decimal, ...]:
    """The mean of exact values in one unit, number by number, with one decimal more than they have; halves
    are rounded away from zero."""
    return tuple(_mean([m.numbers[at] for m in exact]) for at in range(len(exact[0].quantities)))


def middle(exact: Sequence[Measure]) -> tuple[Decimal, ...]:
    """As `mean`; a single value stays as it is."""
    return exact[0].numbers if len(exact) == 1 else mean(exact)


def _mean(numbers: Sequence[Decimal]) -> Decimal:
    with localcontext() as context:
        context.prec = 100
        places = max(0, *(-int(number.as_tuple().exponent) for number in numbers))
        return (sum(numbers, Decimal()) / len(numbers)).quantize(
            Decimal(1).scaleb(-(places + 1)), rounding=ROUND_HALF_UP
        )
