"""What patients call things: the words of a question to concepts, and concepts to codes and title words.

The data stands in `lexicon_data/*.json`. Codes are LOINC, SNOMED CT, CVX, CPT, ICD-10-CM and RxNorm
(ingredients) codes as the standards define them. Nothing here depends on any patient's records.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import product

import msgspec

from assistant.records.coded import CVX, ICD10CM, LOINC, RXNORM, SNOMED
from assistant.records.model import Category
from assistant.records.words import code_token, fold

_FILES = ("labs", "vitals", "medicines", "vaccines", "conditions", "others")
_SYSTEMS = {
    "loinc": LOINC,
    "snomed": SNOMED,
    "cvx": CVX,
    "icd10": ICD10CM,
    "rxnorm": RXNORM,
    "cpt": "http://www.ama-assn.org/go/cpt",
}


class Group(StrEnum):
    """Which kind of thing a concept is; decides what a bare mention of it asks for."""

    LAB = "lab"
    VITAL = "vital"
    MEDICINE = "medicine"
    CONDITION = "condition"
    VACCINE = "vaccine"
    ALLERGY = "allergy"
    PROCEDURE = "procedure"
    VISIT = "visit"
    NOTE = "note"
    ABOUT = "about"
    INSURANCE = "insurance"
    ACTIVITY = "activity"
    SLEEP = "sleep"


_CATEGORIES: dict[Group, tuple[Category, ...]] = {
    Group.LAB: (Category.LABS,),
    Group.VITAL: (Category.VITALS,),
    Group.MEDICINE: (Category.MEDICATIONS,),
    Group.CONDITION: (Category.CONDITIONS,),
    Group.VACCINE: (Category.IMMUNIZATIONS,),
    Group.ALLERGY: (Category.ALLERGIES,),
    Group.PROCEDURE: (Category.PROCEDURES,),
    Group.VISIT: (Category.VISITS,),
    Group.NOTE: (Category.NOTES,),
    Group.ABOUT: (Category.ABOUT,),
    Group.INSURANCE: (Category.INSURANCE,),
    Group.ACTIVITY: (Category.ACTIVITY,),
    Group.SLEEP: (Category.SLEEP,),
}


_KINDS: dict[Group, tuple[str, ...]] = {
    Group.CONDITION: ("Condition",),
    Group.VACCINE: ("Immunization",),
    Group.ALLERGY: ("AllergyIntolerance",),
    Group.VISIT: ("Encounter",),
}
"""Which resource types are the thing itself, rather than a plan or a goal about it."""


class Concept(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing a patient may ask about."""

    id: str
    name: str
    """As a patient says it, fit to stand after `show`: `LDL cholesterol`, `a colonoscopy`."""
    group: Group
    categories: tuple[Category, ...]
    codes: tuple[tuple[str, str], ...] = ()
    """(system URI, code) pairs that mean it."""
    titles: tuple[tuple[str, ...], ...] = ()
    """Groups of folded words: a record whose title holds all of one group is it, unless `without` says no."""
    without: tuple[str, ...] = ()
    """Words that a title must not hold."""
    kinds: tuple[str, ...] = ()
    """Only records of these FHIR resource types; all where empty."""
    members: tuple[str, ...] = ()
    """Ids of the concepts that a panel is made of."""
    part: tuple[str, ...] = ()
    """LOINC codes of the component whose value is asked for: systolic in a blood pressure."""
    otherwise: str = ""
    """Id of the concept to answer from where there is no record of this one."""
    worse: str = ""
    """`high` or `low`: which end people mean by the worst of its values."""
    everything: bool = False
    """It means every record of its categories (and kinds)."""

    @property
    def measured(self) -> bool:
        """Whether its records hold values that can be compared."""
        return self.group in (Group.LAB, Group.VITAL, Group.ACTIVITY, Group.SLEEP)


