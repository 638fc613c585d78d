"""Check an answer against what was sent: each reference, each number and date, each piece of advice."""

from assistant.chat.checks import advice, status
from assistant.chat.checks.binding import Binder
from assistant.chat.checks.marks import references
from assistant.chat.checks.sources import sources
from assistant.chat.checks.subjects import Subjects
from assistant.chat.events import Answer, Citation
from assistant.grounding.lexicon import lexicon
from assistant.sharing.model import Message


def check(text: str, message: Message) -> Answer:
    """The answer with its citations bound to records, its numbers looked up, and warnings in plain words."""
    known = {item.ref: item.record for item in message.items}
    named = (ref for _, _, names in references(text) for ref in names)
    refs = list(dict.fromkeys(int(ref) for ref in named if ref.isdigit()))
    citations = tuple(Citation(ref, known[ref]) for ref in refs if ref in known)
    warnings = tuple(f"[{ref}] is not a record that was sent." for ref in refs if ref not in known)
    words = lexicon()
    sent = sources(message, words)
    numbers = tuple(Binder(sent, Subjects(sent, words), message.question).checked(text))
    if any(not number.ok for number in numbers):
        warnings += ("Some numbers in this answer do not stand in the records that were sent.",)
    warnings += (*advice.warnings(text, message.items), *status.unsaid(text, message.items))
    return Answer(text=text, citations=citations, numbers=numbers, warnings=warnings)
