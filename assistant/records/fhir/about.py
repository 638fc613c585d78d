"""About me: the patient, relatives and helpers, family history, questionnaires.

Gender identity, pronouns and religion are not read out: they stand in the Patient resource, and a label on
that one record would keep the name and birth date back too.
"""

from typing import Any

from assistant.records.coded import string, words_of
from assistant.records.decode import Node
from assistant.records.fhir.table import Named, Rule, Table, extension, flag, group, notes, part, rule
from assistant.records.model import Category
from assistant.records.names import chosen_name, human_name

_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/"
_HL7 = "http://hl7.org/fhir/StructureDefinition/"
_ME = Category.ABOUT


def _own_name(node: Node, _named: Named) -> str | None:
    return human_name(chosen_name(node))


_PERSON: tuple[Rule, ...] = (
    rule("birthDate", "date", "born", _ME),
    rule("gender", "code", "sex in the records", _ME),
    rule("address", "Address", "address", _ME),
    rule("telecom", "ContactPoint", "contact", _ME),
    rule("identifier", "Identifier", "identifier", _ME),
    group(
        "communication",
        "language",
        part("language", "CodeableConcept"),
        flag("preferred", "preferred", ""),
        category=_ME,
    ),
)

PATIENT = Table(
    type="Patient",
    category=_ME,
    noun="About me",
    title=_own_name,
    rules=(
        rule("name", "HumanName", "name", _ME),
        *_PERSON,
        rule("maritalStatus", "CodeableConcept", "marital status", _ME),
        flag("deceasedBoolean", "yes", "deceased", _ME),
        rule("deceasedDateTime", "dateTime", "died", _ME),
        rule("multipleBirthInteger", "integer", "birth order", _ME),
        flag("multipleBirthBoolean", "yes", "one of a multiple birth", _ME),
        extension(_CORE + "us-core-race", "race", _ME),
        extension(_CORE + "us-core-ethnicity", "ethnicity", _ME),
        extension(_CORE + "us-core-birthsex", "sex at birth", _ME),
        extension(_CORE + "us-core-sex", "sex", _ME),
        extension(_CORE + "us-core-tribal-affiliation", "tribal affiliation", _ME),
        extension(_CORE + "us-core-interpreter-needed", "interpreter needed", _ME),
        extension(_HL7 + "patient-occupation", "occupation", _ME),
        extension(_HL7 + "patient-birthPlace", "place of birth", _ME),
        group(
            "contact",
            "contact person",
            part("name", "HumanName"),
            part("relationship", "CodeableConcept"),
            part("telecom", "ContactPoint"),
            category=_ME,
        ),
        rule("generalPractitioner", "Who", "doctor", Category.VISITS),
        rule("managingOrganization", "Who", "kept by", _ME),
    ),
)


def _relative_title(node: Node, _named: Named) -> str | None:
    found: Any = node.get("relationship")
    kinds = [words for item in (found if type(found) is list else ()) if (words := words_of(item))]
    name = human_name(chosen_name(node)) or ("Related person" if kinds else None)
    return f"{name} ({', '.join(kinds)})" if kinds else name


RELATED = Table(
    type="RelatedPerson",
    category=_ME,
    noun="Related person",
    codes="relationship",
    title=_relative_title,
    when=("period",),
    rules=(rule("relationship", "CodeableConcept", "relationship", _ME), *_PERSON),
)


def _family_title(node: Node, named: Named) -> str | None:
    who = named.found or string(node.get("name"))
    found: Any = node.get("condition")
    conditions = [
        words
        for item in (found if type(found) is list else (found,))
        if type(item) is dict and (words := words_of(item.get("code")))
    ]
    title = f"Family history ({who})" if who else "Family history"
    return f"{title}: {', '.join(conditions)}" if conditions else title if who else None


FAMILY = Table(
    type="FamilyMemberHistory",
    category=_ME,
    noun="Family history",
    names=("relationship",),
    title=_family_title,
    when=("date",),
    rules=(
        group(
            "condition",
            "condition in the family",
            part("code", "CodeableConcept"),
            part("onset", "Age|Range|Period|string", "began"),
            part("outcome", "CodeableConcept", "outcome"),
            flag("contributedToDeath", "contributed to death", ""),
            category=_ME,
        ),
        rule("relationship", "CodeableConcept", "relative", _ME),
        rule("name", "string", "name", _ME),
        rule("sex", "CodeableConcept", "sex", _ME),
        rule("born", "date|Period|string", "born", _ME),
        rule("age", "Age|Range|string", "age", _ME),
        flag("deceasedBoolean", "yes", "deceased", _ME),
        rule("deceased", "Age|Range|date|string", "died", _ME),
        rule("reasonCode", "CodeableConcept", "for", Category.CONDITIONS),
        rule("reasonReference", "Reference", "for", Category.CONDITIONS),
        notes(),
        notes("condition.note"),
    ),
)


def _answers_title(node: Node, named: Named) -> str | None:
    canonical = node.get("questionnaire")
    extra: Any = node.get("_questionnaire")
    name = named.found or named.who(
        {"reference": canonical.split("|")[0]} if isinstance(canonical, str) else None
    )
    if name is None and type(extra) is dict and type(extra.get("extension")) is list:
        for item in extra["extension"]:
            if type(item) is dict and item.get("url") == _HL7 + "display":
                name = name or string(item.get("valueString"))
    if name is None:
        items: Any = node.get("item")
        first: Any = items[0] if type(items) is list and items else None
        only = type(items) is list and len(items) == 1 and type(first) is dict and "answer" not in first
        name = string(first.get("text")) if only else None
    return f"Questionnaire: {name}" if name else "Questionnaire"


QUESTIONNAIRE = Table(
    type="QuestionnaireResponse",
    category=_ME,
    noun="Questionnaire",
    title=_answers_title,
    when=("authored",),
    rules=(
        Rule("item", "Answers", "answer", _ME),
        rule("author", "Who", "by", _ME),
        rule("source", "Who", "told by", _ME),
        rule("encounter", "Reference", "visit", Category.VISITS),
    ),
)

TABLES = (PATIENT, RELATED, FAMILY, QUESTIONNAIRE)
