"""Questions over many records at once: how many, and whether anything was marked abnormal."""

from tests.answers.chart import Chart, Resource, began
from tests.answers.expected import NOTHING, Expected, Found, Told
from tests.answers.things import Thing, flagged, meant
from tests.answers.times import chosen, of_month, of_year


def counted(chart: Chart, thing: Thing, pick: str, seed: str) -> Found | None:
    """How many there are, in all, in a year or since one."""
    held, blanks = meant(chart, thing), {}
    if not held or any(len(began(resource)) < 10 for resource in held):
        return None
    if pick != "count":
        year = chosen(sorted({began(resource)[:4] for resource in held}), seed)
        assert year is not None
        blanks = of_year(year)
        held = [r for r in held if began(r)[:4] == year or (pick == "count_since" and began(r)[:4] > year)]
    told = Told(str(len(held)))
    return Found(Expected(((told,),), _ids(held), aggregate=True), blanks)


def marked(chart: Chart, thing: Thing, pick: str, seed: str) -> Found | None:
    """Which results their source marks as abnormal, of all or of a stretch of time; or that none is."""
    held = [r for r in meant(chart, thing) if began(r) and "id" in r]
    marks = [resource for resource in held if flagged(resource)]
    if pick.startswith("unflagged"):
        return _unmarked(held, marks, pick, seed)
    blanks = {}
    if pick != "flagged":
        size = 4 if pick.endswith("year") else 7
        period = chosen(sorted({began(resource)[:size] for resource in marks}), seed)
        if period is None:
            return None
        marks = [resource for resource in marks if began(resource).startswith(period)]
        blanks = (of_year if size == 4 else of_month)(period)
    if not marks:
        return None
    ids = _ids(marks)
    return Found(Expected(((Told(cites=ids, only=True),),), ids), blanks)


def _unmarked(held: list[Resource], marks: list[Resource], pick: str, seed: str) -> Found | None:
    years = sorted({began(resource)[:4] for resource in held})
    if marks or not years:
        return None
    year = chosen(years, seed) if pick.endswith("year") else None
    return Found(Expected(NOTHING.ways, aggregate=True), of_year(year) if year else {})


def _ids(held: list[Resource]) -> frozenset[str]:
    return frozenset(str(resource["id"]) for resource in held)
