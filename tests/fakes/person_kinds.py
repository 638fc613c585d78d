"""The kinds of resources that `person` writes, each about as long as Synthea's."""

import random
import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

Resource: TypeAlias = dict[str, Any]

TERMS = "http://terminology.hl7.org/CodeSystem/"
UCUM = "http://unitsofmeasure.org"
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
CVX = "http://hl7.org/fhir/sid/cvx"


class Measure(NamedTuple):
    """One thing measured: around `mean`, give or take `spread`."""

    loinc: str
    name: str
    unit: str
    mean: float
    spread: float
    low: str = ""
    high: str = ""


VITALS = (
    Measure("8302-2", "Body Height", "cm", 172, 1),
    Measure("29463-7", "Body Weight", "kg", 78, 6),
    Measure("39156-5", "Body Mass Index", "kg/m2", 26, 2),
    Measure("8867-4", "Heart rate", "/min", 72, 8),
    Measure("8310-5", "Body temperature", "Cel", 36.8, 0.3),
    Measure("72514-3", "Pain severity - 0-10 verbal numeric rating", "{score}", 2, 1),
)
LABS = (
    Measure("2339-0", "Glucose", "mg/dL", 95, 12, "70", "99"),
    Measure("6299-2", "Urea Nitrogen", "mg/dL", 14, 3, "7", "20"),
    Measure("38483-4", "Creatinine", "mg/dL", 0.9, 0.15, "0.6", "1.2"),
    Measure("49765-1", "Calcium", "mg/dL", 9.4, 0.4, "8.5", "10.2"),
    Measure("2947-0", "Sodium", "mmol/L", 140, 2, "135", "145"),
    Measure("6298-4", "Potassium", "mmol/L", 4.3, 0.4, "3.5", "5.1"),
    Measure("2069-3", "Chloride", "mmol/L", 104, 2, "98", "107"),
    Measure("20565-8", "Carbon Dioxide", "mmol/L", 25, 2, "22", "29"),
    Measure("4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", "%", 5.8, 0.4, "4.0", "5.6"),
    Measure("2093-3", "Total Cholesterol", "mg/dL", 195, 20, "125", "200"),
    Measure("2571-8", "Triglycerides", "mg/dL", 130, 30, "0", "150"),
    Measure("18262-6", "Low Density Lipoprotein Cholesterol", "mg/dL", 115, 18, "0", "100"),
    Measure("2085-9", "High Density Lipoprotein Cholesterol", "mg/dL", 52, 7, "40", "90"),
    Measure("718-7", "Hemoglobin [Mass/volume] in Blood", "g/dL", 14, 1, "12.0", "16.0"),
    Measure("6690-2", "Leukocytes [#/volume] in Blood", "10*3/uL", 6.5, 1.2, "4.0", "11.0"),
    Measure("777-3", "Platelets [#/volume] in Blood", "10*3/uL", 250, 40, "150", "400"),
    Measure("33914-3", "Estimated Glomerular Filtration Rate", "mL/min/{1.73_m2}", 88, 9, "60", "120"),
    Measure("3016-3", "Thyrotropin [Units/volume] in Serum or Plasma", "m[IU]/L", 2.2, 0.7, "0.4", "4.5"),
)
PRESSURES = (("8462-4", "Diastolic Blood Pressure", 78), ("8480-6", "Systolic Blood Pressure", 125))
CONDITIONS = (
    ("444814009", "Viral sinusitis (disorder)"),
    ("195662009", "Acute viral pharyngitis (disorder)"),
    ("10509002", "Acute bronchitis (disorder)"),
    ("59621000", "Hypertension"),
    ("15777000", "Prediabetes"),
)
PROCEDURES = (
    ("430193006", "Medication Reconciliation (procedure)"),
    ("171207006", "Depression screening"),
    ("73761001", "Colonoscopy"),
    ("274474001", "Bone immobilization"),
)
MEDICINES = (
    ("314076", "lisinopril 10 MG Oral Tablet"),
    ("860975", "24 HR Metformin hydrochloride 500 MG Extended Release Oral Tablet"),
    ("310325", "ferrous sulfate 325 MG Oral Tablet"),
    ("834102", "Penicillin V Potassium 500 MG Oral Tablet"),
)
VACCINES = (("140", "Influenza, seasonal, injectable, preservative free"), ("115", "Tdap"), ("121", "zoster"))


