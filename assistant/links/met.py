"""What a linked source still has: noted as it is met, so that what is gone there is no longer used here."""

from collections import deque
from collections.abc import Iterable, Sequence

from assistant.vault.links import MetStore
from assistant.vault.raws import RawStore
from assistant.vault.records import RecordStore
from assistant.vault.session import Session
from assistant.vault.vault import Vault
from assistant.vault.visits import VisitStore
from connectors.model import Batch


class Met:
    """What one sync meets, across as many sittings as it takes."""

    def __init__(self, vault: Vault, source: str) -> None:
        self._source = source
        self._again: deque[tuple[str, str]] = deque()
        """Filled while pages are asked for, emptied by the thread that keeps them: one end each."""
        with vault.read() as session:
            known = RawStore(session).of_source(source)
        self._held = {(raw.type, raw.rid) for raw in known if raw.type and raw.rid}

    def kept(self, type_: str, rid: str, /) -> bool:
        """Whether the vault holds this resource of this source; then it counts as met, since nobody asks
        for it again."""
        held = (type_, rid) in self._held
        if held:
            self._again.append((type_, rid))
        return held

    def keep(self, session: Session, source: str, batches: Sequence[Batch], *, afresh: bool) -> None:
        """Note what came, in the transaction that keeps it."""
        store = MetStore(session)
        if afresh:
            store.clear(source)
        came = [(one.type, one.id) for batch in batches for one in batch.records if one.type and one.id]
        store.add(source, {*came, *self._met_again()})
        self._held.update(came)

    def drop_missed(self, session: Session, types: Iterable[str]) -> int:
        """No longer use what was not met of these types, after a reading that sees all of them. The exact
        bytes stay, as an earlier version does. Gives how many records that were."""
        MetStore(session).add(self._source, self._met_again())
        missed = MetStore(session).missed(self._source, types)
        VisitStore(session).forget(missed)
        RawStore(session).set_current(missed, False)
        removed = RecordStore(session).remove(missed)
        MetStore(session).clear(self._source)
        return removed

    def _met_again(self) -> list[tuple[str, str]]:
        """What was met again since the last time; nothing that comes in meanwhile is lost."""
        return [self._again.popleft() for _ in range(len(self._again))]
