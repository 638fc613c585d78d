"""What can be urgent in what a patient writes."""

from enum import StrEnum

import msgspec


class Urgent(StrEnum):
    """Which card answers."""

    EMERGENCY = "emergency"
    SELF_HARM = "self_harm"


class Card(msgspec.Struct, frozen=True):
    """Fixed words for someone who may need help now. Nothing of it depends on records or on a model."""

    kind: Urgent
    lines: tuple[str, ...]
    """At most six; the first says what to do."""

    @property
    def text(self) -> str:
        """The lines, one under the other."""
        return "\n".join(self.lines)
