"""Add and remove models. Where one sends is decided here, from what the patient typed and from nothing
else."""

import ipaddress
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import msgspec

from assistant.clock import Clock, stamp
from assistant.errors import ModelFailed, UsageError
from assistant.llm.base import Backend
from assistant.llm.voices import Voices
from assistant.llm.watch import Watch
from assistant.sharing.model import OFFLINE, SCRIPTED, Destination
from assistant.vault.grants import GrantStore
from assistant.vault.ledger import Ledger
from assistant.vault.models import ModelStore
from assistant.vault.tables import ModelRow
from assistant.vault.vault import Session, Vault

ADAPTERS = ("anthropic", "openai", "litellm")
_DEFAULTS = {"anthropic": "https://api.anthropic.com", "openai": "https://api.openai.com/v1"}
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
_MODEL = re.compile(r"[\w./:@+-]{1,200}")
_RESERVED = frozenset((OFFLINE.id, SCRIPTED.id))

Make = Callable[[Destination, str | None], Backend]


class NewModel(msgspec.Struct, frozen=True):
    """A model as the patient names it."""

    id: str
    adapter: str
    model: str
    base_url: str | None = None
    narrow: bool | None = None
    """Few records and short instructions; None for what fits: a model on this computer is taken for small."""
    tools: bool | None = None
    """Whether it may ask for look-ups; None for what fits: not a small one."""


class Models:
    """The models of one vault."""

    def __init__(self, vault: Vault, clock: Clock, voices: Voices, make: Make) -> None:
        self._vault = vault
        self._clock = clock
        self._voices = voices
        self._make = make

    def load(self) -> None:
        """Let every model of the vault be asked."""
        with self._vault.read() as session:
            rows = ModelStore(session).all()
        for row in rows:
            self._voices.put(self._make(to_destination(row), row.key))

    def add(self, new: NewModel, key: str | None) -> Destination:
        """Add a model, or put it in place of the one of its id. Nothing that was shared with another address
        or model under that id is shared with this one.

        Raises:
            UsageError: it can't be added like this.
        """
        made = described(new)
        with self._vault.write() as session:
            store = ModelStore(session)
            before = store.get(made.id)
            if before is not None and to_destination(before) != made:
                _forget_grants(session, made.id)
            row = _to_row(made, store.next() if before is None else before.n, key)
            store.put(row)
            self._note(session, "model added", made)
        self._voices.put(self._make(made, key))
        return made

    async def names(self, name: str, watch: Watch) -> tuple[str, ...]:
        """What the server of a model says it has; noted in the ledger.

        Raises:
            UsageError: there is no such model, or its server is not asked in this way.
            ModelFailed: it does not say.
        """
        from assistant.llm.finding import names_at

        with self._vault.write() as session:
            row = ModelStore(session).get(name)
            if row is None or row.adapter == "litellm":
                raise UsageError(f"“{name}” has no list to ask for.", "Look at its provider's pages.")
            # A key goes to the address that it is kept with, wherever this instance thinks the model is.
            made, key = to_destination(row), row.key
            self._note(session, "asked for a list of models", made)
        found = await names_at(made, key, watch)
        if found is None:
            raise ModelFailed("Its server does not say which models it has.", "Look at its provider's pages.")
        return found

    def remove(self, name: str) -> None:
        """Drop a model with its key and everything that was shared with it.

        Raises:
            UsageError: there is none of this id, or it is one that is always there.
        """
        if name in _RESERVED:
            raise UsageError(f"“{name}” is always there.", "You can stop sharing with it.")
        made = self._voices.get(name).destination
        with self._vault.write() as session:
            ModelStore(session).remove(name)
            _forget_grants(session, name)
            self._note(session, "model removed", made)
        self._voices.remove(name)

    def _note(self, session: Session, kind: str, made: Destination) -> None:
        detail = {"adapter": made.adapter, "model": made.model, "host": made.host or ""}
        Ledger(session).append(kind, at=stamp(self._clock()), destination=made.id, detail=detail)


def described(new: NewModel) -> Destination:
    """The destination that a model would be.

    Raises:
        UsageError: a name or address that can't be used.
    """
    if not _ID.fullmatch(new.id) or new.id in _RESERVED:
        raise UsageError(
            f"“{new.id}” can't be the name of a model.",
            "Use small letters, digits and dashes; offline and scripted are taken.",
        )
    if new.adapter not in ADAPTERS:
        raise UsageError(f"There is no adapter “{new.adapter}”.", f"Known are: {', '.join(ADAPTERS)}.")
    if not _MODEL.fullmatch(new.model):
        raise UsageError("That can't be the name of a model.", "Write it as its provider does.")
    base = _base(new)
    host, here = _placed(base)
    narrow = here if new.narrow is None else new.narrow
    return Destination(
        id=new.id,
        adapter=new.adapter,
        model=new.model,
        host=host,
        stays_here=here,
        base_url=base,
        narrow=narrow,
        tools=not narrow if new.tools is None else new.tools,
    )


def _base(new: NewModel) -> str:
    default = _DEFAULTS.get(new.adapter)
    if new.adapter == "litellm":
        from assistant.llm.providers import provider_of

        default = provider_of(new.model).base_url
    if new.base_url is None and default is None:
        raise UsageError("The address of this provider isn't known.", "Name it with --base-url.")
    return (new.base_url or default or "").rstrip("/")


def _placed(base: str) -> tuple[str, bool]:
    """Host (with its port, if one is named) of an address, and whether it is on this computer."""
    wrong = UsageError(
        "That address can't be used.", "It begins with https:// and holds no name, password, ? or #."
    )
    try:
        parts = urlsplit(base)
        port = parts.port
    except ValueError:
        raise wrong from None
    name = parts.hostname or ""
    plain = parts.scheme in ("http", "https") and base.isascii() and base.isprintable() and "\\" not in base
    if not plain or not name or "@" in parts.netloc or parts.query or parts.fragment or " " in base:
        raise wrong
    here = is_loopback(name)
    if parts.scheme == "http" and not here:
        raise UsageError(
            "Plain http:// would let anyone on the way read your records.",
            "Use https://; http:// is taken for this computer (127.0.0.1, localhost) only.",
        )
    return (f"{name}:{port}" if port is not None else name), here


def is_loopback(name: str) -> bool:
    """Whether a host is this computer itself."""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def in_force(session: Session, destination: Destination) -> bool:
    """Whether a destination is still what its name stands for: another instance may have moved or removed
    it, and grants are given to a name."""
    if destination.base_url is None:
        return True
    row = ModelStore(session).get(destination.id)
    return row is not None and to_destination(row) == destination


def to_destination(row: ModelRow) -> Destination:
    """A stored model as a destination; its key stays behind."""
    return described(NewModel(row.id, row.adapter, row.model, row.base_url, row.narrow, row.tools))


def _to_row(made: Destination, n: int, key: str | None) -> ModelRow:
    return ModelRow(
        id=made.id,
        n=n,
        adapter=made.adapter,
        model=made.model,
        base_url=made.base_url or "",
        key=key,
        narrow=made.narrow,
        tools=made.tools,
    )


def _forget_grants(session: Session, destination: str) -> None:
    store = GrantStore(session)
    store.remove([row.n for row in store.of(destination) if row.n is not None])
