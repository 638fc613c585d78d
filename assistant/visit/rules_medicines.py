"""Questions about medicines: new, changed, stopped, without a reason, in contradiction."""

from collections.abc import Iterator, Sequence

from assistant.records.dates import shown_date
from assistant.records.facts.phrases import dated, is_fact, some
from assistant.records.facts.text import named, one_line
from assistant.records.facts.things import ended as shown_end
from assistant.records.model import Category, Record
from assistant.visit.candidate import Candidate
from assistant.visit.chart import Chart, began, ended
from assistant.visit.model import Rule
from assistant.visit.subject import ingredients, medicine_words

ORDERS = frozenset(("MedicationRequest", "MedicationStatement"))
"""Records of what is to be taken; the others tell of a box handed out or a dose given."""
_MOST_NAMED = 4
_REASONS = frozenset(("for", "as needed for"))


def medicines(chart: Chart) -> dict[frozenset[tuple[str, ...]], list[Record]]:
    """What is or was to be taken, by what is in it; each newest first, facts only."""
    groups: dict[frozenset[tuple[str, ...]], list[Record]] = {}
    for record in chart.facts(Category.MEDICATIONS):
        if record.kind in ORDERS:
            groups.setdefault(ingredients(record), []).append(record)
    return groups


def said(record: Record, labels: frozenset[str]) -> str:
    """What the elements with these labels say, on one line."""
    texts = [one_line(e.text) for e in record.elements if e.label in labels and e.text]
    return "; ".join(dict.fromkeys(texts))


def novelties(chart: Chart) -> Iterator[tuple[Record, Record | None]]:
    """Current medicines that began since the last visit, with the entry that they took the place of; what was
    only prescribed again is not among them."""
    for group in medicines(chart).values():
        newest = group[0]
        if newest.current is not True or not chart.is_new(newest):
            continue
        before = [record for record in group if began(record) < chart.since]
        if not any(named(old) == named(newest) and _dose(old) == _dose(newest) for old in before):
            yield newest, before[0] if before else None


def new_medicines(chart: Chart) -> Iterator[Candidate]:
    """Medicines that began since the last visit, and those whose entry became another."""
    for newest, old in novelties(chart):
        if old is not None:
            text = (
                f"My records had {_with_dose(old, newest)}, and have {_with_dose(newest, old)} "
                f"since {shown_date(began(newest))}. Why was it changed?"
            )
            why = "This medicine was changed since the last visit."
            yield Candidate(Rule.NEW_MEDICINE, text, why, (newest, old), medicine_words(newest))
            continue
        reason = said(newest, _REASONS)
        asks = "How long do I take it" if reason else "What is it for, how long do I take it"
        known = f", for {reason}" if reason else ""
        text = (
            f"{named(newest)} is new since {shown_date(began(newest))}{known}. "
            f"{asks}, and which side effects should I watch for?"
        )
        why = "This medicine began since the last visit."
        yield Candidate(Rule.NEW_MEDICINE, text, why, (newest,), medicine_words(newest))


def _dose(record: Record) -> str:
    return said(record, frozenset(("dose",)))


def _with_dose(record: Record, other: Record) -> str:
    """Its name, with the dose where the names alone don't differ."""
    dose = _dose(record)
    return f"{named(record)} ({dose})" if dose and named(record) == named(other) else named(record)


def stopped_medicines(chart: Chart) -> Iterator[Candidate]:
    """Medicines that ended since the last visit, with nothing of the same kind going on."""
    for group in medicines(chart).values():
        newest = group[0]
        if newest.current is not False or any(record.current for record in group):
            continue
        end = ended(newest)
        if end and chart.since <= end <= chart.today:
            told = f"ended {shown_end(newest)}"
        elif not end and chart.is_new(newest) and newest.status == "stopped":
            told = f"was ordered {dated(newest)} and is marked as stopped"
        else:
            continue
        text = f"In my records {named(newest)} {told}. Is that right, and does anything take its place?"
        why = "This medicine was stopped since the last visit."
        yield Candidate(Rule.STOPPED_MEDICINE, text, why, (newest,), medicine_words(newest))


def without_reason(chart: Chart) -> Iterator[Candidate]:
    """Current medicines for which no record says what they are for, in one question."""
    silent = [
        next(record for record in group if record.current)
        for group in medicines(chart).values()
        if any(record.current for record in group) and not any(said(record, _REASONS) for record in group)
    ]
    silent = [record for record in silent if not chart.is_new(record)]
    if not silent:
        return
    names = sorted(named(record) for record in silent)
    each = "is each of these" if len(names) > 1 else "is this medicine"
    text = f"What {each} for: {some(names, _MOST_NAMED)}?"
    why = "The records list it as current and don't say what it is for."
    if len(names) > 1:
        why = "The records list them as current and don't say what they are for."
    yield Candidate(Rule.NO_REASON, text, why, tuple(silent))


def conflicts(chart: Chart) -> Iterator[Candidate]:
    """Current medicines that stand twice in different words, or that a later record has as stopped."""
    for group in medicines(chart).values():
        held = [record for record in group if record.current]
        if not held:
            continue
        newest = group[0]
        if newest.current is False and began(newest) > began(held[0]):
            was, now = held[0].status or "current", newest.status or "no longer current"
            text = (
                f"One record has me on {_whole(held[0])} ({was}, {dated(held[0])}), "
                f"a later one has it as {now} ({dated(newest)}). Which is right?"
            )
            why = "A later record says something else about the same medicine."
            yield Candidate(Rule.CONFLICT, text, why, (newest, held[0]))
        elif (other := _other_entry(held)) is not None:
            text = (
                f"My records have both {_whole(held[0])} and {_whole(other)} as current. "
                "Do I take both, or only one of them?"
            )
            why = "Two current entries of the same medicine differ."
            yield Candidate(Rule.CONFLICT, text, why, (held[0], other))


def _other_entry(held: Sequence[Record]) -> Record | None:
    newest = held[0]
    for record in held[1:]:
        differs = named(record) != named(newest)
        doses = _dose(record), _dose(newest)
        if differs or (all(doses) and doses[0] != doses[1]):
            return record
    return None


def _whole(record: Record) -> str:
    dose = _dose(record)
    return f"{named(record)} ({dose})" if dose else named(record)


def taken_despite_allergy(chart: Chart) -> Iterator[Candidate]:
    """A current medicine whose name stands in a current allergy."""
    allergies = [a for a in chart.of(Category.ALLERGIES) if is_fact(a) and a.current is True]
    for names, group in medicines(chart).items():
        held = next((record for record in group if record.current), None)
        if held is None:
            continue
        for allergy in allergies:
            if names & ingredients(allergy):
                reaction = said(allergy, frozenset(("reaction",)))
                text = (
                    f"My records list {named(allergy)}{f' ({reaction})' if reaction else ''} as an allergy "
                    f"or intolerance, and {named(held)} as a medicine I take. Is that right?"
                )
                why = "The same name stands among the allergies and the current medicines."
                yield Candidate(Rule.CONFLICT, text, why, (held, allergy))
