"""Talk line by line: `chat` with your own records, `demo` with an invented patient's."""

import asyncio
import shutil
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import click

from assistant.bootstrap import House, make_house, sample_sources
from assistant.chat.browse import PastTurn
from assistant.cli.approving import Approvals
from assistant.cli.asking import answer_document, outgoing_document
from assistant.cli.opening import opened
from assistant.cli.output import emit, json_option
from assistant.links.importer import bring_in
from assistant.plain import HELP, LineChat
from assistant.records.model import CATEGORY_NAMES
from assistant.safe_text import safe_text


@click.command()
@click.argument("chat_id", required=False, metavar="[ID]")
@json_option
def chat(chat_id: str | None = None, as_json: bool = False) -> None:
    """Talk with your records, line by line; with an ID, show that conversation."""
    with opened() as house:
        if chat_id is None and as_json:
            talk = LineChat(house, _quiet, Approvals(yes=False))
            talk.run(_typed())
            chat_id = talk.chat
        if chat_id is not None or as_json:
            turns = house.chats.turns(chat_id) if chat_id is not None else ()
            document = {"chat": chat_id, "turns": [_turn(turn) for turn in turns]}
            emit(document, [line for turn in turns for line in _turn_lines(turn)], as_json=as_json)
            return
        owner = house.shelf.owner()
        _say(f"{owner.name if owner else 'Your records'}. {HELP}" if sys.stdin.isatty() else "")
        LineChat(house, _say, Approvals(yes=False)).run(_typed())


def guided(*, as_json: bool) -> None:
    """The demo without a screen: questions asked for the patient, then line by line."""
    from connectors.sample.questions import GUIDED

    with tempfile.TemporaryDirectory(prefix="chartside-demo-") as folder:
        house, _ = make_house("an invented patient's passphrase", home=Path(folder) / "home")
        try:
            report = asyncio.run(bring_in(house.vault, sample_sources(), clock=house.clock))
            if as_json:
                emit(
                    {"records": report.totals.new, "questions": [guided.text for guided in GUIDED]},
                    [],
                    as_json=True,
                )
                return
            _guide(house, tuple(guided.text for guided in GUIDED))
        finally:
            house.vault.close()


def _guide(house: House, questions: tuple[str, ...]) -> None:
    owner = house.shelf.owner()
    counts = house.shelf.counts()
    _say(f"{owner.name if owner else 'Sample patient'} (invented), born {owner.born if owner else ''}")
    _say("SHARING  " + "  ".join(f"● {CATEGORY_NAMES[c]} {count}" for c, count in counts.items()))
    _say("Answers come from code on this computer (offline). Nothing leaves it.\n")
    talk = LineChat(house, _say, Approvals(yes=False))
    for question in questions:
        _say(f"> {question}")
        talk.line(question)
        _say("")
    if sys.stdin.isatty():
        _say(f"Now you. {HELP}")
        talk.run(_typed())


def _typed() -> Iterator[str]:
    if not sys.stdin.isatty():
        yield from sys.stdin
        return
    while True:
        try:
            yield input("> ")
        except EOFError:
            return


def _say(text: str) -> None:
    """Print foreign and own text alike, folded to the width of the terminal where there is one."""
    lines = safe_text(text).split("\n")
    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns
        lines = [piece for line in lines for piece in _wrapped(line, width)]
    click.echo("\n".join(lines))


def _quiet(_: str) -> None:
    """Say nothing: the document tells it all at the end."""


def _wrapped(line: str, width: int) -> list[str]:
    return textwrap.wrap(line, width, subsequent_indent="  ", break_on_hyphens=False) or [""]


def _turn(turn: PastTurn) -> dict[str, object]:
    return {
        "at": turn.at,
        "destination": turn.destination,
        "question": turn.question,
        "state": turn.state,
        "answer": answer_document(turn.answer) if turn.answer is not None else None,
        "outgoing": outgoing_document(turn.outgoing) if turn.outgoing is not None else None,
    }


def _turn_lines(turn: PastTurn) -> list[str]:
    answer = turn.answer.text if turn.answer is not None and turn.answer.text else f"({turn.state})"
    return [f"You, {turn.at}: {turn.question}", f"{turn.destination}: {answer}", ""]


COMMANDS: dict[str, click.Command] = {"chat": chat}
