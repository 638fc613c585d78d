"""Facts about the patient as a person: birth date, age, address and the like."""

import re

from assistant.grounding.topic import Topic
from assistant.grounding.understanding import Understanding
from assistant.records import facts
from assistant.records.facts import Fact

ABOUT_ME = "about_me"
_LABELS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"\b(?:born|birth|birthday|dob|old|age)\b", ("born", "place of birth")),
    (r"\baddress\b", ("address",)),
    (r"\b(?:phone|contact|e-?mail)\b", ("contact",)),
    (r"\bmarital|married\b", ("marital status",)),
    (r"\b(?:race|ethnicity)\b", ("race", "ethnicity", "tribal affiliation")),
    (r"\blanguage\b", ("language",)),
    (r"\b(?:sex|gender)\b", ("sex in the records", "sex at birth", "sex")),
    (r"\bname\b", ("name",)),
)
_AGE = re.compile(r"\bhow old\b|\bmy age\b")


def of_person(u: Understanding, topic: Topic) -> list[Fact]:
    """What the Patient record says of what is asked; everything where nothing in particular is."""
    words = u.question.casefold()
    if _AGE.search(words):
        age = facts.age(topic.records, topic.frame)
        if age is not None:
            return [age]
    labels = [label for pattern, listed in _LABELS if re.search(pattern, words) for label in listed]
    if not labels:
        labels = [element.label for record in topic.records for element in record.elements]
    fact = facts.detail(topic.records, labels, "answer")
    return [fact] if fact else []
