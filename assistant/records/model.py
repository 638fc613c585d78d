"""What a record is: frozen values, the same whichever door it came through.

Digits are kept as the source wrote them (`5.40` stays `5.40`); nothing here rounds or converts.
"""

from enum import StrEnum

import msgspec


class Category(StrEnum):
    """The patient's words for kinds of records, in the order on screen."""

    CONDITIONS = "conditions"
    MEDICATIONS = "medications"
    LABS = "labs"
    VITALS = "vitals"
    IMMUNIZATIONS = "immunizations"
    ALLERGIES = "allergies"
    PROCEDURES = "procedures"
    VISITS = "visits"
    NOTES = "notes"
    ACTIVITY = "activity"
    SLEEP = "sleep"
    INSURANCE = "insurance"
    ABOUT = "about"


CATEGORY_NAMES: dict[Category, str] = {
    Category.CONDITIONS: "Conditions",
    Category.MEDICATIONS: "Medications",
    Category.LABS: "Lab results",
    Category.VITALS: "Vitals",
    Category.IMMUNIZATIONS: "Immunizations",
    Category.ALLERGIES: "Allergies",
    Category.PROCEDURES: "Procedures",
    Category.VISITS: "Clinical visits",
    Category.NOTES: "Notes and documents",
    Category.ACTIVITY: "Activity and fitness",
    Category.SLEEP: "Sleep",
    Category.INSURANCE: "Insurance",
    Category.ABOUT: "About me",
}


class Trust(StrEnum):
    """How far a record can be told as a fact about the patient."""

    FACT = "fact"
    UNCONFIRMED = "unconfirmed"
    """Preliminary, provisional, differential, reported but not verified."""
    REFUTED = "refuted"
    ERROR = "error"
    """Entered in error."""
    NOT_DONE = "not_done"
    PLANNED = "planned"
    """Planned, proposed, ordered or drafted, not known to have happened."""
    FAMILY = "family"
    """About a relative."""


class Coding(msgspec.Struct, frozen=True, gc=False):
    """FHIR Coding: `system` is the URI as the source wrote it."""

    system: str
    code: str
    display: str | None = None


class When(msgspec.Struct, frozen=True, gc=False):
    """FHIR date, dateTime, instant or Period, as written: partial stays partial, offsets stay."""

    start: str | None = None
    end: str | None = None


class Quantity(msgspec.Struct, frozen=True, gc=False):
    """FHIR Quantity: the source's digits, comparator and unit."""

    value: str
    comparator: str | None = None
    unit: str | None = None
    """The unit as shown by the source."""
    code: str | None = None
    """The UCUM code, when the source gave one under the UCUM system."""


class ValueKind(StrEnum):
    """Which shape a value has."""

    QUANTITY = "quantity"
    TEXT = "text"
    CODED = "coded"
    RANGE = "range"
    RATIO = "ratio"
    ABSENT = "absent"
    """The source says why there is no value; `text` holds the reason."""


class Value(msgspec.Struct, frozen=True, gc=False):
    """One measured or stated value."""

    kind: ValueKind
    quantity: Quantity | None = None
    """The quantity; the low end of a range; the numerator of a ratio."""
    second: Quantity | None = None
    """The high end of a range; the denominator of a ratio."""
    text: str | None = None
    """The words of a text or coded value."""
    codes: tuple[Coding, ...] = ()


class ReferenceRange(msgspec.Struct, frozen=True, gc=False):
    """The source's own range. There is never another."""

    low: Quantity | None = None
    high: Quantity | None = None
    text: str | None = None
    applies: tuple[str, ...] = ()
    """For whom: the source's type, `appliesTo` and age, in words."""


class Part(msgspec.Struct, frozen=True, gc=False):
    """One component of a record: systolic in a blood pressure."""

    title: str
    codes: tuple[Coding, ...] = ()
    value: Value | None = None
    interpretation: tuple[str, ...] = ()
    ranges: tuple[ReferenceRange, ...] = ()


class Element(msgspec.Struct, frozen=True, gc=False):
    """One piece of a record beside its title and value, with the category that governs sharing it."""

    category: Category
    path: str
    """Where it stands in the resource: `MedicationRequest.reasonCode`."""
    label: str
    """The patient's word for it: `for`, `dose`, `note`."""
    text: str
    codes: tuple[Coding, ...] = ()
    target: str | None = None
    """`Type/id` of the record that it names, when it is a reference to one."""
    labels: tuple[str, ...] = ()
    """Sensitivity of an element whose category is not the record's; it stays out where a labelled record
    would. Elements of the record's own category count into `Record.labels`."""


class Record(msgspec.Struct, frozen=True, gc=False):
    """One thing as a patient would call it, read from one resource of one source."""

    id: str
    category: Category
    """Governs the title, codes, value, parts, date and status."""
    kind: str
    """The FHIR resource type."""
    title: str
    status: str | None
    """The source's own status words."""
    trust: Trust
    when: When = When()
    """When it happened or was measured; for a medicine or condition, when it began."""
    recorded: str | None = None
    """When the source wrote it down (issued, recordedDate, authoredOn, meta.lastUpdated)."""
    current: bool | None = None
    """For medicines, conditions, allergies, plans, coverage: whether the source says it holds now."""
    codes: tuple[Coding, ...] = ()
    value: Value | None = None
    interpretation: tuple[str, ...] = ()
    """The source's codes: `H`, `LL`, `A`."""
    ranges: tuple[ReferenceRange, ...] = ()
    parts: tuple[Part, ...] = ()
    elements: tuple[Element, ...] = ()
    members: tuple[str, ...] = ()
    """`Type/id` of records that this one groups (a panel's results)."""
    labels: tuple[str, ...] = ()
    """Sensitivity: security label codes of the source, and names of value sets that its codes fall in; of
    the record itself and its elements of the same category."""
    event: str = ""
    """Equal for the same event told by two sources; empty where no such claim can be made."""
    series: str = ""
    """Equal for values that may stand in one series: same thing, same unit. Empty without a quantity."""


class Supporting(msgspec.Struct, frozen=True):
    """Not a record: it names or sources others (Organization, Practitioner, Medication, Provenance)."""

    type: str
    name: str | None
    codes: tuple[Coding, ...] = ()
    """Of a Medication or Substance: what records that refer to it are coded with."""
    text: str | None = None
    """Of a Binary: its words, for the document that it is attached to."""


class SetAside(msgspec.Struct, frozen=True):
    """It parses but can't be used safely; kept raw, unused."""

    why: str
