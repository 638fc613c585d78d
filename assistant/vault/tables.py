"""The vault's tables. The schema in force is what `migrations` builds; this is how it is read and written."""

from sqlmodel import Field, SQLModel


class Meta(SQLModel, table=True):
    """Single values: schema version, owner, ledger head."""

    key: str = Field(primary_key=True)
    value: bytes


class Source(SQLModel, table=True):
    """Where records come from."""

    id: str = Field(primary_key=True)
    kind: str
    key: str
    name: str
    state: str
    """`working`, `partly failed`, `needs sign-in`, `never worked`, `unlinked`."""
    detail: str = ""
    """What failed, in a plain sentence, without content."""
    last_success: str | None = None
    cursor: str | None = None


class ImportRun(SQLModel, table=True):
    """One import or sync, so that it can be undone."""

    __tablename__ = "import_run"
    n: int | None = Field(default=None, primary_key=True)
    id: str
    at: str
    state: str
    """`done` or `undone`."""


class Raw(SQLModel, table=True):
    """The exact bytes of one resource of one source; older versions stay for undo (`current` false)."""

    n: int | None = Field(default=None, primary_key=True)
    source: str
    run: int
    part: str
    at: str
    format: str
    type: str | None
    rid: str | None
    """The resource's logical id."""
    full_url: str | None
    digest: bytes
    body: bytes
    person: str | None
    """Whose it says it is: a normalised Patient reference."""
    state: str
    """`record`, `supporting`, `set_aside`, `released`."""
    why: str = ""
    current: bool = True
    validation: bytes | None = None
    """Findings of the FHIR validator as JSON, once it has looked."""


class RecordRow(SQLModel, table=True):
    """One record: what it is found by, and its body."""

    __tablename__ = "record"
    n: int | None = Field(default=None, primary_key=True)
    id: str
    raw: int
    source: str
    category: int
    """Position in `Category`."""
    kind: str
    title: str
    sort: str
    """UTC time it is ordered by; empty without a date."""
    first_day: str
    last_day: str
    """Earliest and latest ISO day that the date can mean; empty without a date."""
    trust: str
    labelled: bool
    tie: str
    """What orders records of one time and title: values first, ids last."""
    event: str
    series: str
    body: bytes
    """`Record` in MessagePack."""


class GrantRow(SQLModel, table=True):
    """One grant in force until revoked or past `until`."""

    __tablename__ = "grants"
    n: int | None = Field(default=None, primary_key=True)
    destination: str
    category: str
    source: str | None = None
    since: str | None = None
    record: str | None = None
    until: str | None = None
    """UTC time after which it no longer holds."""
    chat: str | None = None
    """Holds in this chat only."""


class ModelRow(SQLModel, table=True):
    """A model that the patient added, with its key."""

    __tablename__ = "model"
    id: str = Field(primary_key=True)
    n: int
    """The order in which they were added."""
    adapter: str
    model: str
    base_url: str
    key: str | None = None
    narrow: bool = False
    tools: bool = False


class Chat(SQLModel, table=True):
    """A conversation."""

    id: str = Field(primary_key=True)
    title: str
    created: str
    updated: str


class Turn(SQLModel, table=True):
    """One question and what became of it."""

    n: int | None = Field(default=None, primary_key=True)
    chat: str
    at: str
    destination: str
    question: str
    state: str
    """`asked`, `shown`, `refused`, `sending`, `answered`, `stopped`, `failed`."""
    plan: bytes = b""
    """What was understood, for follow-ups (from the question's words only)."""
    reach: bytes = b""
    """What the outgoing message could draw on, history included."""
    outgoing: bytes = b""
    answer: str = ""
    checks: bytes = b""
    usage: bytes = b""
    """Tokens and cost of all its messages."""


class LinkRow(SQLModel, table=True):
    """A source that is fetched from a server, with what lets in there."""

    __tablename__ = "link"
    source: str = Field(primary_key=True)
    made: str
    body: bytes
    """What the link is, without anything that lets in."""
    client: bytes
    """Who this program is to the server: its id, and a secret or key where it has one."""
    access: bytes | None = None
    """The tokens in force; None where there are none."""


class VisitRow(SQLModel, table=True):
    """One visit sheet; what it says of records stands in its lines."""

    __tablename__ = "visit"
    id: str = Field(primary_key=True)
    made: str
    updated: str
    body: bytes
    """What the patient wrote, and nothing that stands in records."""


class VisitLine(SQLModel, table=True):
    """One line of a visit sheet, in the order of `n`."""

    __tablename__ = "visit_line"
    n: int | None = Field(default=None, primary_key=True)
    visit: str
    part: str
    """Where on the sheet it stands."""
    body: bytes


class VisitRecord(SQLModel, table=True):
    """One record that a line rests on: when the record is forgotten, the line goes."""

    __tablename__ = "visit_record"
    line: int = Field(primary_key=True)
    record: str = Field(primary_key=True)


class LedgerRow(SQLModel, table=True):
    """One line of the ledger; `hash` chains it to the line before."""

    __tablename__ = "ledger"
    seq: int = Field(primary_key=True)
    at: str
    kind: str
    destination: str | None = None
    sha256: str | None = None
    items: int | None = None
    outcome: str | None = None
    detail: str = "{}"
    """JSON without record content: counts by category, ids of grants, error titles."""
    prev: str
    hash: str
