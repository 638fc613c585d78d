"""Make the frozen vault of the current schema: `python -m tests.vault.freeze`. Done once for each version.

Its passphrase is public and protected only as tests may; what is in it is invented.
"""

import datetime as dt
import hashlib
import sys
from pathlib import Path

from assistant.records.model import Category, Coding, Element, Quantity, Value, ValueKind, When
from assistant.vault.chats import ChatStore
from assistant.vault.grants import GrantStore
from assistant.vault.kdf import TEST
from assistant.vault.ledger import Ledger
from assistant.vault.links import LinkStore, MetStore
from assistant.vault.meta import MetaStore
from assistant.vault.migrations import CURRENT
from assistant.vault.models import ModelStore
from assistant.vault.paths import VaultPaths
from assistant.vault.raws import NewRaw, RawStore
from assistant.vault.records import RecordStore
from assistant.vault.runs import RunStore
from assistant.vault.session import Session
from assistant.vault.sources import SourceStore
from assistant.vault.tables import GrantRow, LinkRow, ModelRow, Source
from assistant.vault.vault import Vault
from assistant.vault.visits import Line, Sheet, VisitStore
from tests.vault.helpers import new, record

FROZEN = Path(__file__).parent / "frozen"
PASSPHRASE = "a frozen vault for tests only"
AT = "2026-02-03T10:15:00Z"
BODY = b'{"resourceType": "Observation", "id": "o1", "valueQuantity": {"value": 5.40}}'


def fill(session: Session) -> None:
    """A row or two of everything."""
    SourceStore(session).put(
        Source(
            id="s1", kind="file", key="/invented.json", name="invented.json", state="working", last_success=AT
        )
    )
    run = RunStore(session).start("i1", at=AT)
    (raw,) = RawStore(session).add(
        [
            NewRaw(
                source="s1",
                run=run,
                part="/x.json",
                at="entry 1",
                format="fhir-r4-json",
                type="Observation",
                rid="o1",
                full_url=None,
                person="p1",
                state="record",
                digest=hashlib.sha256(BODY).digest(),
                body=BODY,
            )
        ]
    )
    lab = record(
        "r1",
        title="Glucose",
        when=When("2026-01-02"),
        codes=(Coding("http://loinc.org", "15074-8", "Glucose"),),
        value=Value(ValueKind.QUANTITY, Quantity("5.40", None, "mmol/L", "mmol/L")),
        elements=(Element(Category.CONDITIONS, "Observation.reasonCode", "for", "Prediabetes"),),
        series="glucose mmol/L",
        event="e1",
    )
    labelled = record("r2", Category.CONDITIONS, "Invented condition", kind="Condition", labels=("PSY",))
    RecordStore(session).add(
        [
            new(
                lab,
                (Category.LABS, "glucose", "l15074_8"),
                (Category.CONDITIONS, "prediabetes", ""),
                raw=raw,
                day="2026-01-02",
            ),
            new(labelled, raw=raw, day=""),
        ]
    )
    GrantStore(session).add(GrantRow(destination="scripted", category="labs", until="2030-01-01T00:00:00Z"))
    chats = ChatStore(session)
    chat = chats.create("Glucose", at=AT, id="c1").id
    turn = chats.add_turn(chat, question="How is my glucose?", destination="offline", at=AT)
    chats.update_turn(turn, state="answered", answer="5.40 mmol/L")
    ModelStore(session).put(
        ModelRow(id="m1", n=1, adapter="openai", model="invented", base_url="http://127.0.0.1:9/v1", key="k")
    )
    VisitStore(session).put(Sheet("v1", AT, AT, b"{}", (Line("question", b"Why?", ("r1",)),)))
    LinkStore(session).put(LinkRow(source="s2", made=AT, body=b"{}", client=b"{}", access=b"{}"))
    MetStore(session).add("s2", [("Observation", "o1")])
    MetaStore(session).set("owner", b"invented")
    Ledger(session).append("import", at=AT, items=2, outcome="done", detail={"import": "i1"})


def fill_more(session: Session) -> None:
    """One more record."""
    RecordStore(session).add([new(record("r3", title="Glucose"), day="2026-01-03")])


def main() -> None:
    """Freeze the current schema, unless that was done."""
    home = FROZEN / f"v{CURRENT}"
    if home.exists():
        sys.exit(f"{home} is there already; a frozen vault never changes.")
    clock = lambda: dt.datetime(2026, 2, 3, 10, 15, tzinfo=dt.UTC)  # noqa: E731
    vault, _ = Vault.create(VaultPaths(home), PASSPHRASE, cost=TEST, clock=clock)
    with vault.write() as session:
        fill(session)
    vault.compact()
    vault.close()


if __name__ == "__main__":
    main()
