"""Questions about results: flagged, moved, not final, not measured any more."""

from collections.abc import Iterator, Sequence

from assistant.records.dates import shown_date
from assistant.records.facts.measures import Measure, measure
from assistant.records.facts.phrases import dated, plural, some
from assistant.records.facts.text import named
from assistant.records.facts.values import told
from assistant.records.model import Category, Record, Trust
from assistant.records.show import shown_interpretation
from assistant.visit.candidate import Candidate
from assistant.visit.chart import Chart, began
from assistant.visit.model import Rule
from assistant.visit.series import big_step, days_between, rhythm, row, series_of
from assistant.visit.subject import in_sentence, same_thing, thing_key, thing_words

CRITICAL = frozenset(("HH", "LL", "AA"))
ABNORMAL = CRITICAL | {"H", "L", "A"}
LOOK_BACK_DAYS = 366
_WAITING_DAYS = 2 * 366
_MOST_NAMED = 4


def flags(record: Record) -> frozenset[str]:
    """The source's flags of a result and of its parts that say abnormal; from nothing else."""
    given = {flag.upper() for flag in record.interpretation}
    given.update(flag.upper() for part in record.parts for flag in part.interpretation)
    return ABNORMAL & given


def flagged(chart: Chart) -> Iterator[Candidate]:
    """The newest value of each thing, where its source flags it and it is not older than a year."""
    for newest in _newest_values(chart):
        record = newest.record
        given = flags(record)
        if not given or days_between(began(record), chart.today) > LOOK_BACK_DAYS:
            continue
        new = chart.is_new(record)
        critical = given & CRITICAL
        rule = Rule.CRITICAL if critical else Rule.FLAGGED
        shown = shown_interpretation(sorted(given))
        title = in_sentence(newest.title)
        text = f"My {title} was {told(newest)}, marked “{shown}”. What does that mean for me?"
        yield Candidate(
            rule if new or critical else Rule.UNMENTIONED, text, _why_flagged(critical, new), (record,),
            thing_words(record),
        )  # fmt: skip


def _why_flagged(critical: frozenset[str], new: bool) -> str:
    if critical:
        return (
            "The source itself marks this result as critical. If nobody has talked with you about it, "
            "call the lab or the clinic today."
        )
    if new:
        return "The source flags this result, and it is newer than the last visit."
    return "The source flags this result, and no later value or note in the records takes it up."


def _newest_values(chart: Chart) -> list[Measure]:
    """The newest value of each thing, numbers and words, whatever its unit."""
    found: dict[tuple[str, ...], Measure] = {}
    for record in chart.facts(Category.LABS, Category.VITALS):
        value = measure(record)
        if value is not None and value.day and began(record) <= chart.today:
            found.setdefault(thing_key(record), value)
    return list(found.values())


def changed(chart: Chart) -> Iterator[Candidate]:
    """Values that moved far or in one direction, the newest within a year."""
    for series in series_of(chart):
        newest = series[0]
        if days_between(began(newest.record), chart.today) > LOOK_BACK_DAYS:
            continue
        words = thing_words(newest.record)
        title = in_sentence(newest.title)
        if big_step(series):
            text = f"My {title} went from {told(series[1])} to {told(newest)}. What do you make of this?"
            why = "The last two values differ by a fifth or more"
            why += "." if len(series) < 3 else ", which is more than most steps before."
            yield Candidate(Rule.CHANGED, text, why, (newest.record, series[1].record), words)
        elif length := row(series):
            run = list(series[:length])
            way = "up" if newest.numbers[0] > run[1].numbers[0] else "down"
            first = run[-1]
            text = (
                f"My {title} has gone {way} {length - 1} times in a row, from {told(first)} "
                f"to {told(newest)}. What do you make of this?"
            )
            why = f"{plural('value', length)} in a row go {way}, by a tenth or more in all."
            yield Candidate(Rule.CHANGED, text, why, tuple(m.record for m in run), words)


def waiting(chart: Chart) -> Iterator[Candidate]:
    """Results that are registered or preliminary, with no final one of the same thing since."""
    final = chart.facts(Category.LABS, Category.PROCEDURES)
    for record in chart.of(Category.LABS, Category.PROCEDURES):
        if record.kind not in ("Observation", "DiagnosticReport") or record.trust is not Trust.UNCONFIRMED:
            continue
        day = began(record)
        if not day or day > chart.today or days_between(day, chart.today) > _WAITING_DAYS:
            continue
        if any(began(other) >= day and same_thing(record, other) for other in final):
            continue
        text = (
            f"The result of my {in_sentence(named(record))} {dated(record)} was not final yet. Is it in now?"
        )
        why = f"The records have it as “{record.status or 'not confirmed'}”, and no final result after it."
        yield Candidate(Rule.WAITING, text, why, (record,), thing_words(record))


def overdue(chart: Chart) -> Iterator[Candidate]:
    """Values that were measured regularly and no longer are; one question for those of one day."""
    groups: dict[tuple[str, str], list[Sequence[Measure]]] = {}
    for series in series_of(chart):
        usual = rhythm(series, chart.today)
        if usual and not _measured_otherwise(chart, series):
            groups.setdefault((began(series[0].record), interval(usual)), []).append(series)
    for (day, every), alike in groups.items():
        names = sorted({in_sentence(series[0].title) for series in alike})
        verb = "hasn't" if len(names) == 1 else "haven't"
        text = (
            f"My {some(names, _MOST_NAMED)} {verb} been measured since {shown_date(day)}. Is that as planned?"
        )
        why = f"Before that it was about every {every}, as far as the records go."
        records = tuple(sorted((series[0].record for series in alike), key=named))
        yield Candidate(Rule.OVERDUE, text, why, records)


def _measured_otherwise(chart: Chart, series: Sequence[Measure]) -> bool:
    """Whether a newer value of the same thing stands in another unit or in words."""
    newest = series[0].record
    return any(
        other.when != newest.when and began(other) > began(newest) and same_thing(newest, other)
        for other in chart.facts(newest.category)
    )


def interval(days: int) -> str:
    """A usual interval in words: `6 months`, `year`, `2 weeks`."""
    for unit, length, least in (("year", 365, 330), ("month", 30, 27), ("week", 7, 7)):
        if days >= least:
            count = max(1, round(days / length))
            return unit if count == 1 else f"{count} {unit}s"
    return plural("day", days)
