"""Recognizes what may be urgent in a message, on this computer and before any model.

It rather calls once too often: only the grammar of asking about records, of the past, of a meaning and of a
negation bound to the very symptom quietens it. Nobody's opinion, no normal result and nothing about the
person is looked at.
"""

from assistant.safety.data import CompiledRule, Rule, reviewed
from assistant.safety.frames import Grammar
from assistant.safety.lookup import Span
from assistant.safety.model import Urgent
from assistant.safety.reading import Reading

_FIRST = (Urgent.SELF_HARM, Urgent.EMERGENCY)
_NEAR = 5


def recognise(text: str) -> Urgent | None:
    """The card a message needs, if any; self-harm where both would fit. Never raises."""
    rule = matching_rule(text)
    return rule.kind if rule else None


def matching_rule(text: str) -> Rule | None:
    """The first rule that a message meets."""
    data = reviewed()
    message = data.message(text)
    grammar = Grammar(message, data)
    for kind in _FIRST:
        reading = Reading(grammar.stretches, grammar.spans, grammar.hidden(kind), grammar.denied)
        for compiled in data.possible(kind, reading.names):
            if _met(compiled, reading):
                return compiled.of
    return None


def _met(rule: CompiledRule, reading: Reading) -> bool:
    """A pattern stands there, and nothing near it that says it is something else."""
    found = [span for pattern in rule.any for span in reading.found(pattern)]
    if not found or not rule.unless:
        return bool(found)
    excuses = [span for pattern in rule.unless for span in reading.found(pattern)]
    return any(not any(_near(span, excuse) for excuse in excuses) for span in found)


def _near(span: Span, other: Span) -> bool:
    return other[0] - span[1] <= _NEAR and span[0] - other[1] <= _NEAR
