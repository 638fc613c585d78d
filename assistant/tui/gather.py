"""What a screen shows of the house, gathered in one go away from the event loop."""

from typing import TYPE_CHECKING

from assistant.records.dates import shown_date
from assistant.tui.widgets.sharing_column import SharingState, SourceLine

if TYPE_CHECKING:
    from assistant.bootstrap import House


def sharing_state(house: "House", to: str) -> SharingState:
    """The switches of one destination, and the sources."""
    grants = tuple(grant for grant in house.sharing.grants() if grant.destination == to)
    sources = tuple(
        SourceLine(
            s.name,
            s.state in ("working", "unlinked"),
            s.state if s.state != "working" else _day(s.last_success),
        )
        for s in house.shelf.sources()
    )
    return SharingState(house.sharing.destination(to), house.shelf.counts(), grants, sources)


def whose(house: "House") -> str:
    """`Nadia Brandt, b. 1968`."""
    owner = house.shelf.owner()
    if owner is None or not owner.name:
        return "Your records"
    return f"{owner.name}, b. {owner.born[:4]}" if owner.born else owner.name


def _day(at: str | None) -> str:
    return shown_date(at[:10]) if at else ""
