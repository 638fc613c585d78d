"""The sample patient's whole chart, source by source, in an order that never changes."""

from connectors.sample.background import background
from connectors.sample.conditions import conditions
from connectors.sample.daily import daily_life
from connectors.sample.fhir import Resource
from connectors.sample.hostile import hostile
from connectors.sample.insurance import insurance
from connectors.sample.lab_turns import unusual_labs
from connectors.sample.labs import mercy_labs
from connectors.sample.medicines import medicines
from connectors.sample.notes import notes
from connectors.sample.people import mercy_people
from connectors.sample.prevention import allergies, immunizations
from connectors.sample.procedures import procedures
from connectors.sample.visits import visits
from connectors.sample.vitals import vitals


def mercy() -> list[Resource]:
    """Everything the hospital holds: who is who first, then record by record."""
    return [
        *mercy_people(),
        *conditions(),
        *medicines(),
        *mercy_labs(),
        *unusual_labs(),
        *vitals(),
        *immunizations(),
        *allergies(),
        *procedures(),
        *visits(),
        *notes(),
        *daily_life(),
        *insurance(),
        *background(),
        *hostile(),
    ]
