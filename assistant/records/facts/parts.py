"""One component of a panel as a value of its own."""

import msgspec

from assistant.records.facts.text import named, one_line
from assistant.records.model import Part, Record


def as_record(record: Record, part: Part) -> Record:
    """The record as if it held this component alone, under both their names: same id, date and trust."""
    return msgspec.structs.replace(
        record,
        title=f"{named(record)}, {one_line(part.title)}",
        codes=part.codes,
        value=part.value,
        interpretation=part.interpretation,
        ranges=part.ranges,
        parts=(),
    )
