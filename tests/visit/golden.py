"""Golden visit sheets: `python -m tests.visit.golden` writes them anew; look at each before it is kept.

Each is the whole sheet of one patient on one day, as Markdown: the sample patient, and three of Synthea's.
"""

import asyncio
import datetime as dt
import os
import tempfile
from pathlib import Path
from typing import NamedTuple

from assistant.bootstrap import file_connector, make_house, sample_sources
from assistant.links.importer import bring_in
from assistant.visit.export import rendered
from connectors.base import Connector
from tests.conftest import ROOT

FOLDER = Path(__file__).parent / "golden"


class Patient(NamedTuple):
    """Whose sheet, and on which day."""

    file: str
    """How the name of the file in the material begins; `sample` for the invented patient."""
    today: dt.date


PATIENTS = (
    Patient("sample", dt.date(2026, 11, 22)),
    Patient("Kyla", dt.date(2021, 6, 1)),
    Patient("Jacob", dt.date(2004, 8, 10)),
    Patient("Elsy", dt.date(2021, 6, 1)),
)


def sheet_of(patient: Patient, material: Path | None) -> str:
    """The sheet that is made for a patient, in a vault of its own."""
    moment = dt.datetime.combine(patient.today, dt.time(12), dt.UTC)
    with tempfile.TemporaryDirectory() as folder:
        house, _ = make_house("a passphrase for one test", home=Path(folder) / "home", clock=lambda: moment)
        try:
            asyncio.run(bring_in(house.vault, sources(patient, material), clock=house.clock))
            return rendered(house.visits.new(), "md").decode()
        finally:
            house.vault.close()


def sources(patient: Patient, material: Path | None) -> list[Connector]:
    """Where the patient's records come from."""
    if material is None:
        return list(sample_sources())
    (file,) = (material / "fhir-r4").glob(f"{patient.file}_*.json")
    return [file_connector(file)]


def path_of(patient: Patient) -> Path:
    """The file of a golden sheet."""
    return FOLDER / f"{patient.file.lower()}.md"


def main() -> None:
    """Write every golden sheet."""
    os.environ["CHARTSIDE_TEST_KDF"] = "1"
    material = Path(os.environ.get("CHARTSIDE_MATERIAL", ROOT.parent / "shared" / "material"))
    for patient in PATIENTS:
        path_of(patient).write_text(sheet_of(patient, None if patient.file == "sample" else material))


if __name__ == "__main__":
    main()
