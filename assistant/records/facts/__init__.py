"""Facts that code works out from records: pure functions over sequences of `Record`.

Units are compared before values, digits are exact, and only records that are facts feed a value. Texts are
finished sentences for a patient; no range and no judgement but the source's own stands in them.
"""

from assistant.records.facts.before_after import before_after
from assistant.records.facts.change import between, change
from assistant.records.facts.counting import count, count_on_side, nothing
from assistant.records.facts.detail import age, birth_date, detail, no_birth_date
from assistant.records.facts.disagree import disagreements
from assistant.records.facts.extremes import average, maximum, minimum
from assistant.records.facts.gaps import gaps
from assistant.records.facts.happenings import (
    ever,
    first_time,
    last_time,
    named_in,
    nth_time,
    only_otherwise,
    stopped,
)
from assistant.records.facts.measures import Measure, comparable, measures
from assistant.records.facts.model import Fact, FactKind, Frame
from assistant.records.facts.news import begun_since, ended_since, measured_since
from assistant.records.facts.none import looked_in, none
from assistant.records.facts.parts import as_record
from assistant.records.facts.periods import Step, by_time
from assistant.records.facts.phrases import NOUNS, tells
from assistant.records.facts.reasons import why_ended
from assistant.records.facts.runs import runs
from assistant.records.facts.sets import current, holds, listed
from assistant.records.facts.sides import Side, side_of
from assistant.records.facts.things import newest
from assistant.records.facts.together import together
from assistant.records.facts.values import (
    around,
    at_time,
    earliest,
    flagged,
    latest,
    nearest,
    previous,
    values,
)

__all__ = [
    "NOUNS",
    "Fact",
    "FactKind",
    "Frame",
    "Measure",
    "Side",
    "Step",
    "age",
    "around",
    "as_record",
    "at_time",
    "average",
    "before_after",
    "begun_since",
    "between",
    "birth_date",
    "by_time",
    "change",
    "comparable",
    "count",
    "count_on_side",
    "current",
    "detail",
    "disagreements",
    "earliest",
    "ended_since",
    "ever",
    "first_time",
    "flagged",
    "gaps",
    "holds",
    "last_time",
    "latest",
    "listed",
    "looked_in",
    "maximum",
    "measured_since",
    "measures",
    "minimum",
    "named_in",
    "nearest",
    "newest",
    "no_birth_date",
    "none",
    "nothing",
    "nth_time",
    "only_otherwise",
    "previous",
    "runs",
    "side_of",
    "stopped",
    "tells",
    "together",
    "values",
    "why_ended",
]
