"""The one place where parts are put together. Nothing else names a concrete backend, connector or store."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.chat.browse import ChatBrowser
from assistant.chat.service import ChatService
from assistant.chat.skills import Skills
from assistant.clock import Clock, utc_now
from assistant.errors import ChartsideError, Locked, NoVault
from assistant.links.browse import Shelf
from assistant.llm.base import Backend
from assistant.llm.models import Models
from assistant.llm.offline import OfflineBackend
from assistant.llm.prices import Prices
from assistant.llm.scripted import ScriptedBackend
from assistant.llm.voices import Voices
from assistant.llm.watch import Watch, process_watch
from assistant.memory import collect_rarely
from assistant.paths import data_home
from assistant.sharing.model import Destination, PromptUsed
from assistant.sharing.outgoing import Words
from assistant.sharing.rules import starting_grants
from assistant.sharing.service import SharingService
from assistant.vault.header import read_header
from assistant.vault.kdf import STANDARD, TEST
from assistant.vault.ledger import Entry, Ledger, Verification
from assistant.vault.opening import Opening
from assistant.vault.paths import VaultPaths
from assistant.vault.vault import Vault
from assistant.visit.service import VisitService
from connectors.base import Connector

if TYPE_CHECKING:
    from assistant.links.providers.directory import ProviderDirectory
    from assistant.links.providers.service import Links

ALLOW_TEST_KDF = "CHARTSIDE_TEST_KDF"
"""Set to 1 in tests: new vaults are made with a passphrase protection that is quick and weak, and opened."""


class House:
    """An open vault with everything that works on it."""

    def __init__(
        self, vault: Vault, *, clock: Clock = utc_now, backends: Sequence[Backend] | None = None
    ) -> None:
        collect_rarely()
        self.vault = vault
        self.clock = clock
        self.watch = process_watch()
        self.voices = Voices(default_backends() if backends is None else backends)
        self.models = Models(vault, clock, self.voices, self._make)
        if backends is None:
            self.models.load()
        self.sharing = SharingService(vault, clock, self.voices)
        self.prices = Prices()
        self.chat = ChatService(vault, clock, self.voices, words_for, self.prices, monthly_cap, country)
        self.skills = Skills(own_skills_folder)
        self.chats = ChatBrowser(vault, clock)
        self.shelf = Shelf(vault, clock)
        self.visits = VisitService(vault, clock)

    @cached_property
    def links(self) -> "Links":
        """The linked providers; what they need is loaded when it is first asked for."""
        from assistant.links.providers.mcp_door import McpDoor
        from assistant.links.providers.service import Links
        from assistant.links.providers.smart_door import SmartDoor
        from assistant.llm.tls import tls_context
        from connectors.http import Network

        network = Network(trust=tls_context(), allowing=self.watch.allowing)
        doors = (SmartDoor(network), McpDoor(network))
        return Links(self.vault, self.clock, self.sharing, doors, provider_directory())

    def _make(self, destination: Destination, key: str | None) -> Backend:
        return make_backend(destination, key, self.watch)

    def ledger(self) -> Sequence[Entry]:
        """Every line of the ledger, the oldest first."""
        with self.vault.read() as session:
            return Ledger(session).entries()

    def verify_ledger(self) -> Verification:
        """Follow the ledger's chain."""
        with self.vault.read() as session:
            return Ledger(session).verify()


def default_backends() -> tuple[Backend, ...]:
    """The destinations that are always there."""
    return (OfflineBackend(), ScriptedBackend())


def default_destinations() -> tuple[Destination, ...]:
    """Where messages can always go."""
    return Voices(default_backends()).destinations


def make_backend(destination: Destination, key: str | None, watch: Watch) -> Backend:
    """The adapter of a model. No SDK is loaded before its first message."""
    match destination.adapter:
        case "anthropic":
            from assistant.llm.anthropic import AnthropicBackend

            return AnthropicBackend(destination, key, watch)
        case "openai":
            from assistant.llm.openai import OpenAIBackend

            return OpenAIBackend(destination, key, watch)
        case _:
            from assistant.llm.litellm import LitellmBackend

            return LitellmBackend(destination, key, watch)


