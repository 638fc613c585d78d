"""One question, several models, side by side: `compare`."""

import asyncio
from collections.abc import Sequence
from typing import Any

import click
import msgspec

from assistant.bootstrap import House
from assistant.chat.comparing import Compared, compare
from assistant.chat.telling import checked, told_usage
from assistant.cli.approving import Approvals
from assistant.cli.asking import answer_document, outgoing_document, refused
from assistant.cli.opening import opened
from assistant.cli.output import emit, fail, json_option
from assistant.cli.records import named_categories
from assistant.records.model import Category


@click.command("compare")
@click.argument("question")
@click.option("--to", "destinations", multiple=True, required=True, metavar="DEST", help="Whom; two or more.")
@click.option("--once", metavar="C,...", help="Share these categories with all of them, this time only.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent; send nothing.")
@click.option("--yes", is_flag=True, help="Approve the messages without being asked.")
@json_option
def comparing(
    question: str, destinations: tuple[str, ...], once: str | None, dry_run: bool, yes: bool, as_json: bool
) -> None:
    """Ask several the same question, on the same records, and show the answers side by side."""
    with opened() as house:
        run = _run(house, question, destinations, Approvals(yes=yes), named_categories(once), dry_run)
        results = asyncio.run(run)
    document, lines = _document(results), [line for result in results for line in _lines(result)]
    if dry_run or any(result.answer is not None for result in results):
        emit(document, lines, as_json=as_json)
        return
    error = next((r.failed for r in results if r.failed), refused(results[0].not_sent or ""))
    fail(document, error, lines, as_json=as_json)


async def _run(
    house: House,
    question: str,
    destinations: Sequence[str],
    approvals: Approvals,
    once: tuple[Category, ...],
    dry_run: bool,
) -> list[Compared]:
    results: dict[str, Compared] = {}
    async for result in compare(house.chat, question, destinations, approvals, once=once, dry_run=dry_run):
        results[result.destination] = result
    return list(results.values())


def _document(results: Sequence[Compared]) -> dict[str, Any]:
    return {
        "chat": results[0].chat if results else None,
        "outgoing": {r.destination: outgoing_document(r.outgoing) for r in results if r.outgoing},
        "answers": {r.destination: _answer(r) for r in results},
        "timing": {r.destination: {"first": r.first, "total": r.total} for r in results},
    }


def _answer(result: Compared) -> dict[str, Any]:
    document: dict[str, Any] = {"sent": result.answer is not None or bool(result.failed and _left(result))}
    if result.answer is not None:
        document |= answer_document(result.answer) | {"usage": msgspec.to_builtins(result.usage)}
        document["unsupported"] = [number.text for number in result.answer.numbers if not number.ok]
    if result.failed is not None:
        error = result.failed
        document["error"] = {"title": error.title, "text": error.text, "next": error.next_step}
    if result.not_sent is not None:
        document["not_sent"] = result.not_sent
    return document


def _left(result: Compared) -> bool:
    return bool(getattr(result.failed, "sent", False))


def _lines(result: Compared) -> list[str]:
    lines = [f"— {result.destination}"]
    if result.answer is not None:
        times = f"first word after {result.first or 0:.1f} s, done after {result.total or 0:.1f} s"
        beside = [checked(result.answer), told_usage(result.usage), times]
        lines += [result.answer.text, f"  {' · '.join(text for text in beside if text)}"]
        lines += [f"  ! {warning}" for warning in result.answer.warnings]
    elif result.failed is not None:
        lines += [f"{result.failed.title}. {result.failed.text} {result.failed.next_step}"]
    elif result.outgoing is not None:
        request = result.outgoing.request
        lines += [
            f"Not sent: {result.not_sent}.",
            f"{request.method} {request.url}",
            f"sha256 {request.sha256}",
        ]
    return [*lines, ""]


COMMANDS: dict[str, click.Command] = {"compare": comparing}
