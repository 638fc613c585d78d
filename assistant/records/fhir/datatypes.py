"""FHIR datatypes in words: each renderer takes the decoded value and gives its text, codes and target.

Every renderer takes whatever JSON holds at its path; what is not of its type gives None.
"""

from collections.abc import Callable, Mapping
from typing import Any

from assistant.records.attachments import attachment_text
from assistant.records.coded import codes_of, coding, coding_words, one_of, plain, string, words_of
from assistant.records.dates import shown_date, shown_when
from assistant.records.decode import Node
from assistant.records.fhir.dosage import dosage_words, timing_words
from assistant.records.model import Coding, Quantity, Supporting, When
from assistant.records.names import human_name
from assistant.records.refs import reference_key, target_of, target_type
from assistant.records.show import shown_money, shown_quantity, span
from assistant.records.values import digits_of, money, quantity

Resolve = Callable[[str], Supporting | None]
Piece = tuple[str, tuple[Coding, ...], str | None]
"""Text, codes, and the key of the record that it points at."""
Render = Callable[[Any, "Context"], Piece | None]

_NAMED = one_of(
    "Organization Practitioner PractitionerRole Location HealthcareService Medication Substance Endpoint"
    " Questionnaire Library PlanDefinition ActivityDefinition Group"
)


class Context:
    """What reading one resource needs besides the resource."""

    __slots__ = ("contained", "resolve", "subject")

    def __init__(self, resolve: Resolve, contained: Mapping[str, Node], subject: str | None) -> None:
        self.resolve = resolve
        self.contained = contained
        self.subject = subject

    def supporting(self, key: str) -> Supporting | None:
        """What a key names: a contained resource, or one that was read from the same source."""
        if not key.startswith("#"):
            return self.resolve(key)
        inner = self.contained.get(key)
        return None if inner is None else named(inner)


def named(resource: Node) -> Supporting:
    """The name (and a medication's codes) of a supporting resource."""
    kind = string(resource.get("resourceType")) or ""
    if kind == "Binary":
        return Supporting(kind, None, text=attachment_text(resource))
    codes: tuple[Coding, ...] = ()
    name: str | None = None
    given: Any = resource.get("name")
    if kind in ("Medication", "Substance"):
        name, codes = words_of(resource.get("code")), codes_of(resource.get("code"))
    elif type(given) is list:
        name = next((words for item in given if (words := human_name(item)) is not None), None)
    else:
        name = string(resource.get("title")) or string(given)
    if name is None:
        for path in ("code", "type", "description", "deviceName"):
            found = resource.get(path)
            for item in found if type(found) is list else (found,):
                name = name or words_of(item) or (string(item) if path == "description" else None)
    return Supporting(kind, plain(name) or None if name else None, codes)


def _concept(value: Any, _context: Context) -> Piece | None:
    text = words_of(value)
    return None if text is None else (text, codes_of(value), None)


def _coding(value: Any, _context: Context) -> Piece | None:
    if type(value) is not dict or (text := coding_words(value)) is None:
        return None
    code = coding(value)
    return text, () if code is None else (code,), None


def _string(value: Any, _context: Context) -> Piece | None:
    text = string(value)
    return None if text is None else (text.strip(), (), None)


def _code(value: Any, _context: Context) -> Piece | None:
    text = string(value)
    return None if text is None else (text.strip().replace("-", " "), (), None)


def _date(value: Any, _context: Context) -> Piece | None:
    text = string(value)
    return None if text is None else (shown_date(text.strip()), (), None)


def _number(value: Any, _context: Context) -> Piece | None:
    digits = digits_of(value)
    return None if digits is None else (digits, (), None)


def _quantity(value: Any, _context: Context) -> Piece | None:
    found = quantity(value)
    return None if found is None else (shown_quantity(found, exact=True), (), None)


def _age(value: Any, _context: Context) -> Piece | None:
    found = quantity(value)
    if found is None:
        return None
    unit = {"a": "years", "yr": "years", "mo": "months", "wk": "weeks", "d": "days"}.get(
        found.code or found.unit or ""
    )
    found = Quantity(found.value, found.comparator, unit) if unit else found
    return f"{shown_quantity(found, exact=True)} of age", (), None


def _money(value: Any, _context: Context) -> Piece | None:
    found = money(value)
    return None if found is None else (shown_money(found), (), None)


def _range(value: Any, _context: Context) -> Piece | None:
    if type(value) is not dict:
        return None
    text = span(quantity(value.get("low")), quantity(value.get("high")))
    return (text, (), None) if text else None


def _ratio(value: Any, _context: Context) -> Piece | None:
    if type(value) is not dict:
        return None
    over, under = quantity(value.get("numerator")), quantity(value.get("denominator"))
    if over is None:
        return None
    text = shown_quantity(over, exact=True)
    return (f"{text} per {shown_quantity(under, exact=True)}" if under else text), (), None


