"""From the things that a question names to its subjects: which stand for themselves, which only narrow."""

import msgspec

from assistant.grounding.lexicon import Concept, Group, Lexicon
from assistant.grounding.scan import Scan

_NARROWED = frozenset(
    (Group.ALLERGY, Group.VISIT, Group.PROCEDURE, Group.NOTE, Group.INSURANCE, Group.VACCINE, Group.ABOUT)
)
"""Groups whose records are told apart by what else is named: visits for asthma, an allergy to penicillin."""


class Subjects(msgspec.Struct, frozen=True):
    """What a question is about."""

    concepts: tuple[Concept, ...] = ()
    narrowed: tuple[Concept, ...] = ()
    """Only those records of `concepts` that name one of these too."""


def subjects(found: Scan, lexicon: Lexicon) -> Subjects:
    """Sort the named things: `medicines for blood pressure` is about a kind of medicines, `my lab results for
    LDL` about LDL, `allergic to penicillin` about allergies that name penicillin."""
    named = tuple({span.concept.id: span.concept for span in found.spans}.values())
    general = tuple(concept for concept in named if concept.everything)
    specific = tuple(concept for concept in named if not concept.everything)
    if not general and Group.ALLERGY in found.hints and not any(c.group is Group.ALLERGY for c in specific):
        others = tuple(concept for concept in specific if concept.group is Group.MEDICINE)
        if others and not found.joined:
            return Subjects((lexicon.concepts["allergies"],), others)
    if not general and found.purpose and Group.MEDICINE in found.hints:
        classes = _medicines_for(specific, lexicon)
        if classes:
            return Subjects(classes)
    if not general:
        return Subjects(_told_apart(specific, found))
    if not specific:
        return Subjects(general if found.joined else (_chosen(general),))
    return _both(_chosen(general), specific, found, lexicon)


def _medicines_for(named: tuple[Concept, ...], lexicon: Lexicon) -> tuple[Concept, ...]:
    """The kinds of medicines for what is named."""
    ids = dict.fromkeys(lexicon.medicine_for.get(concept.id, "") for concept in named)
    return tuple(lexicon.concepts[i] for i in ids if i)


def _told_apart(specific: tuple[Concept, ...], found: Scan) -> tuple[Concept, ...]:
    """A whole named beside one of its parts gives way to it, beside several it stands for them (`BP, top and
    bottom number`). Without an `and`, a panel named beside its members goes: `kidney function creatinine`."""
    part = {code for concept in specific if concept.part for code in concept.codes}
    parts = [concept for concept in specific if concept.part]
    if len(parts) > 1 and any(not c.part and part.issuperset(c.codes) for c in specific):
        specific = tuple(concept for concept in specific if concept not in parts)
    elif part:
        specific = tuple(
            concept for concept in specific if concept.part or not part.issuperset(concept.codes)
        )
    if found.joined or len(specific) < 2:
        return specific
    members = {member for concept in specific for member in concept.members}
    kept = tuple(c for c in specific if not (c.members and members & {other.id for other in specific}))
    return kept or specific


def _chosen(general: tuple[Concept, ...]) -> Concept:
    for group in (Group.ALLERGY, Group.ABOUT):
        first = next((concept for concept in general if concept.group is group), None)
        if first is not None:
            return first
    return next((concept for concept in general if concept.group is not Group.VISIT), general[0])


def _both(general: Concept, specific: tuple[Concept, ...], found: Scan, lexicon: Lexicon) -> Subjects:
    same = tuple(concept for concept in specific if set(concept.categories) & set(general.categories))
    if same and found.joined and general.group is Group.VISIT:
        return Subjects((general,))
    if same:
        return Subjects(same + tuple(c for c in specific if c not in same and c.measured))
    if general.group is Group.MEDICINE:
        classes = _medicines_for(specific, lexicon)
        if classes:
            return Subjects(classes)
    if general.group is Group.VISIT and any(concept.measured for concept in specific):
        return Subjects(specific)
    if general.group is Group.VACCINE:
        against = tuple(lexicon.vaccine_against.get(concept.id, "") for concept in specific)
        if all(against):
            return Subjects(tuple(lexicon.concepts[name] for name in dict.fromkeys(against)))
    if general.group in _NARROWED:
        return Subjects((general,), specific)
    if any(concept.measured for concept in specific):
        return Subjects(specific)
    return Subjects((general,), specific)
