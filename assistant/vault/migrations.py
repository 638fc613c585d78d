"""The schema, step by step. A step never changes once released; `tests/vault/frozen` has a vault of each."""

from collections.abc import Callable

from sqlalchemy.engine import Connection

from assistant.errors import ChartsideError
from assistant.vault.failures import database_damaged
from assistant.vault.header import too_new

_FIRST = (
    "CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
    """CREATE TABLE source (
        id TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL,
        state TEXT NOT NULL, detail TEXT NOT NULL, last_success TEXT, cursor TEXT,
        UNIQUE (kind, key)) WITHOUT ROWID""",
    """CREATE TABLE import_run (
        n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at TEXT NOT NULL, state TEXT NOT NULL)""",
    """CREATE TABLE raw (
        n INTEGER PRIMARY KEY, source TEXT NOT NULL, run INTEGER NOT NULL, part TEXT NOT NULL,
        at TEXT NOT NULL, format TEXT NOT NULL, type TEXT, rid TEXT, full_url TEXT, person TEXT,
        state TEXT NOT NULL, why TEXT NOT NULL, current INTEGER NOT NULL, validation BLOB,
        digest BLOB NOT NULL, body BLOB NOT NULL)""",
    "CREATE INDEX raw_identity ON raw (source, type, rid, current)",
    "CREATE INDEX raw_run ON raw (run)",
    "CREATE INDEX raw_set_aside ON raw (state) WHERE state = 'set_aside'",
    """CREATE TABLE record (
        n INTEGER PRIMARY KEY, id TEXT NOT NULL, raw INTEGER NOT NULL, source TEXT NOT NULL,
        category INTEGER NOT NULL, kind TEXT NOT NULL, sort TEXT NOT NULL, first_day TEXT NOT NULL,
        last_day TEXT NOT NULL, trust TEXT NOT NULL, labelled INTEGER NOT NULL, title TEXT NOT NULL,
        tie TEXT NOT NULL, event TEXT NOT NULL, series TEXT NOT NULL, body BLOB NOT NULL)""",
    "CREATE INDEX record_id ON record (id)",
    "CREATE INDEX record_raw ON record (raw)",
    """CREATE INDEX record_order ON record (
        sort DESC, title, tie, category, labelled, source, first_day, last_day)""",
    "CREATE INDEX record_event ON record (event) WHERE event <> ''",
    "CREATE INDEX record_series ON record (series) WHERE series <> ''",
    """CREATE VIRTUAL TABLE record_text USING fts5 (
        words, codes, content='', contentless_delete=1, detail=full,
        tokenize="unicode61 remove_diacritics 2 tokenchars '_'")""",
    """CREATE TABLE grants (
        n INTEGER PRIMARY KEY, destination TEXT NOT NULL, category TEXT NOT NULL, source TEXT, since TEXT,
        record TEXT, until TEXT, chat TEXT)""",
    """CREATE TABLE chat (
        id TEXT NOT NULL PRIMARY KEY, title TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL
        ) WITHOUT ROWID""",
    """CREATE TABLE turn (
        n INTEGER PRIMARY KEY, chat TEXT NOT NULL REFERENCES chat (id) ON DELETE CASCADE, at TEXT NOT NULL,
        destination TEXT NOT NULL, question TEXT NOT NULL, state TEXT NOT NULL, plan BLOB NOT NULL,
        reach BLOB NOT NULL, outgoing BLOB NOT NULL, answer TEXT NOT NULL, checks BLOB NOT NULL)""",
    "CREATE INDEX turn_chat ON turn (chat)",
    """CREATE TABLE ledger (
        seq INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, destination TEXT, sha256 TEXT,
        items INTEGER, outcome TEXT, detail TEXT NOT NULL, prev TEXT NOT NULL, hash TEXT NOT NULL)""",
)


def first(connection: Connection) -> None:
    """Everything, from an empty file."""
    for statement in _FIRST:
        connection.exec_driver_sql(statement)


_BY_CATEGORY = (
    "DROP INDEX record_order",
    """CREATE INDEX record_order ON record (
        category, sort DESC, title, tie, labelled, source, first_day, last_day)""",
)


