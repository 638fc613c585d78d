"""All tables, and the readers compiled from them."""

from assistant.records.fhir import (
    about,
    conditions,
    insurance,
    labs,
    medications,
    notes,
    prevention,
    procedures,
    visits,
)
from assistant.records.fhir.reader import Reader, reader
from assistant.records.fhir.table import Table

TABLES: dict[str, Table] = {
    table.type: table
    for home in (labs, medications, conditions, prevention, procedures, visits, notes, insurance, about)
    for table in home.TABLES
}
"""One table for each type that becomes a record."""

READERS: dict[str, Reader] = {kind: reader(table) for kind, table in TABLES.items()}