def country() -> str:
    """The country in the settings, for its emergency number; none where they can't be read, since the card
    must come all the same."""
    from assistant.settings import load, settings_path

    try:
        return load(settings_path()).country
    except ChartsideError:
        return ""


def monthly_cap() -> float:
    """US dollars a month that may be spent unasked, from the settings."""
    from assistant.settings import load, settings_path

    return load(settings_path()).monthly_cap_usd


def own_skills_folder() -> Path:
    """Where the patient's own skills lie: beside the settings."""
    from assistant.settings import settings_path

    return settings_path().parent / "skills"


def provider_directory() -> "ProviderDirectory":
    """Where providers are looked up: beside the vault, and without it."""
    from assistant.links.providers.directory import ProviderDirectory

    return ProviderDirectory(data_home(), process_watch(), utc_now)


def words_for(destination: Destination) -> Words:
    """The fixed words that go to a destination."""
    return prompt_words("ask-small" if destination.narrow else "ask")


def prompt_words(name: str) -> Words:
    """A prompt as the fixed words of a message."""
    from prompts.loader import load

    prompt = load(name)
    return Words(prompt.text, (PromptUsed(prompt.id, prompt.version, prompt.sha256),))


def vault_paths(home: Path | None = None) -> VaultPaths:
    """The files of the patient's vault."""
    return VaultPaths(home or data_home())


def make_house(
    passphrase: str, *, home: Path | None = None, recovery: bool = False, clock: Clock = utc_now
) -> tuple[House, str | None]:
    """Make a vault and open it; with the recovery code, if one is wanted.

    Raises:
        UsageError: the passphrase is too short, or there is a vault already.
        StorageFailed: the folder can't be written.
    """
    cost = TEST if _in_tests() else STANDARD
    vault, code = Vault.create(
        vault_paths(home), passphrase, cost=cost, recovery=recovery, **vault_options(clock)
    )
    house = House(vault, clock=clock)
    house.sharing.share(starting_grants())
    return house, code


@contextmanager
def open_house(
    passphrase: Callable[[], str], *, home: Path | None = None, clock: Clock = utc_now
) -> Iterator[House]:
    """The patient's vault, opened with the keychain where it was let, else with the passphrase.

    Raises:
        VaultClosed: there is none, or it doesn't open like this.
        VaultDamaged: it isn't whole.
    """
    vault = open_vault(passphrase, home=home, clock=clock)
    try:
        yield House(vault, clock=clock)
    finally:
        vault.close()


def open_vault(
    passphrase: Callable[[], str],
    *,
    home: Path | None = None,
    clock: Clock = utc_now,
    keychain: bool = True,
) -> Vault:
    """As `open_house`, only the vault; without `keychain` the passphrase alone opens it."""
    paths = vault_paths(home)
    if not Vault.exists(paths):
        raise NoVault("No vault has been made in this data folder.", "Make one with `chartside init`.")
    if keychain and read_header(paths.header).slot("keychain") is not None:
        with suppress(Locked):
            return Vault.unlock_with_keychain(paths, **vault_options(clock))
    return Vault.unlock(paths, passphrase(), **vault_options(clock))


def vault_options(clock: Clock = utc_now) -> Opening:
    """How vaults are opened here."""
    return Opening(allow_test_kdf=_in_tests(), clock=clock)


def file_connector(path: Path) -> Connector:
    """The door for a file or folder."""
    from connectors.files.connector import FileConnector

    return FileConnector(path)


def sample_sources() -> tuple[Connector, ...]:
    """The doors of the invented patient."""
    from connectors.sample.connector import sample_connectors

    return sample_connectors()


def _in_tests() -> bool:
    return os.environ.get(ALLOW_TEST_KDF) == "1"
