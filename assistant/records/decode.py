"""Bytes of one FHIR resource to plain Python values, with every digit that the source wrote."""

from collections.abc import Mapping
from typing import Any

import msgspec

Node = Mapping[str, Any]
"""A JSON object, as decoded: nothing in it is known to have the type that FHIR gives it."""


class Digits(str):
    """A JSON number with a fraction or an exponent, as written: `5.40` stays `5.40`."""

    __slots__ = ()


_decoder = msgspec.json.Decoder(dict[str, Any], float_hook=Digits)


def decode(body: bytes) -> dict[str, Any]:
    """Decode one JSON object; whole numbers become int, others `Digits`.

    Raises:
        msgspec.DecodeError: it isn't JSON, isn't an object, or is nested too deep to read.
    """
    try:
        return _decoder.decode(body)
    except RecursionError:
        raise msgspec.DecodeError("nested too deep") from None
