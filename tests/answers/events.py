"""Questions about things that happened or hold: when, whether, why, by whom."""

from collections.abc import Sequence
from typing import Any

from tests.answers.chart import Chart, Resource, began, own_words, words_of
from tests.answers.expected import Expected, Found, Told
from tests.answers.things import Thing, meant
from tests.oracle.raw import codes


def happening(chart: Chart, thing: Thing, pick: str, tell: str) -> Found | None:
    """What is to be told of the only, the last, the first, or the one that holds."""
    one = _one(meant(chart, thing), pick)
    if one is None or "id" not in one:
        return None
    rid = frozenset((str(one["id"]),))
    told = _told(chart, one, tell, rid)
    return Found(Expected(((told,),), rid), {}) if told else None


def held_now(chart: Chart, thing: Thing) -> Found | None:
    """Whether it still holds: said by the one record that does, or by the only one that there is."""
    one = _one(meant(chart, thing), "held")
    if one is None or "id" not in one:
        return None
    rid = frozenset((str(one["id"]),))
    return Found(Expected(((Told(holds=_active(one), cites=rid),),), rid), {})


def _one(held: Sequence[Resource], pick: str) -> Resource | None:
    if pick == "held":
        active = [resource for resource in held if _active(resource)]
        return active[0] if len(active) == 1 else held[0] if len(held) == 1 else None
    if pick == "only":
        return held[0] if len(held) == 1 else None
    days = [began(resource)[:10] for resource in held]
    at = {"last": -1, "first": 0}[pick]
    if not held or not all(days) or days.count(days[at]) > 1:
        return None
    return held[at]


def _active(resource: Resource) -> bool:
    stands = codes(resource.get("clinicalStatus"))
    return "active" in stands if stands else resource.get("status") == "active"


def _told(chart: Chart, one: Resource, tell: str, rid: frozenset[str]) -> Told | None:
    if tell == "yes":
        return Told(cites=rid)
    if tell == "date":
        day = began(one)[:10]
        return Told(date=day) if day else None
    said = {"reason": _reasons, "who": _people, "place": _places}[tell](chart, one)
    return Told(text=said[0]) if len(said) == 1 and said[0] else None


def _reasons(chart: Chart, one: Resource) -> list[str]:
    said = [words_of(reason) for reason in one.get("reasonCode", [])]
    for reference in one.get("reasonReference", []):
        named = chart.named(reference)
        said.append(own_words(named) if named else str(reference.get("display", "")))
    return said


def _people(chart: Chart, one: Resource) -> list[str]:
    if one["resourceType"] == "Encounter":
        who = [part["individual"] for part in one.get("participant", []) if "individual" in part]
    else:
        who = [one["requester"]] if "requester" in one else []
    return [_family(chart, reference) for reference in who]


def _family(chart: Chart, reference: Any) -> str:
    named = chart.named(reference)
    if named and named.get("name"):
        return str(named["name"][0].get("family", ""))
    return str(reference.get("display", ""))


def _places(chart: Chart, one: Resource) -> list[str]:
    reference = one.get("serviceProvider")
    named = chart.named(reference)
    return [str(named.get("name", "") if named else (reference or {}).get("display", ""))]
