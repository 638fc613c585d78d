"""Read resources of one source, with the names and spellings of what they refer to."""

import msgspec

from assistant.links.resource import resource_in
from assistant.links.rows import in_one_spelling
from assistant.records.decode import Node
from assistant.records.identity import record_id
from assistant.records.model import Record, SetAside, Supporting
from assistant.records.read import is_plain, read
from assistant.vault.raws import KeptRaw, RawStore
from connectors.model import SourceRecord

SUPPORTING = "supporting"


class Reading(msgspec.Struct, frozen=True):
    """What a resource means, and the references that it uses and that weren't known at the time."""

    meaning: Record | Supporting | SetAside
    missing: tuple[str, ...] = ()


class Reader:
    """Reads resources; knows the supporting resources and the addresses that it has met so far."""

    raws: RawStore
    """Where to look for what came in earlier imports."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._names: dict[str, Supporting | None] = {}
        self._texts: dict[str, Supporting] = {}
        """Texts of documents, for as long as what came with them is read."""
        self._aliases: dict[str, str] = {}
        self._missed: set[str] = set()
        self.late: set[str] = set()
        """References that were missing when something was read, and have become known since."""

    def met(self, item: SourceRecord, target: str) -> None:
        """Take note of the address under which others may refer to this resource."""
        if item.full_url is not None and item.full_url.startswith("urn:"):
            self._aliases[item.full_url] = target
            self._found(item.full_url)

    def read(self, resource: Node, target: str, *, plain: bool = False) -> Reading:
        """The meaning of the resource that goes by `Type/id` in this source; `plain` as in `records.read`."""
        missing: list[str] = []

        def resolve(key: str) -> Supporting | None:
            found = self._resolve(key)
            if found is None:
                missing.append(key)
            return found

        meaning = read(resource, id=record_id(self._source, target), resolve=resolve, plain=plain)
        if isinstance(meaning, Supporting):
            self._name(target, meaning)
        if not isinstance(meaning, Record):
            return Reading(meaning)
        record, unknown = in_one_spelling(meaning, self._aliases)
        missing += unknown
        self._missed.update(missing)
        return Reading(record, tuple(missing))

    def read_stored(self, raw: KeptRaw) -> Reading:
        """As `read`, of what the vault holds."""
        resource = resource_in(raw.body, raw.format, raw.rid)
        return self.read(resource, f"{raw.type}/{raw.rid}", plain=is_plain(raw.body))

    def let_go(self) -> None:
        """Forget texts of documents: from here on they are looked up where they are stored."""
        self._texts.clear()

    def _name(self, target: str, meaning: Supporting) -> None:
        if meaning.text is None:
            self._names[target] = meaning
        else:
            self._names.pop(target, None)
            self._texts[target] = meaning
        self._found(target)

    def _found(self, key: str) -> None:
        if key in self._missed:
            self.late.add(key)

    def _resolve(self, key: str) -> Supporting | None:
        target = self._aliases.get(key, key)
        if target in self._names:
            return self._names[target]
        if target in self._texts:
            return self._texts[target]
        found = self._stored(target)
        if found is None or found.text is None:
            self._names[target] = found
        return found

    def _stored(self, target: str) -> Supporting | None:
        kind, _, rid = target.partition("/")
        held = self.raws.named(self._source, kind, rid)
        if held is None or held.state != SUPPORTING:
            return None
        meaning = read(resource_in(held.body, held.format, rid), id="", resolve=lambda _: None)
        return meaning if isinstance(meaning, Supporting) else None
