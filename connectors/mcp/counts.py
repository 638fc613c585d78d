"""A server that tells only how many records it has: nothing to keep, and a check of what is held."""

from collections.abc import AsyncGenerator, Callable, Mapping
from datetime import UTC, datetime

from connectors.mcp.connector import KIND as KIND
from connectors.mcp.function_health import Check, counts, cross_check
from connectors.mcp.reach import Reach
from connectors.model import Batch, SourceInfo
from connectors.smart.coverage import Coverage, Kind, Outcome, State

NO_NAME = "Nothing of this name is held here, so it can't be compared."
SHORT = "Fewer are held here than there are. Bring in the newest file from the service."


class CountsConnector:
    """Yields nothing; what it hears is told as coverage."""

    def __init__(
        self,
        info: SourceInfo,
        reach: Reach,
        held: Callable[[], Mapping[str, int]],
        *,
        told: Callable[[Coverage], None],
    ) -> None:
        """`held` counts what is held, by the names that a person gives to it."""
        self._info = info
        self._reach = reach
        self._held = held
        self._told = told

    @property
    def info(self) -> SourceInfo:
        """Which source this is."""
        return self._info

    @property
    def resumes(self) -> bool:
        """There is nothing that could be half kept."""
        return True

    async def read(self, cursor: str | None = None) -> AsyncGenerator[Batch, None]:
        """Compare.

        Raises:
            SourceError: it can't be asked.
        """
        began = datetime.now(UTC)
        checks = cross_check(await counts(self._reach), self._held())
        self._told(Coverage(tuple(map(_kind, checks)), began, None, ended=True))
        nothing: tuple[Batch, ...] = ()
        for batch in nothing:
            yield batch


def _kind(check: Check) -> Kind:
    if check.held is None:
        outcome = Outcome(State.LEFT, promised=check.there, text=NO_NAME)
    elif check.short:
        outcome = Outcome(State.PART, check.held, check.there, SHORT)
    else:
        outcome = Outcome(State.ALL, check.held, check.there)
    return Kind(check.name, check.name, "", outcome)
