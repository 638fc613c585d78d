"""The whole run: every case asked of the product and of both baselines, and judged."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.chat.prepare import BUDGET_TOKENS
from assistant.grounding.tokens import estimate
from tests.answers.asking import Answered, Patient, patient
from tests.answers.baselines import Line, within
from tests.answers.chart import Chart
from tests.answers.families import Case
from tests.answers.scoring import Outcome, Score, outcome, precision, recall

PRODUCT, NEWEST, BM25 = "chartside", "newest first", "BM25"


@dataclass(frozen=True)
class Judged:
    """One case with what the product said and all scores."""

    case: Case
    answered: Answered
    scores: dict[str, Score]


def run(
    cases: Sequence[Case], charts: Sequence[Chart], folder: Path, told: Callable[[str], None] = lambda _: None
) -> Iterator[Judged]:
    """Ask all cases, one patient after the other; each bundle is brought in once, under `folder`."""
    for number, chart in enumerate(charts):
        asked = [case for case in cases if case.patient == chart.path.name]
        if asked:
            told(chart.name)
            with patient(chart, folder / str(number)) as whose:
                held = whose.resources
                for case in asked:
                    missing = case.expected.true - held
                    assert not missing, f"{case.id}: not in the vault: {sorted(missing)}"
                    yield judged(whose, case)


def judged(whose: Patient, case: Case) -> Judged:
    """One case, asked and judged."""
    answered = whose.answered(case)
    lines, index = whose.lines(case)
    asked = " ".join(filter(None, (case.previous, case.question)))
    return Judged(
        case,
        answered,
        {
            PRODUCT: _of_product(case, answered),
            NEWEST: _of_baseline(case, within(lines, BUDGET_TOKENS, estimate)),
            BM25: _of_baseline(case, within(index.ranked(asked), BUDGET_TOKENS, estimate)),
        },
    )


def _of_product(case: Case, answered: Answered) -> Score:
    became = outcome(
        case.expected,
        answered.facts,
        must_say=case.kind == "not_shared",
        said=any(category in answered.off for category in case.off),
    )
    score = _score(case, answered.given, answered.tokens, became)
    if not case.expected.aggregate:
        return score
    right = float(became is Outcome.RIGHT)
    return replace(score, recall=right, precision=right)


def _of_baseline(case: Case, lines: Sequence[Line]) -> Score:
    """A baseline has no facts: what is worked out over many records needs all of them to be given."""
    return _score(case, [line.record for line in lines], sum(estimate(line.text) for line in lines), None)


def _score(case: Case, given: Sequence[str], tokens: int, became: Outcome | None) -> Score:
    true = case.expected.true
    return Score(
        kind=case.kind,
        answerable=case.expected.answerable,
        single=len(true) == 1 and not case.expected.aggregate and len(case.expected.ways[0]) == 1,
        recall=recall(true, given),
        precision=precision(true, given),
        outcome=became,
        tokens=tokens,
    )
