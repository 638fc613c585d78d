"""CodeableConcept and Coding: which words to say, which codes to keep, and what the systems are called."""

from typing import Any

from assistant.records.decode import Node
from assistant.records.model import Coding
from assistant.records.vaccines import CVX_NAMES

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
CVX = "http://hl7.org/fhir/sid/cvx"
NDC = "http://hl7.org/fhir/sid/ndc"
UCUM = "http://unitsofmeasure.org"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"

SYSTEM_LETTERS: dict[str, str] = {
    LOINC: "l",
    "https://loinc.org": "l",
    "urn:oid:2.16.840.1.113883.6.1": "l",
    SNOMED: "s",
    "https://snomed.info/sct": "s",
    "urn:oid:2.16.840.1.113883.6.96": "s",
    RXNORM: "r",
    "urn:oid:2.16.840.1.113883.6.88": "r",
    ICD10CM: "i",
    "http://hl7.org/fhir/sid/icd-10": "i",
    "urn:oid:2.16.840.1.113883.6.90": "i",
    "urn:oid:2.16.840.1.113883.6.3": "i",
    CVX: "c",
    "urn:oid:2.16.840.1.113883.12.292": "c",
    NDC: "n",
    "urn:oid:2.16.840.1.113883.6.69": "n",
}
"""One letter for each code system that records are found and compared by, under all its spellings."""

_INVISIBLE = dict.fromkeys((0x200B, 0x2060, 0xFEFF, 0x00AD))


def one_of(words: str, between: str | None = None) -> frozenset[str]:
    """A set from words set apart by spaces (or by `between`)."""
    return frozenset(words.split(between))


SEMANTIC_TAGS = one_of(
    "procedure|finding|disorder|situation|regime/therapy|qualifier value|substance|product|medicinal product"
    "|medicinal product form|clinical drug|physical object|observable entity|morphologic abnormality"
    "|body structure|organism|event|person|record artifact|environment|specimen|assessment scale"
    "|tumor staging|staging scale|occupation|attribute|context-dependent category|navigational concept",
    "|",
)
"""SNOMED CT's hierarchy tags at the end of a fully specified name; they are no part of the words."""


def plain(text: str) -> str:
    """Title words: without invisible characters, outer spaces and a SNOMED hierarchy tag."""
    if not text.isascii():
        text = text.translate(_INVISIBLE)
    text = text.strip()
    if text.endswith(")"):
        start = text.rfind(" (")
        if start > 0 and text[start + 2 : -1] in SEMANTIC_TAGS:
            return text[:start].rstrip()
    return text


def string(value: Any) -> str | None:
    """The value when it is text with something in it."""
    return value if isinstance(value, str) and value and not value.isspace() else None


def coding(value: Any) -> Coding | None:
    """One Coding; None without a code."""
    if type(value) is not dict:
        return None
    code = value.get("code")
    if not isinstance(code, str) or not code:
        return None
    system = value.get("system")
    display = value.get("display")
    return Coding(
        system if isinstance(system, str) else "",
        code,
        display if isinstance(display, str) and display else None,
    )


def codes_of(value: Any) -> tuple[Coding, ...]:
    """The codings of a CodeableConcept."""
    if type(value) is not dict:
        return ()
    codings = value.get("coding")
    if type(codings) is not list:
        return ()
    if len(codings) == 1:
        only = coding(codings[0])
        return () if only is None else (only,)
    return tuple(found for item in codings if (found := coding(item)) is not None)


def words_of(value: Any) -> str | None:
    """The words of a CodeableConcept: its text, else the display the user chose, else the first display,
    else the bare code."""
    if type(value) is not dict:
        return None
    text = value.get("text")
    if isinstance(text, str) and (words := plain(text)):
        return words
    codings = value.get("coding")
    if type(codings) is not list:
        return None
    first: str | None = None
    code: str | None = None
    for item in codings:
        if type(item) is not dict:
            continue
        display = item.get("display")
        if isinstance(display, str) and (words := plain(display)):
            if item.get("userSelected") is True:
                return words
            first = first or words
        elif code is None:
            code = _named_code(item)
    return first or code


def _named_code(item: Node) -> str | None:
    code = string(item.get("code"))
    if code is None:
        return None
    name = CVX_NAMES.get(code.zfill(2)) if item.get("system") == CVX else None
    return name or code_words(code)


def code_words(code: str) -> str:
    """A code without a display: as words where it is made of words, else said to be a code."""
    words = code.replace("-", " ").replace("_", " ")
    return words if words.islower() and words.replace(" ", "").isalpha() else f"code {code}"


def coding_words(value: Node) -> str | None:
    """The words of one Coding: its display, else its code."""
    display = string(value.get("display"))
    if display is not None and (words := plain(display)):
        return words
    code = string(value.get("code"))
    return code_words(code) if code else None


def has_code(value: Any, system: str, codes: frozenset[str]) -> bool:
    """Whether a CodeableConcept holds one of these codes of the system."""
    return any(item.system == system and item.code in codes for item in codes_of(value))
