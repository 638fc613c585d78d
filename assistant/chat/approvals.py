"""What the patient said beforehand: yes to messages to this destination, in this chat, of these categories.

Kept in memory only: a new start of the program asks again.
"""

import msgspec

from assistant.chat.events import Outgoing
from assistant.records.model import Category


class Standing(msgspec.Struct, frozen=True):
    """A yes that holds for a conversation."""

    destination: str
    chat: str
    categories: frozenset[Category]


class StandingApprovals:
    """The choices in force."""

    def __init__(self) -> None:
        self._given: set[Standing] = set()

    def allow(self, outgoing: Outgoing, chat: str) -> None:
        """From now on, messages like this one need not be asked about."""
        self._given.add(Standing(outgoing.destination.id, chat, frozenset(outgoing.categories)))

    def allows(self, outgoing: Outgoing, chat: str | None) -> bool:
        """Whether one earlier yes covers everything that this message tells of."""
        return any(
            given.destination == outgoing.destination.id
            and given.chat == chat
            and given.categories.issuperset(outgoing.categories)
            for given in self._given
        )

    def forget(self) -> None:
        """Ask about everything again."""
        self._given.clear()
