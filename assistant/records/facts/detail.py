"""What stands beside a record's title: dose, reason, who, where, reaction."""

from collections.abc import Collection, Sequence

from assistant.records.dates import is_date, shown_date
from assistant.records.facts.model import Fact, FactKind, Frame
from assistant.records.facts.phrases import dated, day_of, is_fact
from assistant.records.facts.text import short
from assistant.records.facts.things import by_title, newest, state
from assistant.records.model import Record

_MOST = 12
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def detail(records: Sequence[Record], labels: Collection[str], asked: str) -> Fact | None:
    """The elements with these labels of the newest record of each title; that it isn't said, where it isn't.

    `asked` names what was asked for: `dose`. None without records.
    """
    sure = newest([record for record in records if is_fact(record)])
    held = [record for record in sure if record.current is True] or sure
    if not held:
        return None
    told: list[str] = []
    silent: list[str] = []
    cited: list[Record] = []
    for title, group in list(by_title(held).items())[:_MOST]:
        best = next((record for record in group if _said(record, labels)), group[0])
        cited.append(best)
        said = _said(best, labels)
        beside = [words for words in (state(best), dated(best) if day_of(best.when) else "") if words]
        name = f"{title} ({', '.join(beside)})" if beside else title
        (told if said else silent).append(f"{name}: {said}" if said else name)
    lines = [f"{line}." if not line.endswith(".") else line for line in told]
    if silent and not told:
        lines.append(f"The records shown here don't say the {asked} for {'; '.join(silent)}.")
    elif silent:
        lines.append(f"They don't say the {asked} for {'; '.join(silent)}.")
    ids = tuple(record.id for record in cited)
    return Fact(FactKind.DETAIL, "\n".join(lines), None, None, day_of(cited[0].when) or None, ids)


def _said(record: Record, labels: Collection[str]) -> str:
    said = [
        f"{element.label}: {short(element.text)}"
        for element in record.elements
        if element.label in labels and element.text
    ]
    return "; ".join(dict.fromkeys(said))


def age(records: Sequence[Record], frame: Frame) -> Fact | None:
    """The age in whole years on the day of the question, with the birth date as the source gives it."""
    born = birth_date(records)
    if born is None or born > frame.today:
        return None
    years = int(frame.today[:4]) - int(born[:4]) - (frame.today[5:] < born[5:])
    text = f"{years} years: born {shown_date(born)}, counted to {shown_date(frame.today)}."
    ids = tuple(record.id for record in records if _born(record) == born)
    return Fact(FactKind.DETAIL, text, str(years), "years", born, ids[:1])


def birth_date(records: Sequence[Record]) -> str | None:
    """The ISO day of birth that Patient records agree on; None where there is none, or more than one."""
    days = {day for record in records if (day := _born(record)) is not None}
    return days.pop() if len(days) == 1 else None


def no_birth_date(words: str) -> Fact:
    """That words about an age can't be placed in time."""
    unplaced = f'so "{words}" can\'t be placed in time'
    return Fact(FactKind.NONE, f"None of the records shared here show a birth date, {unplaced}.")


def _born(record: Record) -> str | None:
    told = [e.text for e in record.elements if e.label == "born"] if record.kind == "Patient" else []
    text = told[0] if told else ""
    if len(text) == 10 and is_date(text):
        return text
    parts = text.split()
    if len(parts) != 3 or parts[1] not in _MONTHS or not (parts[0] + parts[2]).isdigit():
        return None
    return f"{parts[2]}-{_MONTHS.index(parts[1]) + 1:02d}-{int(parts[0]):02d}"
