"""From all that rules would ask to at most ten questions, in a fixed order.

1. Questions that a later note may answer already come after the rest; a note moves no flagged result.
2. By rule, in the order of `Rule`; at most three of one rule, critical results aside.
3. Of one rule the newest first; of one day by wording, then by record id.
"""

from collections.abc import Iterable, Sequence

from assistant.visit.answered import mention, notes_of
from assistant.visit.candidate import Candidate, behind
from assistant.visit.chart import Chart
from assistant.visit.model import RANK, Mention, Question, Rule
from assistant.visit.rules_medicines import (
    conflicts,
    new_medicines,
    stopped_medicines,
    taken_despite_allergy,
    without_reason,
)
from assistant.visit.rules_results import changed, flagged, overdue, waiting
from assistant.visit.rules_things import contradictions, planned, unsettled

MOST_OF_A_RULE = 3
RULES = (
    *(flagged, taken_despite_allergy, contradictions, conflicts, new_medicines, stopped_medicines),
    *(waiting, changed, planned, unsettled, without_reason, overdue),
)


def candidates(chart: Chart) -> list[Candidate]:
    """Everything that the rules would ask, unranked."""
    return [candidate for rule in RULES for candidate in rule(chart)]


def ranked(chart: Chart) -> list[Question]:
    """Questions in the order in which they should be asked, each rule's share only; without ids."""
    notes = notes_of(chart)
    found = [(candidate, mention(candidate, notes)) for candidate in candidates(chart)]
    kept: list[Question] = []
    asked: dict[Rule, int] = {}
    for candidate, noted in _ordered(found):
        if candidate.rule is Rule.UNMENTIONED and noted:
            continue
        number = asked.get(candidate.rule, 0)
        if number >= MOST_OF_A_RULE and candidate.rule is not Rule.CRITICAL:
            continue
        asked[candidate.rule] = number + 1
        kept.append(_question(candidate, noted, chart))
    return kept


def _ordered(
    found: Iterable[tuple[Candidate, Mention | None]],
) -> Sequence[tuple[Candidate, Mention | None]]:
    alike = sorted(found, key=lambda pair: (pair[0].text, pair[0].records[0].id))
    newest = sorted(alike, key=lambda pair: pair[0].day, reverse=True)
    return sorted(newest, key=lambda pair: (_moved_back(*pair), RANK[pair[0].rule]))


def _moved_back(candidate: Candidate, noted: Mention | None) -> bool:
    return noted is not None and candidate.rule not in (Rule.CRITICAL, Rule.FLAGGED)


def _question(candidate: Candidate, noted: Mention | None, chart: Chart) -> Question:
    return Question(
        id="",
        text=candidate.text,
        why=candidate.why,
        records=chart.ids(candidate.records),
        behind=behind(candidate.records),
        rule=candidate.rule,
        already_answered=noted,
    )
