"""Whom can be asked now: the backends by id, in the order they are shown."""

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from assistant.errors import UsageError
from assistant.llm.base import Backend
from assistant.sharing.model import Destination


@runtime_checkable
class Ends(Protocol):
    """A backend that keeps something running between questions."""

    async def aclose(self) -> None:
        """End it; the next question starts it again."""


class Voices:
    """The backends of one open vault. Models are added and removed while it is open."""

    def __init__(self, backends: Iterable[Backend]) -> None:
        self._backends = {backend.destination.id: backend for backend in backends}

    @property
    def destinations(self) -> tuple[Destination, ...]:
        """Where messages can go."""
        return tuple(backend.destination for backend in self._backends.values())

    def known(self, name: str) -> Destination | None:
        """The destination of this id, or None."""
        backend = self._backends.get(name)
        return None if backend is None else backend.destination

    def get(self, name: str) -> Backend:
        """The backend of this id.

        Raises:
            UsageError: there is none.
        """
        try:
            return self._backends[name]
        except KeyError:
            known = ", ".join(self._backends)
            raise UsageError(f"There is no destination called “{name}”.", f"Known are: {known}.") from None

    def put(self, backend: Backend) -> None:
        """Add one, or put it in place of the one of its id."""
        self._backends[backend.destination.id] = backend

    async def aclose(self) -> None:
        """End what runs between questions: it may hold the last one in its memory."""
        for backend in self._backends.values():
            if isinstance(backend, Ends):
                await backend.aclose()

    def remove(self, name: str) -> None:
        """Drop one, if it is there."""
        self._backends.pop(name, None)
