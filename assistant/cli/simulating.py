"""Replay session files and report: `simulate`, the tester's rig."""

import json
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import click

from assistant.cli.output import emit, fail, json_option, note
from assistant.cli.secrets import key_of
from assistant.errors import NothingDone
from assistant.safe_text import safe_line
from assistant.simulate.junit import junit
from assistant.simulate.page import page
from assistant.simulate.plan import Asked, Plan, keys, load, narrowed
from assistant.simulate.report import as_json as as_document
from assistant.simulate.report import judged, report
from assistant.simulate.result import Report, Result
from assistant.simulate.run import Replayed, Turn, replay, whereto
from assistant.vault.files import storing, write_atomically

MOST_TIMES = 1000


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--to", "only", multiple=True, metavar="DEST", help="Only this destination; may be repeated.")
@click.option(
    "--times", type=click.IntRange(1, MOST_TIMES), default=1, metavar="N", help="Ask everything N times."
)
@click.option(
    "--report",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write report.json, report.xml (JUnit) and report.html there.",
)
@json_option
def simulate(
    files: tuple[Path, ...], only: tuple[str, ...], times: int, folder: Path | None, as_json: bool
) -> None:
    """Replay session files without a screen, and report what held.

    A session file names records, destinations, grants, questions, and what is expected; docs/simulate.md
    describes it. Its grants are the consent: every message is approved. Your own records are not opened.
    """
    plans = narrowed([load(path) for path in files], only)
    secrets = [keys(plan, key_of) for plan in plans]
    if folder is not None:
        with storing():
            folder.mkdir(parents=True, exist_ok=True)
    began = perf_counter()
    sessions = [
        _replayed(plan, times, found) for plan, found in zip(plans, secrets, strict=True) if plan.asked
    ]
    made = report(sessions, times=times, seconds=perf_counter() - began)
    if folder is not None:
        _write(folder, made)
    if made.ok:
        emit(as_document(made), _lines(made), as_json=as_json)
        return
    missed = NothingDone(
        f"{made.of - made.passed} of {made.of} runs did not pass.",
        "The reasons stand under each question, and in the report.",
        title="Not everything is as expected",
    )
    fail(as_document(made), missed, _lines(made), as_json=as_json)


def _replayed(plan: Plan, times: int, found: dict[str, str]) -> Replayed:
    for destination in whereto(plan):
        note(f"{safe_line(plan.name)}: messages to {destination.id} go to {destination.host}.")

    def told(asked: Asked, to: str, time: int, turn: Turn) -> None:
        verdict = "failed" if judged(asked, turn) else "passed"
        note(safe_line(f"{plan.name}: {to}, {time} of {times}, question {asked.n}: {verdict}"))

    replayed = replay(plan, times=times, keys=found, told=told)
    left = replayed.records.refused + replayed.records.set_aside + replayed.records.problems
    if left:
        note(f"{safe_line(plan.name)}: {left} of its records were not used: someone else's, or unreadable.")
    return replayed


def _write(folder: Path, made: Report) -> None:
    """Write the three files; they hold what the records hold, so only their owner can read them."""
    written = json.dumps(as_document(made), indent=2) + "\n"
    write_atomically(folder / "report.json", written.encode())
    write_atomically(folder / "report.xml", junit(made))
    write_atomically(folder / "report.html", page(made).encode())
    note(f"The report is in {folder}: report.json, report.xml, report.html. It holds answers in clear.")


def _lines(made: Report) -> list[str]:
    lines = []
    for session in made.sessions:
        lines.append(safe_line(f"{session.name}: {session.passed} of {session.of} passed"))
        for question in session.questions:
            lines.append(safe_line(f"{question.n}. {question.ask}"))
            lines += [line for result in question.results for line in _result_lines(result)]
    return lines


def _result_lines(result: Result) -> list[str]:
    seconds = result.spread.timing.total
    answers = result.spread.answers
    took = f", {seconds.median:.2f} s" if seconds is not None else ""
    told = f"{answers} different answers" if answers != 1 else "1 answer"
    mark = "✓" if result.passed == result.of else "✗"
    lines = [f"   {mark} {result.to}: {result.passed} of {result.of} passed, {told}{took}"]
    lines += [safe_line(f"       {answer}") for answer in _distinct(result)]
    lines += [safe_line(f"     ! run {run.run}: {reason}") for run in result.runs for reason in run.reasons]
    return lines


def _distinct(result: Result) -> Sequence[str]:
    """Each answer once, on one line and in quotes, so that none reads as a line of the report."""
    found = dict.fromkeys(run.answer for run in result.runs if run.answer is not None)
    return [f"“{' '.join(answer.split())}”" for answer in found]


COMMANDS: dict[str, click.Command] = {"simulate": simulate}
