"""One JSON value, read strictly: what two readers could understand differently is refused.

This is the one place that says which bytes are a sound resource. Python's own `json` does the scanning: it
shows every name of every object and every constant, and it tells where a value ends, so that one pass both
checks a resource and cuts it out. The values themselves are thrown away: readers further in decode the bytes.
"""

import json
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NoReturn

import msgspec

from connectors.files import limits


class Fault(StrEnum):
    """What is wrong with a value, as a sentence for the patient."""

    BROKEN = "This isn't whole JSON: a quote, comma or bracket is missing or wrong."
    CUT = "The file ends in the middle of this."
    TWICE = "A name stands twice in one place here, so it isn't clear which value is meant."
    NOT_A_NUMBER = "A value here is NaN or Infinity, which is not a number."
    LONG_NUMBER = f"A number here has more than {limits.NUMBER_LENGTH:,} digits."
    LONG_STRING = f"A text here is larger than {limits.STRING_BYTES // limits.MIB} MB."
    TOO_LARGE = f"This is larger than {limits.RESOURCE_BYTES // limits.MIB} MB."
    TOO_DEEP = f"This is nested more than {limits.DEPTH} levels deep."
    NOT_UNICODE = "A text here is not valid Unicode."
    PAST_THE_END = "Something follows where the data should have ended."
    NOT_AN_OBJECT = "This is not a FHIR resource."


class Unsound(Exception):
    """A value that can't be taken; `at` is the index in the text where that showed."""

    def __init__(self, fault: Fault, at: int = 0) -> None:
        super().__init__(fault.name)
        self.fault = fault
        self.at = at


_CURLY_ONLY = bytes.maketrans(b"[]", b"{}")
_NO_BRACKET = bytes(set(range(256)) - set(b"{}[]"))
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class Strict:
    """A scanner for JSON text. One per reader: it remembers the members of the last object it read."""

    def __init__(self) -> None:
        self.members: Mapping[str, Any] = {}
        """Members of the object that ended last, so of the outermost after `scan`; nested ones are None."""
        self._raw_decode = json.JSONDecoder(
            object_pairs_hook=self._object,
            parse_constant=self._constant,
            parse_float=self._number,
            parse_int=self._number,
        ).raw_decode

    def scan(self, text: str, start: int) -> tuple[Any, int]:
        """Read the value at `start`; give it (objects as None, numbers too) and the index after its end.

        Raises:
            Unsound: it is broken, or means two things.
        """
        try:
            return self._raw_decode(text, start)
        except json.JSONDecodeError as error:
            raise Unsound(Fault.BROKEN, error.pos) from None
        except RecursionError:
            raise Unsound(Fault.TOO_DEEP, start) from None
        except Unsound as unsound:
            unsound.at = start
            raise

    def check(self, body: bytes) -> Mapping[str, Any]:
        """Read `body` as one whole resource; give the members of its object.

        Raises:
            Unsound: it is not one sound JSON object.
        """
        if len(body) > limits.RESOURCE_BYTES:
            raise Unsound(Fault.TOO_LARGE)
        try:
            text = body.decode()
        except UnicodeDecodeError as error:
            raise Unsound(Fault.NOT_UNICODE, error.start) from None
        if not text.startswith("{"):
            self.scan(text, 0)
            raise Unsound(Fault.NOT_AN_OBJECT)
        _, end = self.scan(text, 0)
        if end != len(text):
            raise Unsound(Fault.BROKEN, end)
        members = self.members
        self._check_bytes(body)
        return members

    def check_scanned(self, body: bytes, members: Mapping[str, Any]) -> Mapping[str, Any]:
        """The rest of `check` for an object that `scan` has read as Latin-1 (one character a byte).

        Raises:
            Unsound: it is not one sound JSON object.
        """
        if not body.isascii():
            return self.check(body)
        if len(body) > limits.RESOURCE_BYTES:
            raise Unsound(Fault.TOO_LARGE)
        self._check_bytes(body)
        return members

    def _check_bytes(self, body: bytes) -> None:
        if _deeper_than_allowed(body):
            raise Unsound(Fault.TOO_DEEP)
        if b"\\" in body and _SURROGATE.search(body):
            _check_surrogates(body)
        if len(body) > limits.STRING_BYTES and any(
            found.end() - found.start() - 2 > limits.STRING_BYTES for found in _STRING.finditer(body)
        ):
            raise Unsound(Fault.LONG_STRING)

    def _object(self, pairs: list[tuple[str, Any]]) -> None:
        members = dict(pairs)
        if len(members) != len(pairs):
            raise Unsound(Fault.TWICE)
        self.members = members

    @staticmethod
    def _constant(_: str) -> NoReturn:
        raise Unsound(Fault.NOT_A_NUMBER)

    @staticmethod
    def _number(digits: str) -> None:
        if len(digits) > limits.NUMBER_LENGTH:
            raise Unsound(Fault.LONG_NUMBER)


def own_text(members: Mapping[str, Any], name: str) -> str | None:
    """The member `name` where it is a text that says something."""
    value = members.get(name)
    return value if isinstance(value, str) and value else None


def _check_surrogates(body: bytes) -> None:
    try:
        msgspec.json.decode(body, type=msgspec.Raw)
    except msgspec.DecodeError:
        raise Unsound(Fault.NOT_UNICODE) from None


def _deeper_than_allowed(body: bytes) -> bool:
    """Whether sound JSON nests too deep, told by its brackets; those inside texts can only add to them."""
    brackets = body.translate(_CURLY_ONLY, _NO_BRACKET)
    if len(brackets) <= 2 * limits.DEPTH or _peels_off(brackets):
        return False
    return not _peels_off(_STRING.sub(b"", body).translate(_CURLY_ONLY, _NO_BRACKET))


def _peels_off(brackets: bytes) -> bool:
    """Whether nothing is left after taking away the innermost pairs once for each level."""
    for _ in range(limits.DEPTH):
        peeled = brackets.replace(b"{}", b"")
        if not peeled:
            return True
        if len(peeled) == len(brackets):
            return False
        brackets = peeled
    return False
