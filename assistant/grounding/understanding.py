"""What was understood of a question: a value that can be kept with the chat and followed up."""

import msgspec

from assistant.grounding.intent import Intent, Wants
from assistant.grounding.lexicon import Concept
from assistant.grounding.window import Window
from assistant.records.model import Category

CLINICAL = tuple(category for category in Category if category is not Category.INSURANCE)
"""Where words alone are looked for: a bill repeats what it is for, and would stand beside it as a second."""


class Understanding(msgspec.Struct, frozen=True, omit_defaults=True):
    """A question, read from its words (and the words of the question before it) alone."""

    question: str
    today: str
    """ISO day that relative times count from."""
    asked: Wants
    intent: Intent
    """What the first subject is asked about."""
    concepts: tuple[Concept, ...] = ()
    """What it is about, where the lexicon knows it."""
    narrowed: tuple[Concept, ...] = ()
    """Only records of `concepts` that name one of these too."""
    content: tuple[str, ...] = ()
    """All folded words that carry a subject, in order."""
    leftover: tuple[str, ...] = ()
    """Those of them that the lexicon has no concept for."""
    apart: tuple[str, ...] = ()
    """Words that stand beside the subjects as one more: `zinc` in `LDL and zinc`."""
    numbers: tuple[str, ...] = ()
    """Whole numbers that stand alone, as in `is 96 good for me`."""
    window: Window | None = None
    unheeded: str = ""
    """Words that change the meaning and that the reading takes no account of: `not for`, `fasting`."""
    unread: str = ""
    """Words that a birth date would make a stretch of time: `when I was 30`."""
    categories: tuple[Category, ...] = ()
    """Where to look; everywhere where empty."""
    alongside: tuple[Category, ...] = ()
    """Where else something of use may stand: a relative's condition, a visit's reason. Not missed where it
    can't be seen."""
    joined: bool = False
    """Its subjects stand side by side (`LDL and HDL`)."""
    steps: int = 1
    """For PREVIOUS: how many before the latest."""
    follow_up: bool = False
    """Something of it was taken over from the question before."""

    @property
    def reached(self) -> tuple[Category, ...]:
        """All categories that are looked in; everywhere where empty."""
        return tuple(dict.fromkeys((*self.categories, *self.alongside))) if self.categories else ()

    @property
    def subject(self) -> str:
        """What it is about, in words, fit to stand after `show`; from the question's words only."""
        names = tuple(concept.name for concept in self.concepts)
        return listed(names) if names else " ".join(self.content)


def listed(names: tuple[str, ...]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}" if names else ""
