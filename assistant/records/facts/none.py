"""Nothing found: said from the question's words only, so that it tells nothing about what isn't shared."""

from assistant.records.facts.model import Fact, FactKind, Frame


def none(frame: Frame) -> Fact:
    """That none of the records shared here show what was asked about."""
    return Fact(FactKind.NONE, f"None of the records shared here show {frame.subject}{frame.when}.")
