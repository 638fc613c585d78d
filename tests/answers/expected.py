"""What the right answer to a question is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Told:
    """What one fact must say; what is None isn't looked at."""

    value: str | None = None
    unit: str | None = None
    date: str | None = None
    """ISO day."""
    text: str | None = None
    """Words that must stand in it."""
    holds: bool | None = None
    """Whether it must say that the thing holds now, or that it doesn't."""
    cites: frozenset[str] = frozenset()
    """Resources that it must rest on."""
    only: bool = False
    """It may rest on nothing else."""


@dataclass(frozen=True)
class Expected:
    """The right answer and the resources that bear it."""

    ways: tuple[tuple[Told, ...], ...] = ()
    """Ways of saying it, each in one fact or several. None where there is nothing to say."""
    true: frozenset[str] = frozenset()
    """Ids of all resources that bear the answer."""
    aggregate: bool = False
    """It is worked out over many records, and judged by its fact."""

    @property
    def answerable(self) -> bool:
        """Whether the records hold an answer."""
        return bool(self.ways)


@dataclass(frozen=True)
class Found:
    """An expected answer with the words that stand for the time asked about."""

    expected: Expected
    blanks: dict[str, str]


NOTHING = Expected()
