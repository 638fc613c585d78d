"""What is asked, and who says yes. Light: a screen knows these before anything is opened."""

from typing import Protocol

import msgspec

from assistant.chat.events import Outgoing
from assistant.records.model import Category
from assistant.sharing.model import PromptUsed


class Approver(Protocol):
    """Asks the patient (or stands in for a choice made before)."""

    async def __call__(self, outgoing: Outgoing) -> bool:
        """Whether this very message may be sent."""


class Using(msgspec.Struct, frozen=True):
    """A skill filled in for one question."""

    question: str
    name: str
    """The patient's word for the skill."""
    instructions: str
    prompt: PromptUsed
    categories: tuple[Category, ...] = ()
    """The only ones that it looks in; everything that is shared where empty."""


class Question(msgspec.Struct, frozen=True):
    """What is asked, of whom, and where it belongs."""

    text: str
    to: str = "offline"
    chat: str | None = None
    """An existing chat, or None for a new one."""
    once: tuple[Category, ...] = ()
    """Categories shared for this question only."""
    without: tuple[str, ...] = ()
    """Records held back from this question, and from the history that goes with it."""
    alongside: tuple[str, ...] = ()
    """Others who are asked the same: each gets only what all of them may see, and nothing of the chat
    before."""
    skill: Using | None = None
    """The skill that it was put with."""
    anyway: bool = False
    """Asked although a card for something urgent would answer it."""
    dry_run: bool = False
    """Build and show, save nothing, send nothing."""
