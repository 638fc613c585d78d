"""A turn in a few words, the same on every face: what goes, where, what checking found."""

from collections import Counter

from assistant.chat.events import Answer, Outgoing
from assistant.records.model import CATEGORY_NAMES, Category
from assistant.sharing.model import Destination


def where(destination: Destination) -> str:
    """Where a destination is: `on this computer`, or its host."""
    return "on this computer" if destination.stays_here else f"to {destination.host}"


def sent(outgoing: Outgoing) -> str:
    """`6 records, 1,184 tokens, on this computer`."""
    message = outgoing.message
    return f"{plural(len(message.items), 'record')}, {message.tokens:,} tokens, {where(outgoing.destination)}"


def would_send(outgoing: Outgoing) -> str:
    """`6 records (Lab results 4, Medications 2), about 1,184 tokens`."""
    counts = Counter(item.category for item in outgoing.message.items)
    each = ", ".join(f"{CATEGORY_NAMES[c]} {counts[c]}" for c in Category if counts[c])
    records = plural(len(outgoing.message.items), "record")
    return f"{records}{f' ({each})' if each else ''}, about {outgoing.message.tokens:,} tokens"


def checked(answer: Answer) -> str:
    """`✓ 4 numbers match your records`, or how many don't."""
    wrong = [number.text for number in answer.numbers if not number.ok]
    if wrong:
        return f"! {plural(len(wrong), 'number')} not in the records that were sent: {', '.join(wrong[:6])}"
    if not answer.numbers:
        return ""
    match = "matches" if len(answer.numbers) == 1 else "match"
    return f"✓ {plural(len(answer.numbers), 'number')} {match} your records"


def plural(count: int, noun: str) -> str:
    """`1 record`, `1,204 records`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
