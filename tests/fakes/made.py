"""Made-up records for tests of facts and grounding: one call, one record."""

import itertools

from assistant.records.coded import CVX, LOINC, SNOMED
from assistant.records.model import (
    Category,
    Coding,
    Element,
    Part,
    Quantity,
    Record,
    ReferenceRange,
    Trust,
    Value,
    ValueKind,
    When,
)

LDL = Coding(LOINC, "18262-6", "Low Density Lipoprotein Cholesterol")
GLUCOSE = Coding(LOINC, "2339-0", "Glucose")
_numbers = itertools.count(1)


def new_id() -> str:
    """An id that no other record has; its order means nothing."""
    number = next(_numbers)
    return f"{'zyxwvutsrq'[number % 10]}{number}"


def lab(
    digits: str,
    day: str | None,
    unit: str | None = "mg/dL",
    *,
    title: str = "LDL Cholesterol",
    code: Coding = LDL,
    comparator: str | None = None,
    trust: Trust = Trust.FACT,
    status: str | None = "final",
    flags: tuple[str, ...] = (),
    ranges: tuple[ReferenceRange, ...] = (),
    category: Category = Category.LABS,
    rid: str | None = None,
) -> Record:
    """A number with its unit."""
    quantity = Quantity(digits, comparator, unit, unit)
    return Record(
        id=rid or new_id(),
        category=category,
        kind="Observation",
        title=title,
        status=status,
        trust=trust,
        when=When(day),
        codes=(code,),
        value=Value(ValueKind.QUANTITY, quantity),
        interpretation=flags,
        ranges=ranges,
    )


def said(text: str, day: str, *, title: str, code: Coding, category: Category = Category.LABS) -> Record:
    """A result in words."""
    return Record(
        id=new_id(),
        category=category,
        kind="Observation",
        title=title,
        status="final",
        trust=Trust.FACT,
        when=When(day),
        codes=(code,),
        value=Value(ValueKind.CODED, text=text),
    )


def pressure(top: str, bottom: str, day: str) -> Record:
    """A blood pressure, diastolic first, as some sources write it."""
    parts = [
        Part(
            title,
            (Coding(LOINC, code),),
            Value(ValueKind.QUANTITY, Quantity(value, None, "mm[Hg]", "mm[Hg]")),
        )
        for title, code, value in (
            ("Diastolic Blood Pressure", "8462-4", bottom),
            ("Systolic Blood Pressure", "8480-6", top),
        )
    ]
    return Record(
        id=new_id(),
        category=Category.VITALS,
        kind="Observation",
        title="Blood Pressure",
        status="final",
        trust=Trust.FACT,
        when=When(day),
        codes=(Coding(LOINC, "85354-9"),),
        parts=tuple(parts),
    )


def condition(
    title: str,
    start: str | None,
    end: str | None = None,
    *,
    code: str = "1",
    current: bool | None = True,
    status: str | None = "active",
    trust: Trust = Trust.FACT,
) -> Record:
    """A condition, active unless said otherwise."""
    return Record(
        id=new_id(),
        category=Category.CONDITIONS,
        kind="Condition",
        title=title,
        status=status,
        trust=trust,
        when=When(start, end),
        current=current,
        codes=(Coding(SNOMED, code, title),),
    )


def medicine(
    title: str,
    day: str,
    *,
    current: bool | None = True,
    status: str = "active",
    trust: Trust = Trust.FACT,
    elements: tuple[Element, ...] = (),
) -> Record:
    """A prescription."""
    return Record(
        id=new_id(),
        category=Category.MEDICATIONS,
        kind="MedicationRequest",
        title=title,
        status=status,
        trust=trust,
        when=When(day),
        current=current,
        elements=elements,
    )


def vaccination(title: str, day: str, *, code: str = "140", trust: Trust = Trust.FACT) -> Record:
    """A vaccination given."""
    return Record(
        id=new_id(),
        category=Category.IMMUNIZATIONS,
        kind="Immunization",
        title=title,
        status="completed" if trust is Trust.FACT else "not-done",
        trust=trust,
        when=When(day),
        codes=(Coding(CVX, code, title),),
    )


def visit(title: str, start: str, end: str | None = None, elements: tuple[Element, ...] = ()) -> Record:
    """A visit."""
    return Record(
        id=new_id(),
        category=Category.VISITS,
        kind="Encounter",
        title=title,
        status="finished",
        trust=Trust.FACT,
        when=When(start, end or start),
        elements=elements,
    )


def procedure(title: str, day: str, *, code: str = "2", trust: Trust = Trust.FACT) -> Record:
    """A procedure."""
    return Record(
        id=new_id(),
        category=Category.PROCEDURES,
        kind="Procedure",
        title=title,
        status="completed",
        trust=trust,
        when=When(day),
        codes=(Coding(SNOMED, code, title),),
    )


def allergy(title: str, *, current: bool = True, trust: Trust = Trust.FACT) -> Record:
    """An allergy."""
    return Record(
        id=new_id(),
        category=Category.ALLERGIES,
        kind="AllergyIntolerance",
        title=title,
        status="active" if current else "inactive",
        trust=trust,
        recorded="2010-05-20",
        current=current,
    )


def person(born: str) -> Record:
    """The patient."""
    return Record(
        id=new_id(),
        category=Category.ABOUT,
        kind="Patient",
        title="Nadia Brandt",
        status=None,
        trust=Trust.FACT,
        elements=(Element(Category.ABOUT, "Patient.birthDate", "born", born),),
    )


def note(title: str, day: str, elements: tuple[Element, ...] = ()) -> Record:
    """A document."""
    return Record(
        id=new_id(),
        category=Category.NOTES,
        kind="DocumentReference",
        title=title,
        status="current",
        trust=Trust.FACT,
        when=When(day),
        elements=elements,
    )
