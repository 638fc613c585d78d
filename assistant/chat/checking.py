"""Check an answer against what was sent: each reference, each number."""

import re
from collections.abc import Sequence

from assistant.chat.events import Answer, CheckedNumber, Citation
from assistant.sharing.model import Message

_REF = re.compile(r"\[(\d{1,4})\]")
_NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:[.,]\d+)*(?:\.\d+)?(?![\w])")


def check(text: str, message: Message) -> Answer:
    """The answer with its citations bound to records, its numbers looked up, and warnings in plain words."""
    known = {item.ref: item.record for item in message.items}
    refs = list(dict.fromkeys(int(ref) for ref in _REF.findall(text)))
    citations = tuple(Citation(ref, known[ref]) for ref in refs if ref in known)
    warnings = tuple(f"[{ref}] is not a record that was sent." for ref in refs if ref not in known)
    numbers = tuple(_checked(_REF.sub(" ", text), message))
    if any(not number.ok for number in numbers):
        warnings += ("Some numbers in this answer do not stand in the records that were sent.",)
    return Answer(text=text, citations=citations, numbers=numbers, warnings=warnings)


def _checked(text: str, message: Message) -> Sequence[CheckedNumber]:
    sources = [(str(item.ref), set(_NUMBER.findall(item.text))) for item in message.items]
    sources += [(fact.ref, set(_NUMBER.findall(fact.text))) for fact in message.facts]
    found = []
    for number in dict.fromkeys(_NUMBER.findall(text)):
        ref = next((ref for ref, numbers in sources if number in numbers), None)
        found.append(CheckedNumber(text=number, ok=ref is not None, ref=ref))
    return found
