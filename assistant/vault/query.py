"""How the vault is asked for records: what may be reached, and what is looked for. Values only.

The vault decides nothing about sharing: a reach is handed in (by `assistant.sharing` for a destination, or
`EVERYTHING` for the patient's own screen), and no row outside it is ever read, counted or ranked.
"""

import msgspec

from assistant.records.model import Category, Record


class Atom(msgspec.Struct, frozen=True, order=True):
    """One stretch of records: a category, narrowed by what is set.

    `since` is an ISO day; a record without a date, or whose earliest possible day lies before, is outside.
    Records with sensitivity labels are outside unless `labelled`, or unless `record` names them.
    """

    category: Category
    source: str | None = None
    since: str | None = None
    record: str | None = None
    labelled: bool = False


Reach = tuple[Atom, ...]
"""What may be read: the union of its atoms. Empty reaches nothing."""

EVERYTHING: Reach = tuple(Atom(category, labelled=True) for category in Category)
"""What the patient's own screen reads."""


class RecordQuery(msgspec.Struct, frozen=True):
    """What is looked for, within a reach. Unset means no limit on that side."""

    categories: tuple[Category, ...] | None = None
    """Only records of these categories. Words and codes may stand in any element of theirs in reach."""
    codes: tuple[tuple[str, str], ...] = ()
    """(system URI, code) pairs: records that carry any of them."""
    words: tuple[str, ...] = ()
    """Folded words (see `records.words.fold`): records whose indexed text holds all of them, as prefixes
    when `prefix` is set."""
    any_words: bool = False
    """Any one word is enough."""
    either: bool = False
    """What the codes ask for or what the words ask for is enough; for one word or `any_words` only."""
    prefix: bool = False
    since: str | None = None
    """First ISO day: the record's earliest possible day must not lie before."""
    until: str | None = None
    """Last ISO day: the record's latest possible day must not lie after."""
    near: tuple[str, str] | None = None
    """Two ISO days, either end empty where it is open: records whose date can mean a day between them, and
    those without a date."""
    ids: tuple[str, ...] | None = None
    without: tuple[str, ...] = ()
    """Ids of records that don't count."""
    events: tuple[str, ...] | None = None
    """Only records with one of these event keys."""
    series: tuple[str, ...] | None = None
    kinds: tuple[str, ...] | None = None
    """FHIR resource types."""
    limit: int | None = None
    """The newest this many, by date; ties by title, then by value; what is the same in all that, by id."""
    offset: int = 0


class Stored(msgspec.Struct, frozen=True, gc=False):
    """A record as the vault holds it, with where it came from."""

    record: Record
    source: str
    raw: int
    """Number of the raw row that the record was read from."""


class Place(msgspec.Struct, frozen=True, gc=False):
    """Where a record stands among the others: what the indexes hold of it, without its body."""

    n: int
    """Its row number, for as long as the vault isn't changed."""
    id: str
    sort: str
    """UTC time it is ordered by; empty without a date."""
    title: str
    category: int
    """Position in `Category`."""
    first_day: str
    """Earliest ISO day that its date can mean; empty without a date."""


class NewRecord(msgspec.Struct, frozen=True):
    """A record to be kept, with all that the vault needs to find it again; the vault knows no meaning."""

    record: Record
    raw: int
    """Number of the raw row that it was read from."""
    source: str
    sort: str
    """UTC time it is ordered by (`records.dates.sort_key`)."""
    first_day: str
    last_day: str
    texts: tuple[tuple[Category, str, str], ...] = ()
    """Per category, at most once each: words, and code tokens, to find the record by."""
