"""The patient's word for one message: said before with `--yes`, or asked for on a terminal."""

import click

from assistant.chat.events import Outgoing
from assistant.chat.telling import first_time, told_cost
from assistant.cli.output import note
from assistant.cli.secrets import on_terminal
from assistant.records.model import CATEGORY_NAMES
from assistant.sharing.consent import answers


class Approvals:
    """Approves messages for the command line."""

    def __init__(self, *, yes: bool) -> None:
        self._yes = yes

    async def __call__(self, outgoing: Outgoing) -> bool:
        """Whether this very message may be sent. Without a terminal nobody can be asked: no."""
        if outgoing.over_cap:
            note(outgoing.over_cap)
        elif self._yes:
            return True
        if not on_terminal():
            return False
        for text in preview(outgoing):
            note(text)
        return click.confirm("Send exactly this?", default=False, err=True)


def preview(outgoing: Outgoing) -> list[str]:
    """The message for a person: where it goes, every record in it, its size and hash."""
    destination, message, request = outgoing.destination, outgoing.message, outgoing.request
    where = "stays on this computer" if destination.stays_here else f"goes to {destination.host}"
    lines = [f"To {destination.id} ({destination.model}), which {where}:"]
    lines += [f"  question: {message.question}"]
    lines += [f"  fact {fact.ref}: {fact.text}" for fact in message.facts]
    lines += [
        f"  [{item.ref}] {CATEGORY_NAMES[item.category]}: {item.text} ({item.tokens} tokens)"
        for item in message.items
    ]
    lines += [f"  {len(message.history)} earlier exchanges of this chat"] if message.history else []
    lines += [f"  {text}" for text in outgoing.local.coverage]
    lines += [f"  {text}" for text in answers(destination)[:2]]
    lines += [f"  {first_time(outgoing)}"] if outgoing.first and message.history else []
    cost = f", about {told_cost(outgoing.estimate)}" if outgoing.estimate else ""
    return [
        *lines,
        f"  {len(request.body)} bytes, about {message.tokens} tokens{cost}, sha256 {request.sha256[:16]}…",
    ]
