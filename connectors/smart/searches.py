"""The searches that bring a patient's chart: a table, `searches.json` beside this file, one row a question.

The order is that of fetching: what results refer to comes before the reports that name them. Source: US Core
Server CapabilityStatement (searches that servers have to offer), FHIR R4 3.1.1 for the rest.
"""

from importlib import resources
from urllib.parse import parse_qsl, quote, urlencode

import msgspec

PAGE = 100
"""Resources asked for in one page; servers may give fewer."""
UNFILTERED = frozenset(("_count", "_include", "_revinclude", "_format", "_sort"))
"""Search parameters that don't narrow down what is found."""
_SAFE = ",:|/"


class Search(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question to a server."""

    id: str
    type: str
    name: str
    """What it brings, in the patient's words."""
    category: str
    """The category where most of it belongs (`labs`, `vitals`, ...)."""
    query: str = ""
    """Search parameters beside the patient, not yet encoded."""
    forms: tuple[str, ...] = ()
    """Other queries to try, in turn, where a server doesn't take the first."""
    vendors: dict[str, str] = {}
    """The query to try first with one vendor."""
    refused: dict[str, str] = {}
    """Vendors that don't answer it at all, each with why, as a sentence."""
    whole: bool = False
    """Whether it brings the whole type, in place of the rows that bring parts of it."""
    split_for: tuple[str, ...] = ()
    """Vendors that answer the rows of parts only."""
    patient_else: str | None = None
    """The parameter that names the patient, where a server doesn't list `patient`."""
    count: int = PAGE
    read: bool = False
    """Whether it is one resource, the patient's own, and not a search."""

    @property
    def part(self) -> str:
        """The name of this part of the source, without the patient's id."""
        return f"{self.type}?{self.query}" if self.query.startswith("category=") else self.type

    @property
    def codes(self) -> frozenset[str]:
        """The category codes that it asks for; empty for any."""
        values = dict(parse_qsl(self.query)).get("category", "")
        return frozenset(one.rpartition("|")[2] for one in values.split(",") if one)

    def queries(self, vendor: str | None) -> tuple[str, ...]:
        """What to try, in turn."""
        first = self.vendors.get(vendor or "", self.query)
        return tuple(dict.fromkeys((first, self.query, *self.forms)))


def searches() -> tuple[Search, ...]:
    """The whole table, in the order of fetching."""
    text = resources.files(__package__).joinpath("searches.json").read_bytes()
    return msgspec.json.decode(text, type=tuple[Search, ...])


def address(search: Search, query: str, patient: str, *, names: str = "patient", since: str = "") -> str:
    """The address of a question, relative to the server's base. `names` is the parameter that names the
    patient; `since` an instant after which things must have changed."""
    if search.read:
        return f"{search.type}/{quote(patient, safe='')}"
    pairs = [(names, patient), *parse_qsl(query), ("_count", str(search.count))]
    if since:
        pairs.append(("_lastUpdated", f"ge{since}"))
    return f"{search.type}?{urlencode(pairs, safe=_SAFE)}"
