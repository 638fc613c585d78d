"""Notes and letters of everyday care, one of them labelled sensitive; those that attack are in `hostile`."""

from base64 import b64encode
from typing import NamedTuple

from connectors.sample.fhir import LOINC, TERMS, Resource, coding, compact, concept, moment, reference
from connectors.sample.people import PATIENT, clinician, organization

PROGRESS_NOTE = ("11506-3", "Progress note")
DISCHARGE_LETTER = ("18842-5", "Discharge letter")
OUTSIDE_LETTER = ("34133-9", "Letter from outside")
RESTRICTED = (("v3-Confidentiality", "R"), ("v3-ActCode", "PSY"), ("v3-ActCode", "ETH"))


class Note(NamedTuple):
    """One note with its whole text."""

    id: str
    day: str
    time: str
    kind: tuple[str, str]
    title: str
    author: str
    text: str
    labels: tuple[tuple[str, str], ...] = ()


NOTES = (
    Note(
        "new-patient", "2006-09-12", "09:50", PROGRESS_NOTE, "New patient visit", "okafor",
        """Nadia Brandt, 38, a primary school teacher, comes as a new patient.
She feels well. She smokes half a pack a day and would like to stop.
Reports a rash after penicillin as a child, and hives after a sulfa antibiotic in 2005.
Her mother had breast cancer at 52; her father had a heart attack at 58.
Blood pressure 118/74 mm[Hg]. Examination normal.
Plan: support to stop smoking, fasting blood tests next year.
""",
    ),
    Note(
        "behavioral-health", "2010-03-09", "15:00", PROGRESS_NOTE, "Behavioral health follow-up", "abrams",
        """Follow-up of a depressive episode that began in 2009 after a separation.
Mood is good again, sleep and appetite normal, no thoughts of self-harm.
In 2009 she drank up to three glasses of wine an evening; since January she drinks none.
Talking therapy is finished. No medicine needed. Call if low mood returns.
""",
        RESTRICTED,
    ),
    Note(
        "discharge-wrist", "2012-01-17", "21:50", DISCHARGE_LETTER, "Emergency department discharge letter",
        "whitfield",
        """Dear Dr. Okafor,
Mrs. Brandt slipped on ice and fell on her left hand. The X-ray shows a fracture of the distal radius,
not displaced. A pregnancy test before the X-ray was negative. A forearm cast was put on.
Pain: acetaminophen as needed. No sulfa antibiotics (hives).
Please see orthopedics (Dr. Tran) in one week; cast for about ten weeks.
Return at once for numb or blue fingers.
""",
    ),
    Note(
        "cough", "2014-03-11", "10:55", PROGRESS_NOTE, "Dry cough", "okafor",
        """Dry cough for two months, worse at night. Asthma was suspected;
the breathing test is normal, so no asthma.
The cough began eight weeks after lisinopril was started: most likely its side effect.
Plan: stop lisinopril, start losartan 50 mg once a day. Home blood pressure once a month.
""",
    ),
    Note(
        "cholesterol", "2019-03-19", "10:25", PROGRESS_NOTE, "Cholesterol results", "okafor",
        """LDL cholesterol is 148 mg/dL. With high blood pressure, prediabetes and a father with
a heart attack at 58, we talked about a statin. She agrees to start atorvastatin 20 mg in the evening.
Goal: LDL below 100 mg/dL. Repeat the lipid panel in six months.
""",
    ),
    Note(
        "diabetes", "2021-03-16", "10:05", PROGRESS_NOTE, "Blood sugar and cholesterol results", "okafor",
        """Hemoglobin A1c 6.7 %, a second test in a week will confirm. This fits type 2 diabetes.
Start metformin 500 mg twice a day with meals. Walking plan agreed.
LDL cholesterol 122 mg/dL on atorvastatin 20 mg: raise to 40 mg.
""",
    ),
    Note(
        "physical-2026", "2026-02-17", "09:50", PROGRESS_NOTE, "Yearly physical", "okafor",
        """Doing well. Walks most days, sleeps about seven hours. Weight 70.8 kg.
Blood pressure 122/76 mm[Hg]. LDL cholesterol 96 mg/dL: the goal of below 100 is met. Hemoglobin A1c 6.1 %.
Kidney and liver values are in the normal range. No damage from diabetes at the eye exam of April 2025.
Plan: same medicines. Possible sleep apnea: home sleep test still to do. Mammogram at the end of the year.
Next check in August.
""",
    ),
)  # fmt: skip


def notes() -> list[Resource]:
    """Every note of everyday care."""
    return [document(note) for note in NOTES]


def document(note: Note) -> Resource:
    """A DocumentReference that carries its text."""
    written = moment(note.day, note.time)
    loinc, kind = note.kind
    return compact(
        resourceType="DocumentReference",
        id=f"note-{note.id}",
        meta={"security": [coding(TERMS + table, code) for table, code in note.labels]}
        if note.labels
        else None,
        status="current",
        docStatus="final",
        type=concept(kind, coding(LOINC, loinc)),
        category=[{"text": "Clinical note"}],
        subject=reference(PATIENT),
        date=written,
        author=[clinician(note.author)] if note.author else [],
        custodian=organization("mercy"),
        description=note.title,
        content=[
            {
                "attachment": {
                    "contentType": "text/plain; charset=utf-8",
                    "data": b64encode(note.text.encode()).decode("ascii"),
                    "title": note.title,
                    "creation": written,
                }
            }
        ],
        context={"encounter": [reference(f"Encounter/visit-{note.day}")]} if note.author else None,
    )