def _period(value: Any, _context: Context) -> Piece | None:
    if type(value) is not dict:
        return None
    start, end = string(value.get("start")), string(value.get("end"))
    text = shown_when(When(start, end))
    return (f"from {text}" if start and not end else text, (), None) if text else None


def _timing(value: Any, _context: Context) -> Piece | None:
    text = timing_words(value)
    return None if text is None else (text, (), None)


def _dosage(value: Any, _context: Context) -> Piece | None:
    text = dosage_words(value)
    return None if text is None else (text, (), None)


def _annotation(value: Any, _context: Context) -> Piece | None:
    if type(value) is not dict or (text := string(value.get("text"))) is None:
        return None
    by = string(value.get("authorString"))
    at = string(value.get("time"))
    beside = ", ".join(word for word in (by, shown_date(at) if at else None) if word)
    return f"{text.strip()} ({beside})" if beside else text.strip(), (), None


def _attachment(value: Any, context: Context) -> Piece | None:
    if type(value) is not dict:
        return None
    title, text = string(value.get("title")), attachment_text(value) or _linked_text(value, context)
    if text is None:
        kind = string(value.get("contentType"))
        if title is None and kind is None:
            return None
        return f"{title or 'a file'}, {kind}, not shown here" if kind else title or "", (), None
    return f"{title}: {text}" if title else text, (), None


def _linked_text(value: Node, context: Context) -> str | None:
    """The words of the Binary that an attachment points at, where that came with it."""
    address = string(value.get("url"))
    key = reference_key(address) if address else None
    if key is None or not key.startswith(("Binary/", "#")):
        return None
    found = context.supporting(key)
    return None if found is None else found.text


def _reference(value: Any, context: Context) -> Piece | None:
    if type(value) is not dict:
        return None
    key = target_of(value)
    display = string(value.get("display"))
    if key is not None and key.startswith("#"):
        inner = context.contained.get(key)
        display = display or (named(inner).name if inner is not None else None)
        key = None
    if display is None and key is None:
        return None
    return plain(display) if display else "", (), key


def _who(value: Any, context: Context) -> Piece | None:
    if type(value) is not dict:
        return None
    key = target_of(value)
    text = string(value.get("display"))
    if text is None and key is not None and key != context.subject:
        found = context.supporting(key)
        text = found.name if found is not None else None
    if text is None:
        return None
    kind = target_type(value, key)
    about = key == context.subject or (kind is not None and kind not in _NAMED)
    return plain(text), (), key if about and key is not None and not key.startswith("#") else None


def _address(value: Any, _context: Context) -> Piece | None:
    if type(value) is not dict:
        return None
    text = string(value.get("text"))
    if text is None:
        lines = value.get("line")
        words = [item for item in lines if string(item)] if type(lines) is list else []
        words.extend(
            item
            for key in ("city", "district", "state", "postalCode", "country")
            if (item := string(value.get(key)))
        )
        text = ", ".join(words)
    return _told(text, value) if text else None


def _contact(value: Any, _context: Context) -> Piece | None:
    if type(value) is not dict or (text := string(value.get("value"))) is None:
        return None
    system = string(value.get("system"))
    return _told(f"{text} ({system})" if system else text, value)


def _told(text: str, value: Node) -> Piece:
    use = string(value.get("use"))
    return f"{text} ({use})" if use == "old" else text, (), None


def _identifier(value: Any, _context: Context) -> Piece | None:
    if type(value) is not dict or (text := string(value.get("value"))) is None:
        return None
    kind = words_of(value.get("type"))
    return f"{kind}: {text}" if kind else text, (), None


def _human_name(value: Any, _context: Context) -> Piece | None:
    text = human_name(value)
    return _told(text, value) if text else None


RENDERERS: dict[str, Render] = {
    "CodeableConcept": _concept,
    "Coding": _coding,
    "string": _string,
    "markdown": _string,
    "code": _code,
    "date": _date,
    "dateTime": _date,
    "instant": _date,
    "time": _string,
    "decimal": _number,
    "integer": _number,
    "positiveInt": _number,
    "unsignedInt": _number,
    "Quantity": _quantity,
    "Duration": _quantity,
    "Count": _quantity,
    "Age": _age,
    "Money": _money,
    "Range": _range,
    "Ratio": _ratio,
    "Period": _period,
    "Timing": _timing,
    "Dosage": _dosage,
    "Annotation": _annotation,
    "Attachment": _attachment,
    "Reference": _reference,
    "Who": _who,
    "Address": _address,
    "ContactPoint": _contact,
    "Identifier": _identifier,
    "HumanName": _human_name,
}
"""One renderer for each datatype that the tables name."""
