"""Plots, sparks and lines of a list: what can be read off them, without colours too."""

import pytest
from textual.app import App, ComposeResult

from assistant.links.glance import Mark, row_of
from assistant.links.series import Point, Series
from assistant.records.model import Quantity, Record, Trust, Value, ValueKind, When
from assistant.tui.widgets.plot import DOT, EDGE, UNSURE, Plot, draw
from assistant.tui.widgets.record_line import pieces
from assistant.tui.widgets.spark import spark
from tests.vault.helpers import record


def point(number: float, day: str = "2020-01-01", **rest: object) -> Point:
    members: dict[str, object] = {"shown": f"{number:g} mm[Hg]", "unit": "mm[Hg]", **rest}
    return Point("r", f"{day}T00:00:00Z", day, day, number=number, **members)  # type: ignore[arg-type]


def drawing(*points: Point, width: int = 60, height: int = 14, title: str = "Systolic") -> list[str]:
    rows = draw(Series(title, "mm[Hg]", points), width, height)
    return ["".join(sign for sign, _ in row) for row in rows]


def test_a_plot_names_unit_dates_and_round_numbers() -> None:
    rows = drawing(point(110, "2019-03-01"), point(145, "2026-02-10"))
    assert rows[0] == "Systolic, mm[Hg]"
    assert "2019-03-01" in rows[-2]
    assert rows[-2].endswith("2026-02-10")
    labels = [row.split("┤")[0].strip() for row in rows if "┤" in row]
    assert "120" in labels
    assert "140" in labels
    assert labels == sorted(labels, reverse=True)


def test_what_the_source_flags_has_signs_of_its_own_and_a_legend() -> None:
    rows = drawing(
        point(100, "2019-01-01"),
        point(160, "2020-01-01", mark=Mark.HIGH),
        point(80, "2021-01-01", mark=Mark.LOW),
        point(120, "2022-01-01", state="not confirmed"),
        point(130, "2023-01-01", mark=Mark.OTHER),
    )
    grid, legend = "".join(rows[:-3]), rows[-1]
    for sign in (DOT, Mark.HIGH, Mark.LOW, Mark.OTHER, UNSURE):
        assert grid.count(sign) == 1
    assert "▲ above, says the source" in "   ".join([legend])
    assert EDGE not in legend


def test_a_plain_value_above_the_range_gets_no_flag_of_ours() -> None:
    rows = drawing(point(3, "2019-01-01", low=1.0, high=2.0), point(3.5, "2020-01-01", low=1.0, high=2.0))
    grid = "".join(rows[:-1])
    assert Mark.HIGH not in grid
    assert grid.count(DOT) == 2


def test_the_range_is_drawn_where_it_is_near_and_never_where_there_is_none() -> None:
    with_range = drawing(
        point(4, "2019-01-01", low=3.0, high=5.0), point(4.5, "2020-01-01", low=3.0, high=5.0)
    )
    assert sum(EDGE in row for row in with_range[:-1]) == 2
    far = drawing(point(4, "2019-01-01", low=0.0, high=5000.0), point(4.5, "2020-01-01"))
    assert sum(EDGE in row for row in far[:-1]) == 0
    assert not any(EDGE in row for row in drawing(point(4), point(5)))


@pytest.mark.parametrize(
    "numbers",
    [
        (1.0,),
        (5.0, 5.0),
        (0.0, 0.0),
        (-3.0, 4.0),
        (1e300, -1e300),
        (1e-300, 2e-300),
        (1.7e308, -1.7e308),
        (1e16, 1e16 + 2),
    ],
)
@pytest.mark.parametrize("days", [("2020-01-01", "2020-01-01"), ("0001-01-01", "9999-12-31")])
@pytest.mark.parametrize("size", [(24, 7), (80, 12), (200, 40)])
def test_any_numbers_fit_the_space_they_get(
    numbers: tuple[float, ...], days: tuple[str, str], size: tuple[int, int]
) -> None:
    points = [point(number, day) for number, day in zip(numbers, days, strict=False)]
    rows = drawing(*points, width=size[0], height=size[1])
    assert len(rows) == size[1]
    assert max(map(len, rows)) <= size[0]
    assert sum(row.count(DOT) for row in rows[:-1]) >= 1


def test_thousands_of_values_keep_their_flags_in_sight() -> None:
    many = [
        point(100 + n % 7, f"20{10 + n // 300}-{1 + n // 28 % 12:02}-{1 + n % 28:02}") for n in range(3000)
    ]
    many.sort(key=lambda p: p.day)
    many[1500] = point(150, many[1500].day, mark=Mark.HIGH)
    rows = drawing(*many)
    assert sum(row.count(Mark.HIGH) for row in rows[:-1]) == 1
    assert "values, joined" in rows[-1]


def test_too_small_a_place_gets_nothing() -> None:
    assert drawing(point(1), width=10) == []
    assert drawing(point(1), height=4) == []


async def test_the_widget_shows_units_and_titles_as_they_are_written() -> None:
    class Shown(App[None]):
        def compose(self) -> ComposeResult:
            yield Plot(
                Series("LDL [@click=app.quit]x[/]\x1b[31m", "mm[Hg]", (point(1), point(2, "2021-01-01")))
            )

    async with Shown().run_test(size=(80, 24)) as pilot:
        plain = str(pilot.app.query_one(Plot).render())
    assert plain.splitlines()[0] == "LDL [@click=app.quit]x[/]�[31m, mm[Hg]"


def test_sparks_rise_from_the_lowest_to_the_highest() -> None:
    assert spark((1, 2, 3)) == "▁▅█"
    assert spark((3, 3)) == "▄▄"
    assert spark((1,)) == ""
    assert spark((-1.7e308, 1.7e308)) == "▁█"


def line(made: Record, width: int, trail: tuple[float, ...] = ()) -> str:
    return "".join(text for text, _ in pieces(row_of(made), trail, width, here=False))


def test_a_narrow_line_gives_up_the_trail_and_the_category_but_no_fact() -> None:
    value = Value(ValueKind.QUANTITY, Quantity("148", None, "mg/dL"))
    made = record("a", title="LDL cholesterol", value=value, when=When("2019-03-12"), interpretation=("H",))
    wide, narrow = line(made, 120, (1, 2)), line(made, 80, (1, 2))
    assert "Lab results" in wide
    assert "▁█" in wide
    assert "Lab results" not in narrow
    assert "▁█" not in narrow
    for text in (wide, narrow):
        for fact in ("12 Mar 2019", "LDL cholesterol", "▲ 148 mg/dL", "above the lab's range"):
            assert fact in text


@pytest.mark.parametrize("width", range(40, 200, 7))
@pytest.mark.parametrize(
    "title", ["Mammogram", "A very long title of a record that goes on and on " * 3, "日本" * 40]
)
@pytest.mark.parametrize("words", ["", "3 cm", "a value in many words " * 9])
@pytest.mark.parametrize("trust", list(Trust))
def test_what_is_not_fact_says_so_at_any_width(width: int, title: str, words: str, trust: Trust) -> None:
    value = Value(ValueKind.TEXT, text=words) if words else None
    made = record("a", title=title, trust=trust, status="x", value=value)
    text = line(made, width)
    state = row_of(made).state
    if trust is not Trust.FACT:
        assert state
    assert state in text


def test_no_line_can_act() -> None:
    made = record("a", title="LDL\x1b[31m\n[red]x", value=Value(ValueKind.TEXT, text="\x9b2J ‮abc"))
    text = line(made, 120)
    assert not set(text) & {"\x1b", "\n", "\x9b", "\u202e"}
    assert "[red]x" in text
