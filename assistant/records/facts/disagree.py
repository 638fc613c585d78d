"""Records that say different things about one matter: an allergy held and ruled out, two doses at once."""

import re
from collections.abc import Callable, Iterable, Sequence

from assistant.records.facts.model import Fact, FactKind
from assistant.records.facts.phrases import dated, day_of, is_fact, some
from assistant.records.facts.text import named, one_line
from assistant.records.facts.things import newest, since, state
from assistant.records.model import Category, Record, Trust
from assistant.records.words import fold

_STRENGTH = re.compile(
    r"\b\d[\d.,]*\s*(?:mg|mcg|ug|g|ml|unt|units?|meq|iu|%|actuat)\b(?:/\w+)?", re.IGNORECASE
)
_NOT_A_NAME = frozenset(
    fold(
        "mg mcg ug g ml hr unt unit units meq iu actuat oral tablet tablets capsule capsules solution er "
        "injection injectable pill pack chewable disintegrating extended delayed release coated film dr cr "
        "xr sr inhaler metered dose suspension cream ointment patch spray drops day the a an of to for by "
        "mouth once twice daily allergy allergic intolerance disorder finding substance product history"
    )
)
"""Words of a title that tell a form, a strength or a kind of record rather than what it is about."""
_MOST_SAID = 6


def disagreements(records: Sequence[Record]) -> list[Fact]:
    """One fact for each matter that records contradict each other about; those in error don't count.

    Allergies: one held, another ruled out or no longer active. Conditions: one held, another ruled out.
    Medicines: two doses of one medicine marked as current.
    """
    made = []
    for category, says in (
        (Category.ALLERGIES, _ruled_out_or_over),
        (Category.CONDITIONS, _ruled_out),
        (Category.MEDICATIONS, _two_doses),
    ):
        groups = _by_matter([record for record in records if record.category is category])
        made += [fact for group in groups if (fact := says(group)) is not None]
    return made


def _by_matter(records: Iterable[Record]) -> list[list[Record]]:
    """Groups of records that share a code or the words of their names that aren't about dose or form."""
    groups: list[tuple[set[object], list[Record]]] = []
    for record in newest(records):
        keys = _keys(record)
        found = [group for group in groups if group[0] & keys]
        if not found:
            groups.append((set(keys), [record]))
            continue
        found[0][0].update(keys)
        found[0][1].append(record)
    return [held for _, held in groups]


def _keys(record: Record) -> set[object]:
    name = frozenset(word for word in fold(record.title) if word not in _NOT_A_NAME and not word[0].isdigit())
    coded = record.category is not Category.MEDICATIONS
    codes: set[object] = {(c.system, c.code) for c in record.codes if c.code} if coded else set()
    return codes | ({name} if name else set())


def _ruled_out(group: Sequence[Record]) -> Fact | None:
    against = [record for record in group if record.trust is Trust.REFUTED]
    return _both(group, against)


def _ruled_out_or_over(group: Sequence[Record]) -> Fact | None:
    against = [r for r in group if r.trust is Trust.REFUTED or (is_fact(r) and r.current is False)]
    return _both(group, against)


def _both(group: Sequence[Record], against: Sequence[Record]) -> Fact | None:
    held = [record for record in group if is_fact(record) and record.current is not False]
    if not held or not against:
        return None
    return _fact("", [*held, *against], _stands)


def _stands(record: Record) -> str:
    stands = state(record) or "given without a status"
    day = dated(record) if day_of(record.when) or record.recorded else "without a date"
    return f"{named(record)} is {stands} ({day.strip('()')})"


def _two_doses(group: Sequence[Record]) -> Fact | None:
    """Where several records of one medicine are current, the newest of each dose, if there are two."""
    doses: dict[str, Record] = {}
    for record in group:
        if is_fact(record) and record.current is True and (dose := _dose(record)):
            doses.setdefault(dose.casefold(), record)
    if len(doses) < 2:
        return None
    return _fact("two doses of one medicine stand as current, ", list(doses.values()), _taken)


def _dose(record: Record) -> str:
    strength = " / ".join(_STRENGTH.findall(record.title))
    told = "; ".join(one_line(e.text) for e in record.elements if e.label == "dose" and e.text)
    return ", ".join(part for part in (strength, told) if part)


def _taken(record: Record) -> str:
    begun = since(record)
    return f"{named(record)} ({_dose(record)}) is {state(record)}{f', {begun}' if begun else ''}"


def _fact(head: str, records: Sequence[Record], words: Callable[[Record], str]) -> Fact:
    said = list(dict.fromkeys(words(record) for record in records))
    text = f"Your records disagree: {head}{some(said, _MOST_SAID)}."
    text += " Which of them holds, the records don't settle: ask whoever looks after it."
    return Fact(FactKind.DISAGREE, text, None, None, None, tuple(record.id for record in records))
