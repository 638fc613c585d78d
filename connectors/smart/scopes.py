"""Scopes: what is asked for, and what was granted (SMART App Launch 2.2, Scopes and Launch Context)."""

import re
from collections.abc import Iterable
from typing import Self
from urllib.parse import parse_qsl

import msgspec

_RESOURCE = re.compile(
    r"(?P<who>patient|user|system)/(?P<type>[A-Z][A-Za-z]{1,63}|\*)"
    r"\.(?P<may>read|write|\*|(?=[cruds])c?r?u?d?s?)(?:\?(?P<query>\S+))?"
)
_PREFIXES = ("http://smarthealthit.org/fhir/scopes/", "http://openid.net/specs/openid-connect-core-1_0#")
_V1 = {"read": "rs", "write": "cud", "*": "cruds"}


class Access(msgspec.Struct, frozen=True):
    """One granted resource scope."""

    who: str
    type: str
    may: str
    """Letters of `cruds`."""
    only: tuple[tuple[str, str], ...] = ()
    """Search parameters that limit it; empty for all of the type."""

    def meets(self, type_: str, letter: str) -> bool:
        """Whether it lets one do this with some of the type, in the patient's own chart."""
        return self.who in ("patient", "user") and self.type in ("*", type_) and letter in self.may


class Scopes(msgspec.Struct, frozen=True):
    """What a scope string says, v1 and v2 alike."""

    access: tuple[Access, ...]
    words: frozenset[str]
    """The other scopes: `openid`, `launch/patient`, and what isn't known."""
    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a scope string. What is not a scope of SMART grants nothing."""
        access: list[Access] = []
        words: set[str] = set()
        for token in text.split():
            for prefix in _PREFIXES:
                token = token.removeprefix(prefix)
            found = _RESOURCE.fullmatch(token)
            if found is None:
                words.add(token)
                continue
            may = _V1.get(found["may"], found["may"])
            only = tuple(parse_qsl(found["query"] or "", keep_blank_values=True))
            access.append(Access(found["who"], found["type"], may, only))
        return cls(tuple(access), frozenset(words), " ".join(text.split()))

    def may_read(self, type_: str) -> bool:
        """Whether single resources of this type, or some of them, may be read."""
        return any(one.meets(type_, "r") for one in self.access)

    def may_search(self, type_: str) -> bool:
        """Whether this type, or a part of it, may be searched."""
        return any(one.meets(type_, "s") for one in self.access)

    def limits(self, type_: str) -> tuple[tuple[tuple[str, str], ...], ...]:
        """The parts of this type that may be searched, as search parameters; empty where all of it may be, or
        none."""
        met = [one for one in self.access if one.meets(type_, "s")]
        return () if any(not one.only for one in met) else tuple(one.only for one in met)

    @property
    def lasting(self) -> bool:
        """Whether access is meant to go on without the patient being there."""
        return "offline_access" in self.words

    def within(self, other: "Scopes") -> bool:
        """Whether everything here is also in the other."""
        return self.words <= other.words and all(
            any(_covers(whole, one) for whole in other.access) for one in self.access
        )

    def cut_to(self, other: "Scopes") -> "Scopes":
        """The part of this that the other covers."""
        kept = [token for token in self.text.split() if Scopes.parse(token).within(other)]
        return Scopes.parse(" ".join(kept))


def _covers(whole: Access, part: Access) -> bool:
    return (
        whole.who == part.who
        and whole.type in ("*", part.type)
        and set(part.may) <= set(whole.may)
        and set(whole.only) <= set(part.only)
    )


def resource_scopes(types: Iterable[str], *, v2: bool) -> list[str]:
    """The scopes that let an app read and search these types in the patient's own chart, and no more."""
    ending = "rs" if v2 else "read"
    return [f"patient/{one}.{ending}" for one in dict.fromkeys(types)]


def asked(types: Iterable[str], *, v2: bool, identity: bool, lasting: bool) -> str:
    """The scope string of a standalone launch: the patient's context, who signed in, access that lasts, and
    the types."""
    words = ["launch/patient"]
    words += ["openid", "fhirUser"] if identity else []
    words += ["offline_access"] if lasting else []
    return " ".join(words + resource_scopes(types, v2=v2))