class Context(NamedTuple):
    """What the resources of one visit share."""

    rng: random.Random
    bundle: bool
    patient: Resource
    practitioner: Resource
    organization: Resource
    start: datetime

    def ref(self, resource: Resource) -> Resource:
        """A reference in the way of the file that is being written."""
        if self.bundle:
            return {"reference": f"urn:uuid:{resource['id']}"}
        return {"reference": f"{resource['resourceType']}/{resource['id']}"}

    def at(self, minutes: int = 0) -> str:
        """A dateTime of the visit."""
        return (self.start + timedelta(minutes=minutes)).isoformat()


def new_id(rng: random.Random) -> str:
    """UUID-like text from the generator's own numbers."""
    return str(uuid.UUID(int=rng.getrandbits(128)))


def patient(rng: random.Random, born: datetime) -> Resource:
    """The person."""
    return {
        "resourceType": "Patient",
        "id": new_id(rng),
        "identifier": [{"system": "https://load.example/mrn", "value": f"L{rng.randrange(10**8):08}"}],
        "name": [{"use": "official", "family": "Loader", "given": ["Lee"]}],
        "gender": "other",
        "birthDate": born.date().isoformat(),
    }


def organization(rng: random.Random) -> Resource:
    """Where the person is treated."""
    return {"resourceType": "Organization", "id": new_id(rng), "active": True, "name": "Load Test Clinic"}


def practitioner(rng: random.Random) -> Resource:
    """Who treats the person."""
    name = {"family": "Steady", "given": ["Sam"], "prefix": ["Dr."]}
    return {"resourceType": "Practitioner", "id": new_id(rng), "active": True, "name": [name]}


def encounter(context: Context) -> Resource:
    """The visit itself."""
    return _begin(context, "Encounter") | {
        "status": "finished",
        "class": {"system": TERMS + "v3-ActCode", "code": "AMB"},
        "type": [_concept(SNOMED, "185349003", "Encounter for check up (procedure)")],
        "subject": context.ref(context.patient),
        "participant": [{"individual": context.ref(context.practitioner)}],
        "period": {"start": context.at(), "end": context.at(15)},
        "serviceProvider": context.ref(context.organization),
    }


def measurement(context: Context, visit: Resource, measure: Measure) -> Resource:
    """A vital sign, or a laboratory result with its range."""
    kind = "laboratory" if measure.high else "vital-signs"
    value = context.rng.gauss(measure.mean, measure.spread)
    digits = repr(abs(value)) if context.rng.random() < 0.5 else f"{abs(value):.2f}"
    resource = _observation(context, visit, kind, measure.loinc, measure.name)
    resource["valueQuantity"] = _quantity(digits, measure.unit)
    if measure.high:
        flag = "H" if value > float(measure.high) else "L" if value < float(measure.low) else "N"
        resource["interpretation"] = [_concept(TERMS + "v3-ObservationInterpretation", flag, flag)]
        resource["referenceRange"] = [
            {"low": _quantity(measure.low, measure.unit), "high": _quantity(measure.high, measure.unit)}
        ]
    return resource


def blood_pressure(context: Context, visit: Resource) -> Resource:
    """A blood pressure with its two parts."""
    resource = _observation(context, visit, "vital-signs", "55284-4", "Blood Pressure")
    resource["component"] = [
        {
            "code": _concept(LOINC, loinc, name),
            "valueQuantity": _quantity(str(mean + context.rng.randrange(-12, 13)), "mm[Hg]"),
        }
        for loinc, name, mean in PRESSURES
    ]
    return resource


