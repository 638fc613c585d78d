"""Ask and look back: `ask`, `models`, `chats`."""

import asyncio
from typing import Any

import click
import msgspec

from assistant.bootstrap import House, country
from assistant.chat.events import Answer, Finished, NotSent, Outgoing, OutgoingReady, QuestionSaved, Sending
from assistant.chat.holding import no_longer_shared
from assistant.chat.question import Question
from assistant.chat.telling import told_sources
from assistant.cli.approving import Approvals
from assistant.cli.opening import opened
from assistant.cli.output import emit, fail, json_option
from assistant.cli.records import named_categories
from assistant.errors import ModelFailed, Refused
from assistant.llm.base import Usage
from assistant.safety.card import card
from assistant.safety.recognise import recognise


class Turn(msgspec.Struct):
    """What one turn came to."""

    chat: str | None = None
    outgoing: Outgoing | None = None
    not_sent: str | None = None
    sent: list[Outgoing] = []
    """Every message that left (or was read here), in order."""
    answer: Answer | None = None
    usage: Usage | None = None


@click.command()
@click.argument("question", nargs=-1, metavar="QUESTION")
@click.option(
    "--skill", metavar="ID", help="Ask with a skill; QUESTION is then what it is told, if anything."
)
@click.option("--to", "destination", default="offline", metavar="DEST", help="Whom to ask (else offline).")
@click.option("--once", metavar="C,...", help="Share these categories for this question only.")
@click.option("--chat", metavar="ID", help="Go on in this chat.")
@click.option("--anyway", is_flag=True, help="Ask although a card for something urgent would answer.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent; send nothing.")
@click.option("--yes", is_flag=True, help="Approve the message without being asked.")
@json_option
def ask(
    question: tuple[str, ...],
    skill: str | None,
    destination: str,
    once: str | None,
    chat: str | None,
    anyway: bool,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Ask a question about your records."""
    if skill is None and len(question) != 1:
        raise click.UsageError("Type one question, in quotes.")
    typed, turn = " ".join(question), Turn(chat=chat)
    if not anyway:
        answer_urgent(typed, as_json=as_json)
    with opened() as house:
        using = house.skills.use(skill, typed) if skill is not None else None
        asked = Question(
            using.question if using is not None else typed,
            destination,
            chat,
            named_categories(once),
            skill=using,
            anyway=True,
            dry_run=dry_run,
        )
        try:
            asyncio.run(_run(house, asked, Approvals(yes=yes), turn))
        except (ModelFailed, Refused) as error:
            sent = len(turn.sent) > 1 or (isinstance(error, ModelFailed) and error.sent and bool(turn.sent))
            fail(_document(turn, sent=sent), error, [], as_json=as_json)
    document, lines = _document(turn, sent=bool(turn.sent)), _lines(turn)
    if turn.answer is not None or turn.not_sent in (None, "dry run"):
        emit(document, lines, as_json=as_json)
        return
    fail(document, refused(turn.not_sent or ""), lines, as_json=as_json)


@click.command()
@json_option
def chats(as_json: bool) -> None:
    """Your conversations, the latest first."""
    with opened() as house:
        found = house.chats.all()
    document = {"chats": [msgspec.to_builtins(chat) for chat in found]}
    lines = [f"{chat.id}  {chat.updated}  {chat.title}" for chat in found] or ["No conversation yet."]
    emit(document, lines, as_json=as_json)


def outgoing_document(outgoing: Outgoing) -> dict[str, Any]:
    """An outgoing message as the contract's `outgoing`."""
    request, message = outgoing.request, outgoing.message
    return {
        "destination": request.destination,
        "method": request.method,
        "url": request.url,
        "headers": dict(request.headers),
        "body": request.body.decode("utf-8"),
        "sha256": request.sha256,
        "items": [
            {
                "ref": item.ref,
                "record": item.record,
                "category": item.category.value,
                "text": item.text,
                "tokens": item.tokens,
            }
            for item in message.items
        ],
        "facts": [
            {"ref": fact.ref, "kind": fact.kind, "text": fact.text, "records": list(fact.records)}
            for fact in message.facts
        ],
        "tokens": message.tokens,
        "prompts": [msgspec.to_builtins(prompt) for prompt in message.prompts],
    }


def answer_document(answer: Answer) -> dict[str, Any]:
    """An answer as the contract's `answer`."""
    document: dict[str, Any] = msgspec.to_builtins(answer)
    return document


def answer_urgent(question: str, *, as_json: bool) -> None:
    """Answer with a card where something urgent may be said: before the vault is opened, and instead."""
    urgent = recognise(question)
    if urgent is None:
        return
    shown = card(urgent, country())
    answer = Answer(text=shown.text, citations=(), numbers=(), warnings=())
    document = {
        "chat": None,
        "sent": False,
        "safety": {"kind": shown.kind.value, "lines": list(shown.lines)},
        "answer": answer_document(answer),
    }
    refusal = Refused(
        "This may be urgent; nothing was sent.",
        "To ask all the same, add --anyway.",
        title="Call for help first",
    )
    fail(document, refusal, [shown.text], as_json=as_json)


async def _run(house: House, asked: Question, approvals: Approvals, turn: Turn) -> None:
    async for event in house.chat.ask(asked, approvals):
        match event:
            case QuestionSaved(chat=chat):
                turn.chat = chat
            case OutgoingReady(outgoing=outgoing):
                turn.outgoing = outgoing
            case NotSent(why=why):
                turn.not_sent = why
            case Sending(outgoing=outgoing):
                turn.sent.append(outgoing)
            case Finished(answer=answer, usage=usage):
                turn.answer, turn.usage = answer, usage


def _document(turn: Turn, *, sent: bool) -> dict[str, Any]:
    document: dict[str, Any] = {"chat": turn.chat, "sent": sent}
    if turn.outgoing is not None:
        local = turn.outgoing.local
        document["outgoing"] = outgoing_document(turn.outgoing)
        document["local"] = {
            "left_out": [{"record": left.record, "why": left.why} for left in local.left_out],
            "off": [category.value for category in local.off],
            "coverage": list(local.coverage),
            "sources": [msgspec.to_builtins(origin) for origin in local.sources],
        }
        if len(turn.sent) > 1:
            document["rounds"] = [outgoing_document(outgoing) for outgoing in turn.sent]
    if turn.answer is not None and turn.usage is not None:
        document["answer"] = answer_document(turn.answer)
        document["usage"] = msgspec.to_builtins(turn.usage)
    return document


def _lines(turn: Turn) -> list[str]:
    if turn.answer is not None:
        return [turn.answer.text, *_beside(turn)]
    if turn.outgoing is not None:
        request = turn.outgoing.request
        return [f"{request.method} {request.url}", request.body.decode("utf-8"), f"sha256 {request.sha256}"]
    return []


def _beside(turn: Turn) -> list[str]:
    if turn.outgoing is None or turn.answer is None:
        return []
    items = {item.ref: item for item in turn.outgoing.message.items}
    cited = [f"[{c.ref}] {items[c.ref].text}" for c in turn.answer.citations if c.ref in items]
    where = told_sources(turn.outgoing.local)
    told = [*turn.answer.warnings, *turn.outgoing.local.coverage, *([where] if where else [])]
    return ["", *cited, *told]


def refused(why: str) -> Refused:
    """Why nothing was sent, as an error."""
    if why == "no longer shared":
        return no_longer_shared()
    return Refused(
        "The message was not approved.", "Look at it, then ask again with --yes, or on a terminal."
    )


COMMANDS: dict[str, click.Command] = {"ask": ask, "chats": chats}
