"""What a list says about one provider, and why a line of a list is not shown."""

from enum import StrEnum

import msgspec

R4 = "R4"
"""`Listed.fhir_version` of what this program reads; R4B differs in nothing that a patient's record has."""

READ_VERSIONS = frozenset(("", R4, "R4B"))
"""Versions to show: those that are read, and an address that doesn't tell (its own metadata will)."""


class Place(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Where a provider is, as far as a list says it."""

    city: str = ""
    state: str = ""
    """Two letters for the United States, else as listed."""
    zip: str = ""
    """Five digits for the United States, else as listed."""


class Listed(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One provider with one address. All text is foreign: it reaches a screen through `safe_text` only."""

    name: str
    url: str
    """FHIR base address."""
    list: str
    """Id of the list that it stands in."""
    vendor: str = ""
    fhir_version: str = ""
    """`R4`, `DSTU2`, ...; empty where neither the list nor the address tells."""
    aliases: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    authorize: str = ""
    token: str = ""
    portal: str = ""
    """What its patients call the place where they sign in."""
    brand: str = ""
    """The larger organization whose sign-in it uses, where it has none of its own."""
    facility: bool = False
    """It stands below a brand and is reached through it."""
    site: str = ""
    """Its own web address, which User-access Brands takes as its identifier."""
    facilities: int = 0
    """How many facilities are reached through it."""


class Junk(StrEnum):
    """Why a line of a list is not shown, as a phrase that follows a number."""

    UNREADABLE = "that could not be read"
    NO_NAME = "without a name"
    PLACEHOLDER = "with a name that stands for none"
    TEST_NAME = "named as a test, a demonstration or a trial system"
    INSIDE_NAME = "named by a code of the people who run the system"
    RETIRED = "marked as no longer in use"
    NO_ADDRESS = "without an address"
    BROKEN_ADDRESS = "with an address that is none"
    NOT_HTTPS = "with an address that is not protected (not https)"
    NOT_PUBLIC = "with an address inside somebody's own network"
    TEST_ADDRESS = "with the address of a test system"
    NOT_FHIR = "with an address that is not a FHIR one"
    OLD_FHIR = "that speak another FHIR than R4"
    DUPLICATE = "listed again"


class Seen(msgspec.Struct, frozen=True):
    """An organization or place that records already held name: where to look first."""

    name: str
    city: str = ""
    state: str = ""


class Hint(msgspec.Struct, frozen=True):
    """A listed provider that the patient seems to have been at."""

    provider: Listed
    seen_at: str
    """The name as the records have it."""