def by_category(connection: Connection) -> None:
    """Order records within their category, which nearly every question names."""
    for statement in _BY_CATEGORY:
        connection.exec_driver_sql(statement)


_MODELS = (
    """CREATE TABLE model (
        id TEXT NOT NULL PRIMARY KEY, n INTEGER NOT NULL, adapter TEXT NOT NULL, model TEXT NOT NULL,
        base_url TEXT NOT NULL, key TEXT, narrow INTEGER NOT NULL, tools INTEGER NOT NULL) WITHOUT ROWID""",
    "ALTER TABLE turn ADD COLUMN usage BLOB NOT NULL DEFAULT x''",
)


def models(connection: Connection) -> None:
    """The models that the patient added, and what each answer used."""
    for statement in _MODELS:
        connection.exec_driver_sql(statement)


_VISITS = (
    """CREATE TABLE visit (
        id TEXT NOT NULL PRIMARY KEY, made TEXT NOT NULL, updated TEXT NOT NULL, body BLOB NOT NULL
        ) WITHOUT ROWID""",
    """CREATE TABLE visit_line (
        n INTEGER PRIMARY KEY, visit TEXT NOT NULL REFERENCES visit (id) ON DELETE CASCADE,
        part TEXT NOT NULL, body BLOB NOT NULL)""",
    "CREATE INDEX visit_line_visit ON visit_line (visit)",
    """CREATE TABLE visit_record (
        line INTEGER NOT NULL REFERENCES visit_line (n) ON DELETE CASCADE, record TEXT NOT NULL,
        PRIMARY KEY (line, record)) WITHOUT ROWID""",
    "CREATE INDEX visit_record_record ON visit_record (record)",
)


def visits(connection: Connection) -> None:
    """Visit sheets, line by line, with the records that each line rests on."""
    for statement in _VISITS:
        connection.exec_driver_sql(statement)


_LINKS = (
    """CREATE TABLE link (
        source TEXT NOT NULL PRIMARY KEY, made TEXT NOT NULL, body BLOB NOT NULL, client BLOB NOT NULL,
        access BLOB) WITHOUT ROWID""",
    """CREATE TABLE met (
        source TEXT NOT NULL, type TEXT NOT NULL, rid TEXT NOT NULL, PRIMARY KEY (source, type, rid)
        ) WITHOUT ROWID""",
)


def links(connection: Connection) -> None:
    """Linked providers with what lets in there, and what the sync under way has met."""
    for statement in _LINKS:
        connection.exec_driver_sql(statement)


STEPS: tuple[Callable[[Connection], None], ...] = (first, by_category, models, visits, links)
"""Step number n brings a database from version n - 1 to version n."""

CURRENT = len(STEPS)


def version(connection: Connection) -> int:
    """The schema version of the database.

    Raises:
        VaultDamaged: it has none.
    """
    known = connection.exec_driver_sql("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").first()
    row = connection.exec_driver_sql("SELECT value FROM meta WHERE key = 'schema'").first() if known else None
    if row is None:
        raise database_damaged()
    return int(row[0])


def build(connection: Connection) -> None:
    """Make the tables in an empty database, in the caller's write transaction."""
    _go_on_from(0, connection)


def migrate(connection: Connection) -> None:
    """Bring the database to the current version, in the caller's write transaction.

    Raises:
        VaultClosed: a newer version of the program wrote it; nothing is changed.
        VaultDamaged: it has no version.
    """
    found = version(connection)
    if found > CURRENT:
        raise too_new()
    if found < CURRENT:
        _go_on_from(found, connection)


def _go_on_from(found: int, connection: Connection) -> None:
    for step in STEPS[found:]:
        step(connection)
    connection.exec_driver_sql("INSERT OR REPLACE INTO meta VALUES ('schema', ?)", (str(CURRENT).encode(),))


def require_current(connection: Connection, reason: ChartsideError) -> None:
    """Check that the schema can be read as it is, where it could not be brought up to date.

    Raises:
        VaultClosed: a newer version of the program wrote it.
        ChartsideError: `reason`, where an older schema would have to be changed first.
    """
    found = version(connection)
    if found > CURRENT:
        raise too_new()
    if found < CURRENT:
        raise reason
