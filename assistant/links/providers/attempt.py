"""One sign-in under way: the page to open, and the two ways back from it."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from connectors.smart.errors import LandingFailed
from connectors.smart.landing import Landing

if TYPE_CHECKING:
    from assistant.links.providers.door import Signed


class Attempt:
    """Opens nothing by itself. `aclose` it when given up or done."""

    def __init__(
        self,
        address: str,
        host: str,
        landing: Landing | None,
        belongs: Callable[[str], bool],
        finish: Callable[[str], Awaitable["Signed"]],
    ) -> None:
        self.address = address
        """The address to open in a browser: for the screen and the browser only."""
        self.host = host
        """Whose page that is."""
        self._landing = landing
        self._belongs = belongs
        self._finish = finish

    @property
    def comes_back(self) -> bool:
        """Whether the browser comes back by itself; else the address it landed on is pasted."""
        return self._landing is not None

    def fits(self, landed: str) -> bool:
        """Whether an address is the answer to this sign-in, which is spent once it is pasted."""
        return self._belongs(landed)

    async def wait(self) -> "Signed":
        """Wait for the browser to come back. May be cancelled.

        Raises:
            SourceError: nobody came, or the answer was no; see `connectors.smart.errors`.
        """
        if self._landing is None:
            raise LandingFailed(
                "The browser can't come back here by itself.",
                "Copy the address of the page you land on and paste it here.",
            )
        return await self._finish(await self._landing.answer(self._belongs))

    async def paste(self, landed: str) -> "Signed":
        """Go on from the address that the browser landed on.

        Raises:
            SourceError: as `wait`; a wrong page leaves the attempt as it is.
        """
        return await self._finish(landed)

    async def aclose(self) -> None:
        """Close the way back."""
        if self._landing is not None:
            await self._landing.aclose()
