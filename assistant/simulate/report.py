"""The report document, from what came of the sessions."""

from collections.abc import Iterable, Sequence
from importlib.metadata import version
from statistics import median

import msgspec

from assistant.clock import stamp, utc_now
from assistant.simulate import result
from assistant.simulate.plan import Asked, Plan
from assistant.simulate.result import Range, Report, Result, Run, RunTiming, Spread, SpreadTiming, Timing
from assistant.simulate.run import Replayed, Turn
from assistant.simulate.score import Seen, score

DIGITS = 4
"""Of a second."""


def report(sessions: Sequence[Replayed], *, times: int, seconds: float) -> Report:
    """Everything that the sessions came to; `seconds` is how long they took."""
    played = tuple(_played(session) for session in sessions)
    passed, of = sum(p.passed for p in played), sum(p.of for p in played)
    return Report(
        chartside=version("chartside"),
        times=times,
        ok=passed == of,
        passed=passed,
        of=of,
        sessions=played,
        timing=RunTiming(stamp(utc_now()), round(seconds, DIGITS)),
    )


def judged(asked: Asked, turn: Turn) -> tuple[str, ...]:
    """Why one turn does not pass; nothing where it does."""
    failure = turn.failure
    return score(
        asked.expect,
        Seen(
            answer=turn.answer.text if turn.answer is not None else None,
            cited=len(turn.answer.citations) if turn.answer is not None else 0,
            unsupported=_unsupported(turn),
            bodies=tuple(outgoing.request.body for outgoing in turn.sent),
            why=turn.why if not turn.sent else None,
            failed=f"{failure.title}. {failure.text}" if failure is not None else None,
        ),
    )


def _played(replayed: Replayed) -> result.Played:
    plan = replayed.plan
    questions = tuple(_question(asked, replayed) for asked in plan.asked)
    results = [one for question in questions for one in question.results]
    today = plan.session.today
    return result.Played(
        name=plan.name,
        file=str(plan.path),
        sha256=plan.sha256,
        today=today.isoformat() if today is not None else None,
        records=replayed.records,
        destinations=_places(plan),
        questions=questions,
        passed=sum(one.passed for one in results),
        of=sum(one.of for one in results),
    )


def _places(plan: Plan) -> tuple[result.Place, ...]:
    asked = {to for question in plan.asked for to in question.to}
    return tuple(
        result.Place(d.id, d.adapter, d.model, d.host, d.stays_here, d.id in plan.consent)
        for d in plan.destinations
        if d.id in asked
    )


def _question(asked: Asked, replayed: Replayed) -> result.Question:
    return result.Question(
        n=asked.n,
        ask=asked.ask,
        follows=asked.follows,
        expect=asked.expect,
        results=tuple(_result(asked, to, replayed.turns[asked.n, to]) for to in asked.to),
    )


def _result(asked: Asked, to: str, turns: Sequence[Turn]) -> Result:
    runs = tuple(_run(n, asked, turn) for n, turn in enumerate(turns, 1))
    spread = Spread(
        answers=len({run.answer for run in runs if run.answer is not None}),
        input=_range(run.usage.input for run in runs),
        output=_range(run.usage.output for run in runs),
        cost=_sum(run.usage.cost for run in runs),
        timing=SpreadTiming(
            _range(run.timing.first for run in runs), _range(run.timing.total for run in runs)
        ),
    )
    return Result(to, sum(run.passed for run in runs), len(runs), spread, runs)


def _run(n: int, asked: Asked, turn: Turn) -> Run:
    reasons = judged(asked, turn)
    answer, failure = turn.answer, turn.failure
    return Run(
        run=n,
        state="failed" if failure is not None else "answered" if answer is not None else "not sent",
        passed=not reasons,
        reasons=reasons,
        answer=answer.text if answer is not None else None,
        citations=_cited(turn),
        numbers=answer.numbers if answer is not None else (),
        unsupported=_unsupported(turn),
        warnings=answer.warnings if answer is not None else (),
        sent=_messages(turn),
        usage=turn.usage,
        failure=result.Failure(failure.title, failure.text, failure.next_step) if failure else None,
        why=turn.why,
        timing=Timing(
            round(turn.first, DIGITS) if turn.first is not None else None, round(turn.total, DIGITS)
        ),
    )


def _messages(turn: Turn) -> tuple[result.Message, ...]:
    return tuple(
        result.Message(
            sha256=outgoing.request.sha256,
            bytes=len(outgoing.request.body),
            tokens=outgoing.message.tokens,
            records=tuple(result.Line(str(item.ref), item.text) for item in outgoing.message.items),
            facts=tuple(result.Line(fact.ref, fact.text) for fact in outgoing.message.facts),
        )
        for outgoing in turn.sent
    )


def _cited(turn: Turn) -> tuple[result.Cited, ...]:
    if turn.answer is None or not turn.sent:
        return ()
    texts = {item.ref: item.text for item in turn.sent[-1].message.items}
    return tuple(result.Cited(c.ref, c.record, texts.get(c.ref, "")) for c in turn.answer.citations)


def _unsupported(turn: Turn) -> tuple[str, ...]:
    numbers = turn.answer.numbers if turn.answer is not None else ()
    return tuple(number.text for number in numbers if not number.ok)


def _range(figures: Iterable[float | None]) -> Range | None:
    known = [figure for figure in figures if figure is not None]
    return Range(min(known), median(known), max(known)) if known else None


def _sum(figures: Iterable[float | None]) -> float | None:
    known = [figure for figure in figures if figure is not None]
    return sum(known) if known else None


def as_json(document: Report) -> dict[str, object]:
    """The report as the JSON document that is printed and written."""
    built: dict[str, object] = msgspec.to_builtins(document)
    return built