def report(context: Context, visit: Resource, results: list[Resource]) -> Resource:
    """The panel that groups a visit's laboratory results."""
    return _begin(context, "DiagnosticReport") | {
        "status": "final",
        "category": [_concept(TERMS + "v2-0074", "LAB", "Laboratory")],
        "code": _concept(LOINC, "51990-0", "Basic Metabolic Panel"),
        "subject": context.ref(context.patient),
        "encounter": context.ref(visit),
        "effectiveDateTime": context.at(),
        "issued": context.at(60),
        "result": [context.ref(result) | {"display": result["code"]["text"]} for result in results],
    }


def condition(context: Context, visit: Resource) -> Resource:
    """A condition found at the visit."""
    resolved = context.rng.random() < 0.7
    resource = _begin(context, "Condition") | {
        "clinicalStatus": _concept(TERMS + "condition-clinical", "resolved" if resolved else "active"),
        "verificationStatus": _concept(TERMS + "condition-ver-status", "confirmed"),
        "category": [_concept(TERMS + "condition-category", "encounter-diagnosis")],
        "code": _concept(SNOMED, *context.rng.choice(CONDITIONS)),
        "subject": context.ref(context.patient),
        "encounter": context.ref(visit),
        "onsetDateTime": context.at(),
        "recordedDate": context.at(),
    }
    return resource | ({"abatementDateTime": context.at(20160)} if resolved else {})


def procedure(context: Context, visit: Resource) -> Resource:
    """Something done at the visit."""
    return _begin(context, "Procedure") | {
        "status": "completed",
        "code": _concept(SNOMED, *context.rng.choice(PROCEDURES)),
        "subject": context.ref(context.patient),
        "encounter": context.ref(visit),
        "performedPeriod": {"start": context.at(), "end": context.at(15)},
    }


def prescription(context: Context, visit: Resource) -> Resource:
    """A medicine ordered at the visit."""
    daily = {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}
    return _begin(context, "MedicationRequest") | {
        "status": context.rng.choice(("active", "stopped", "completed")),
        "intent": "order",
        "medicationCodeableConcept": _concept(RXNORM, *context.rng.choice(MEDICINES)),
        "subject": context.ref(context.patient),
        "encounter": context.ref(visit),
        "authoredOn": context.at(),
        "requester": context.ref(context.practitioner),
        "dosageInstruction": [{"sequence": 1, "timing": daily, "asNeededBoolean": False}],
    }


def immunization(context: Context, visit: Resource) -> Resource:
    """A vaccine given at the visit."""
    return _begin(context, "Immunization") | {
        "status": "completed",
        "vaccineCode": _concept(CVX, *context.rng.choice(VACCINES)),
        "patient": context.ref(context.patient),
        "encounter": context.ref(visit),
        "occurrenceDateTime": context.at(),
        "primarySource": True,
    }


def _begin(context: Context, kind: str) -> Resource:
    return {"resourceType": kind, "id": new_id(context.rng)}


def _observation(context: Context, visit: Resource, kind: str, loinc: str, name: str) -> Resource:
    return _begin(context, "Observation") | {
        "status": "final",
        "category": [_concept(TERMS + "observation-category", kind, kind)],
        "code": _concept(LOINC, loinc, name),
        "subject": context.ref(context.patient),
        "encounter": context.ref(visit),
        "effectiveDateTime": context.at(),
        "issued": context.at(),
        "performer": [context.ref(context.practitioner)],
    }


def _quantity(digits: str, unit: str) -> Resource:
    return {"value": Decimal(digits), "unit": unit, "system": UCUM, "code": unit}


def _concept(system: str, code: str, text: str | None = None) -> Resource:
    if text is None:
        return {"coding": [{"system": system, "code": code}]}
    return {"coding": [{"system": system, "code": code, "display": text}], "text": text}
