"""What was spent this month, from the ledger: deleting a chat doesn't make it less."""

import datetime as dt

import msgspec

from assistant.chat.telling import told_cost
from assistant.clock import stamp
from assistant.vault.ledger import Ledger
from assistant.vault.session import Session


class _Cost(msgspec.Struct):
    cost: float = 0.0


def spent(session: Session, now: dt.datetime) -> float:
    """US dollars that answers of this month (UTC) cost, as far as prices were known."""
    details = Ledger(session).details("outcome", month=stamp(now)[:7])
    return sum(msgspec.json.decode(detail, type=_Cost).cost for detail in details)


def over_cap(session: Session, now: dt.datetime, *, cap: float, estimate: float | None) -> str:
    """Why a message has to be asked about although it was allowed beforehand; empty where it hasn't."""
    if estimate == 0.0:
        return ""
    limit = f"your cap of {told_cost(cap)} a month"
    if estimate is None:
        return f"What this costs isn't known, and you have set {limit}."
    before = spent(session, now)
    if before + estimate <= cap:
        return ""
    return f"This would bring the month to about {told_cost(before + estimate)}, over {limit}."
