"""The doors to a vault, as the screens know them. What is behind one is loaded when it is opened.

Loading what opens a vault takes about 0.4 s (the cipher, sqlmodel), so that nothing of it is imported before
the first frame is drawn.
"""

import asyncio
import secrets
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from assistant.vault.paths import VaultPaths

if TYPE_CHECKING:
    from assistant.bootstrap import House


FIRST_QUESTIONS = (
    "What conditions and medicines do I have?",
    "Which of my results are flagged?",
    "What should I ask at my next visit?",
)
"""To start with, whatever is in a chart."""


class Door(Protocol):
    """Where a vault is opened from."""

    name: str
    """What the screen calls it before anything is open."""

    suffix: str
    """Said after whose records they are."""

    def questions(self) -> Sequence[str]:
        """Questions to start with."""

    @property
    def made(self) -> bool:
        """Whether there is a vault behind it."""

    @property
    def asks(self) -> bool:
        """Whether it takes a passphrase."""

    def open(self, passphrase: str) -> "House":
        """Open the vault.

        Raises:
            VaultClosed: it does not open like this.
            VaultDamaged: it isn't whole.
        """

    def make(self, passphrase: str) -> "tuple[House, str | None]":
        """Make a vault, and its recovery code.

        Raises:
            UsageError: the passphrase is too short.
            StorageFailed: the folder can't be written.
        """

    def close(self) -> None:
        """Leave nothing behind that was only for this run."""


class OwnDoor:
    """The patient's own vault."""

    name = "Your records"
    suffix = ""

    def questions(self) -> Sequence[str]:
        """Three that fit most charts."""
        return FIRST_QUESTIONS

    def __init__(self, home: Path, passphrase: str | None = None) -> None:
        self._home = home
        self._passphrase = passphrase

    @property
    def made(self) -> bool:
        """Whether there is a vault in the data folder."""
        return VaultPaths(self._home).header.exists()

    @property
    def asks(self) -> bool:
        """Whether a passphrase has to be typed."""
        return self._passphrase is None

    def open(self, passphrase: str) -> "House":
        """What was typed opens it, and nothing else; with nothing typed, the keychain where it was let."""
        from assistant.bootstrap import House, open_vault

        typed = passphrase or self._passphrase
        return House(open_vault(lambda: typed or "", home=self._home, keychain=not typed))

    def make(self, passphrase: str) -> "tuple[House, str | None]":
        """A new vault in the data folder."""
        from assistant.bootstrap import make_house

        return make_house(passphrase, home=self._home, recovery=True)

    def close(self) -> None:
        """The patient's vault stays."""


class SampleDoor:
    """The invented patient, in a vault of its own for this run."""

    name = "Sample patient"
    suffix = " (sample)"
    made = True
    asks = False

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="chartside-demo-")
        self._secret = secrets.token_urlsafe(24)
        self._filled = False

    def questions(self) -> Sequence[str]:
        """The first that the sample was made for."""
        from connectors.sample.questions import GUIDED

        return [guided.text for guided in GUIDED[:4]]

    def open(self, passphrase: str) -> "House":
        """Make the vault and bring the sample in, once."""
        from assistant.bootstrap import House, make_house, open_vault, sample_sources
        from assistant.links.importer import bring_in

        home = Path(self._folder.name) / "home"
        if self._filled:
            return House(open_vault(lambda: self._secret, home=home))
        house, _ = make_house(self._secret, home=home)
        asyncio.run(bring_in(house.vault, sample_sources(), clock=house.clock))
        self._filled = True
        return house

    def make(self, passphrase: str) -> "tuple[House, str | None]":
        """As `open`: there is nothing to choose."""
        return self.open(passphrase), None

    def close(self) -> None:
        """The vault goes with the run."""
        self._folder.cleanup()
