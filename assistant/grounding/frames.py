"""How a question's subject is called in sentences: from the question's words only."""

from assistant.grounding.intent import Intent
from assistant.grounding.lexicon import Concept, Group
from assistant.grounding.understanding import Understanding, listed
from assistant.records.facts import Frame

_NOUNS = {
    "labs": "lab result",
    "vitals": "measurement",
    "medicines": "medicine",
    "vaccines": "vaccination",
    "conditions": "condition",
    "allergies": "allergy",
    "procedures": "procedure",
    "visits": "visit",
    "notes": "document",
    "insurance": "insurance plan",
    "claims": "claim",
    "care_plan": "care plan",
    "goals": "goal",
    "care_team": "care team",
    "family_history": "family history entry",
    "future_appointments": "appointment",
    "activity": "measurement",
    "sleep": "measurement",
    "about_me": "entry about you",
}
_ARTICLES = ("a ", "an ", "the ")


def frame(u: Understanding, concept: Concept | None = None, title: str = "") -> Frame:
    """The frame of one subject of a question; `title` names a thing that was found by its words."""
    window = u.window.words if u.window else ""
    if concept is None:
        subject = f"anything about {title or ' '.join(u.content) or 'that'}"
        return Frame(subject + _beyond(u), u.today, window, f"record of {title or ' '.join(u.content)}")
    return Frame(_subject(u, concept) + _beyond(u), u.today, window, noun(concept), concept.everything)


def _beyond(u: Understanding) -> str:
    return f" {u.asked.threshold.words}" if u.asked.threshold else ""


def _subject(u: Understanding, concept: Concept) -> str:
    name = concept.name
    if u.narrowed:
        others = listed(tuple(bare(c.name) for c in u.narrowed))
        link = {Group.ALLERGY: "an allergy to", Group.ABOUT: f"{name} of", Group.NOTE: f"{name} about"}
        return f"{link.get(concept.group, f'{name} for')} {others}"
    if concept.everything:
        beside = f" for {' '.join(u.leftover)}" if u.leftover else ""
        return f"current {name}{beside}" if u.intent is Intent.CURRENT else f"{name}{beside}"
    extra = f" ({' '.join(u.leftover)})" if u.leftover and not u.joined else ""
    if concept.group is Group.LAB:
        return f"a result {'of the' if name.endswith('test') else 'for'} {name}{extra}"
    if concept.group in (Group.VITAL, Group.ACTIVITY, Group.SLEEP):
        return f"a measurement of {name}{extra}"
    if concept.group is Group.ALLERGY:
        return f"an allergy to {name}{extra}"
    if concept.group is Group.VACCINE:
        return f"a dose of {name}{extra}"
    return f"{name}{extra}"


def bare(name: str) -> str:
    """A name without its article and without what stands in brackets."""
    name = name.split(" (")[0]
    return next((name[len(article) :] for article in _ARTICLES if name.startswith(article)), name)


def noun(concept: Concept) -> str:
    """What one record of a subject is called in a count."""
    if concept.id in _NOUNS:
        return _NOUNS[concept.id]
    name = bare(concept.name)
    if concept.group is Group.LAB:
        return f"{name} result"
    if concept.group in (Group.VITAL, Group.ACTIVITY, Group.SLEEP):
        return f"{name} measurement"
    if concept.group is Group.VACCINE:
        return f"dose of {name}"
    if concept.name.startswith(_ARTICLES):
        return name
    return f"record of {name}"
