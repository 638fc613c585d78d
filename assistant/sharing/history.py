"""Which earlier turns of a chat may still go: those whose whole reach is granted now.

A turn carries the reach that it could draw on (not what it happened to use: that nothing was found is
information too), and that of the turns it repeated. A revoke therefore reaches back.
"""

from collections.abc import Collection, Sequence

import msgspec

from assistant.records.model import Category
from assistant.sharing.model import Exchange
from assistant.sharing.rules import covers
from assistant.vault.query import Reach


class Past(msgspec.Struct, frozen=True):
    """An earlier turn with what it could draw on."""

    exchange: Exchange
    reach: Reach
    records: frozenset[str] = frozenset()
    """Of the message that it was answered from."""
    categories: frozenset[Category] = frozenset()
    """What that message told of."""


class Kept(msgspec.Struct, frozen=True):
    """What of the history goes along, and how many turns stay behind."""

    exchanges: tuple[Exchange, ...]
    reach: Reach
    withheld: int
    categories: frozenset[Category] = frozenset()


def keep(past: Sequence[Past], reach: Reach, *, most: int, without: Collection[str] = ()) -> Kept:
    """The newest turns, at most `most`, that are wholly within `reach` now, oldest first.

    From the first turn on that used a record held back, none goes: later ones may repeat it.
    """
    used = (n for n, turn in enumerate(past) if not turn.records.isdisjoint(without))
    admitted = [turn for turn in past[: next(used, None)] if covers(reach, turn.reach)]
    going = admitted[-most:] if most else []
    atoms = {atom for turn in going for atom in turn.reach}
    return Kept(
        exchanges=tuple(turn.exchange for turn in going),
        reach=tuple(sorted(atoms, key=repr)),
        withheld=len(past) - len(admitted),
        categories=frozenset(category for turn in going for category in turn.categories),
    )
