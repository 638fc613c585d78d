"""A turn in a few words, the same on every face: what goes, where, what checking found."""

from collections import Counter

from assistant.chat.events import Answer, Local, Outgoing
from assistant.llm.base import Usage
from assistant.records.dates import shown_date
from assistant.records.model import CATEGORY_NAMES, Category
from assistant.sharing.model import Destination


def where(destination: Destination) -> str:
    """Where a destination is: `on this computer`, or its host."""
    return "on this computer" if destination.stays_here else f"to {destination.host}"


def told_usage(usage: Usage) -> str:
    """`412 + 63 tokens, $0.004`; empty where the destination told nothing."""
    if usage.input is None and usage.output is None:
        return ""
    tokens = f"{usage.input or 0:,} + {usage.output or 0:,} tokens"
    return f"{tokens}, {told_cost(usage.cost)}" if usage.cost else tokens


def told_cost(cost: float) -> str:
    """`$0.004`, `$1.20`; a cost below a tenth of a cent as such."""
    if cost < 0.001:
        return "less than $0.001"
    return f"${cost:.3f}" if cost < 0.1 else f"${cost:,.2f}"


def sent(outgoing: Outgoing, usage: Usage | None = None) -> str:
    """`6 records, 1,184 tokens, on this computer`; the tokens as the destination counted them, if it did."""
    message = outgoing.message
    told = told_usage(usage) if usage is not None and not outgoing.destination.in_process else ""
    tokens = told or f"{message.tokens:,} tokens"
    return f"{plural(len(message.items), 'record')}, {tokens}, {where(outgoing.destination)}"


def first_time(outgoing: Outgoing) -> str:
    """That a destination gets something of this chat for the first time, and what."""
    history = len(outgoing.message.history)
    earlier = f", with {plural(history, 'earlier exchange')} of this chat" if history else ""
    records = plural(len(outgoing.message.items), "record")
    return f"New to {outgoing.destination.id}: {records}{earlier}. It has had nothing of this chat before."


def would_send(outgoing: Outgoing) -> str:
    """`6 records (Lab results 4, Medications 2), about 1,184 tokens, about $0.004`."""
    counts = Counter(item.category for item in outgoing.message.items)
    each = ", ".join(f"{CATEGORY_NAMES[c]} {counts[c]}" for c in Category if counts[c])
    records = plural(len(outgoing.message.items), "record")
    cost = f", about {told_cost(outgoing.estimate)}" if outgoing.estimate else ""
    return f"{records}{f' ({each})' if each else ''}, about {outgoing.message.tokens:,} tokens{cost}"


def checked(answer: Answer) -> str:
    """`✓ 4 numbers match your records`, or how many don't."""
    wrong = [number.text for number in answer.numbers if not number.ok]
    if wrong:
        return f"! {plural(len(wrong), 'number')} not in the records that were sent: {', '.join(wrong[:6])}"
    if not answer.numbers:
        return ""
    match = "matches" if len(answer.numbers) == 1 else "match"
    return f"✓ {plural(len(answer.numbers), 'number')} {match} your records"


def told_sources(local: Local) -> str:
    """`From Mercy General (newest 18 Aug 2026) and Quest lab`; empty where no record went."""
    named = [
        f"{origin.name}{f' (newest {shown_date(origin.newest)})' if origin.newest else ''}"
        f"{', whose last update failed' if origin.failed else ''}"
        for origin in local.sources
    ]
    return f"From {'; '.join(named)}" if named else ""


def plural(count: int, noun: str) -> str:
    """`1 record`, `1,204 records`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
