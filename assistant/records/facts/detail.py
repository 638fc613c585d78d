"""What stands beside a record's title: dose, reason, who, where, reaction."""

from collections.abc import Collection, Sequence

from assistant.records.dates import is_date, shown_date
from assistant.records.facts.model import Fact, FactKind, Frame
from assistant.records.facts.phrases import dated, day_of, is_fact, one_line
from assistant.records.facts.things import by_title, newest, state
from assistant.records.model import Record

_MOST = 12
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


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
        f"{element.label}: {one_line(element.text)}"
        for element in record.elements
        if element.label in labels and element.text
    ]
    return "; ".join(dict.fromkeys(said))


def age(records: Sequence[Record], frame: Frame) -> Fact | None:
    """The age in whole years on the day of the question, with the birth date as the source gives it."""
    for record in records:
        born = next((element.text for element in record.elements if element.label == "born"), None)
        iso = _iso(born) if born else None
        if iso is not None and len(iso) == 10 and iso <= frame.today:
            years = int(frame.today[:4]) - int(iso[:4]) - (frame.today[5:] < iso[5:])
            text = f"{years} years: born {shown_date(iso)}, counted to {shown_date(frame.today)}."
            return Fact(FactKind.DETAIL, text, str(years), "years", iso, (record.id,))
    return None


def _iso(shown: str) -> str | None:
    """A day as ISO, from ISO or from the form that this app shows (`3 Feb 1970`)."""
    if is_date(shown):
        return shown
    parts = shown.split()
    if len(parts) != 3 or parts[1] not in MONTHS or not (parts[0] + parts[2]).isdigit():
        return None
    return f"{parts[2]}-{MONTHS.index(parts[1]) + 1:02d}-{int(parts[0]):02d}"