class _Entry(
    msgspec.Struct,
    forbid_unknown_fields=True,
    rename={"without": "not", "treats": "for", "otherwise": "else"},
):
    id: str
    name: str
    group: Group
    says: tuple[str, ...]
    titles: tuple[str, ...] | None = None
    without: tuple[str, ...] = ()
    loinc: tuple[str, ...] = ()
    snomed: tuple[str, ...] = ()
    cvx: tuple[str, ...] = ()
    icd10: tuple[str, ...] = ()
    rxnorm: tuple[str, ...] = ()
    cpt: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    part: tuple[str, ...] = ()
    treats: tuple[str, ...] = ()
    otherwise: str = ""
    worse: str = ""
    categories: tuple[Category, ...] = ()
    all: bool = False

    def concept(self) -> Concept:
        """The concept that the entry describes."""
        codes = {name: getattr(self, name) for name in _SYSTEMS}
        return Concept(
            id=self.id,
            name=self.name,
            group=self.group,
            categories=self.categories or _CATEGORIES[self.group],
            codes=tuple((_SYSTEMS[name], code) for name, values in codes.items() for code in values),
            titles=self._titles(),
            without=fold(" ".join(self.without)),
            kinds=self.kinds or _KINDS.get(self.group, ()),
            members=self.members,
            part=self.part,
            otherwise=self.otherwise,
            worse=self.worse,
            everything=self.all,
        )

    def _titles(self) -> tuple[tuple[str, ...], ...]:
        if self.all or (self.members and self.titles is None):
            return ()
        return tuple(dict.fromkeys(fold(title) for title in self.titles or self.says))


class _Ordinary(msgspec.Struct, forbid_unknown_fields=True):
    common: frozenset[str]
    idle: frozenset[str]
    qualifiers: frozenset[str]
    specimens: frozenset[str]
    hints: dict[Group, frozenset[str]]


class Lexicon:
    """All concepts, found by what patients say."""

    def __init__(self, entries: Iterable[_Entry], ordinary: _Ordinary) -> None:
        listed = list(entries)
        self.concepts: Mapping[str, Concept] = {entry.id: entry.concept() for entry in listed}
        self.common = ordinary.common
        """Words that carry no subject of their own."""
        self.idle = ordinary.idle
        """Words that may name a subject, but beside one change nothing: `digging`, `hormone`."""
        self.qualifiers = ordinary.qualifiers
        """Words that change which thing is meant: a body part, a specimen, `titer`. Never ignored."""
        self.specimens = ordinary.specimens
        """Those of them that change which measured thing is meant; a body part only says where it is from."""
        self.hints = ordinary.hints
        """Words around a name that say which of its meanings is meant."""
        self.medicine_for = {treated: entry.id for entry in listed for treated in entry.treats}
        """Id of the concept of medicines for what another concept names."""
        self._phrases: dict[tuple[str, ...], list[str]] = {}
        for entry in listed:
            for phrase in entry.says:
                self._phrases.setdefault(fold(phrase), []).append(entry.id)
        self.vaccine_against = dict(self._vaccines(listed))
        """Id of the vaccine against the illness of a condition's id."""
        self.longest = max(len(phrase) for phrase in self._phrases)
        self.vocabulary = frozenset(word for phrase in self._phrases for word in phrase)
        self._owners: dict[str, set[str]] = {}
        for concept in self.concepts.values():
            for system, code in concept.codes:
                self._owners.setdefault(code_token(system, code), set()).add(concept.id)

    def _vaccines(self, listed: Iterable[_Entry]) -> Iterator[tuple[str, str]]:
        for entry in listed:
            if entry.group is not Group.CONDITION:
                continue
            for phrase, word in product(entry.says, ("vaccine", "vaccination", "shot", "jab")):
                for found in self._phrases.get(fold(f"{phrase} {word}"), ()):
                    if self.concepts[found].group is Group.VACCINE:
                        yield entry.id, found

    def meanings(self, words: tuple[str, ...]) -> tuple[Concept, ...]:
        """The concepts that exactly these words say, the likeliest first; a plural `s` may be missing."""
        ids = self._phrases.get(words)
        if ids is None and len(words[-1]) > 3 and words[-1].endswith("s"):
            ids = self._phrases.get((*words[:-1], words[-1][:-1]))
        return tuple(self.concepts[i] for i in ids or ())

    def owners(self, system: str, code: str) -> frozenset[str]:
        """Ids of the concepts that a code belongs to."""
        return frozenset(self._owners.get(code_token(system, code), ()))


@cache
def lexicon() -> Lexicon:
    """The lexicon, read once."""
    folder = files("assistant.grounding").joinpath("lexicon_data")
    entries = [
        entry
        for name in _FILES
        for entry in msgspec.json.decode(folder.joinpath(f"{name}.json").read_bytes(), type=list[_Entry])
    ]
    return Lexicon(entries, msgspec.json.decode(folder.joinpath("common.json").read_bytes(), type=_Ordinary))
