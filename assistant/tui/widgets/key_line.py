"""The keys that can be pressed now, along the bottom of a screen."""

from collections.abc import Mapping

from textual.binding import ActiveBinding
from textual.widgets import Footer


class KeyLine(Footer):
    """A footer that is built anew only where other keys are offered, not whenever the focus moves."""

    _offered: Mapping[str, ActiveBinding] | None = None

    async def recompose(self) -> None:
        """Build the keys, and once more where others came to be offered meanwhile; not if the same ones stand
        there or the screen is gone."""
        while self.is_attached and (offered := self.screen.active_bindings) != self._offered:
            self._offered = offered
            await super().recompose()
