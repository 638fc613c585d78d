"""A message as text, for models that take no records of their own form."""

from assistant.records.model import CATEGORY_NAMES
from assistant.sharing.model import Message


def user_text(message: Message) -> str:
    """Records first, then what was worked out from them, then the question: what is nearest weighs most."""
    parts = [f"Today is {message.today}."]
    if message.items:
        records = (f"[{i.ref}] {CATEGORY_NAMES[i.category]}: {i.text}" for i in message.items)
        parts.append("\n".join(["RECORDS", *records]))
    if message.facts:
        parts.append("\n".join(["FACTS", *facts_lines(message)]))
    return "\n\n".join([*parts, f"QUESTION\n{message.question}"])


def facts_lines(message: Message) -> list[str]:
    """`F1: … [3][4]`, a line each."""
    return [
        f"{fact.ref}: {fact.text} {''.join(f'[{ref}]' for ref in fact.items)}".rstrip()
        for fact in message.facts
    ]
