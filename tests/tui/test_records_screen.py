"""The records, one record and the timeline, as a patient goes through them by key and by mouse."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static, TextArea

from assistant.bootstrap import House, make_house, sample_sources
from assistant.clock import utc_now
from assistant.links.importer import bring_in
from assistant.records.model import Category
from assistant.tui.screens.category import CategoryScreen
from assistant.tui.screens.record import RecordScreen, SectionBlock
from assistant.tui.screens.records import RecordsScreen
from assistant.tui.screens.timeline import TimelineScreen
from assistant.tui.widgets.plot import Plot
from assistant.tui.widgets.record_list import RecordList
from assistant.vault.ledger import Ledger
from assistant.vault.query import RecordQuery
from tests.fakes import small
from tests.fakes.memory import MemorySource
from tests.fakes.small import Resource

PASSPHRASE = "correct horse battery staple"
WIDE = (120, 40)
NARROW = (80, 24)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The invented patient's vault, which tests only read."""
    house, _ = make_house(PASSPHRASE, home=tmp_path_factory.mktemp("sample") / "home")
    asyncio.run(bring_in(house.vault, sample_sources(), clock=utc_now))
    yield house
    house.vault.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An empty vault."""
    made, _ = make_house(PASSPHRASE, home=tmp_path / "home")
    yield made
    made.vault.close()


async def bring(house: House, *resources: Resource, name: str = "mercy") -> None:
    source = MemorySource(name, [small.patient(), *resources])
    await bring_in(house.vault, [source], clock=utc_now)


@asynccontextmanager
async def shown(screen: Screen[None], size: tuple[int, int] = WIDE) -> AsyncIterator[Pilot[None]]:
    app: App[None] = App()
    async with app.run_test(size=size) as pilot:
        await app.push_screen(screen)
        await settled(pilot)
        yield pilot


async def settled(pilot: Pilot[None]) -> None:
    """Everything that was set going has come to its end, and so has what that set going."""
    await pilot.pause()
    while pilot.app.workers._workers:
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


def lines(pilot: Pilot[None]) -> list[str]:
    """What stands on the screen."""
    return [strip.text.rstrip() for strip in pilot.app.screen._compositor.render_strips()]


def listed(pilot: Pilot[None]) -> list[str]:
    """What stands in the list."""
    found = pilot.app.screen.query_one(RecordList)
    every = [found.render_line(y).text.rstrip() for y in range(found.size.height)]
    return [line for line in every if line]


def told(pilot: Pilot[None], name: str = "records-told") -> str:
    return str(pilot.app.screen.query_one(f"#{name}", Static).render())


async def test_the_list_shows_the_newest_first_with_value_unit_and_flag(sample: House) -> None:
    async with shown(RecordsScreen(sample.shelf)) as pilot:
        assert told(pilot) == "606 records · newest first"
        rows = listed(pilot)
        (pressure,) = [row for row in rows if "1 Oct 2026" in row]
        assert "Vitals" in pressure
        assert "Blood pressure" in pressure
        assert "118/72 mm[Hg]" in pressure
        assert "█" in pressure
        assert any("▲ 6.0%  above the lab's range" in row for row in rows)
        assert rows[0].startswith("› 16 Feb 2027")
        assert "(planned: booked)" in rows[0]


async def test_at_80_columns_every_key_fact_stays(sample: House) -> None:
    async with shown(RecordsScreen(sample.shelf), NARROW) as pilot:
        text = "\n".join(listed(pilot))
        for fact in ("(planned: booked)", "not known to be done", "118/72 mm[Hg]", "▲ 6.0%", "1 Oct 2026"):
            assert fact in text
        assert "Vitals" not in text
        assert "█" not in text


async def test_typing_narrows_the_list_by_the_beginnings_of_words(sample: House) -> None:
    async with shown(RecordsScreen(sample.shelf)) as pilot:
        await press(pilot, "slash", *"hemo a1")
        assert told(pilot).startswith("22 of 606 records")
        assert sum("Hemoglobin A1c" in row for row in listed(pilot)) == 18
        await press(pilot, "enter", "0")
        assert told(pilot) == "606 records · newest first"
        assert pilot.app.screen.query_one(Input).value == ""


async def test_what_is_no_fact_says_so_in_the_list(sample: House) -> None:
    async with shown(RecordsScreen(sample.shelf, words="penicillin"), NARROW) as pilot:
        (row,) = [row for row in listed(pilot) if " Penicillin " in f"{row} " and "1974" in row]
        assert row.endswith("(refuted)")


async def test_nothing_found_is_a_sentence_with_what_to_do(sample: House, house: House) -> None:
    async with shown(RecordsScreen(sample.shelf)) as pilot:
        await press(pilot, "slash", *"zzzz")
        assert (
            told(pilot, "records-empty")
            == "No record matches\nChange the words with /, or press 0 to show all records."
        )
        assert not pilot.app.screen.query_one(RecordList).display
        await press(pilot, "escape", "0")
        assert pilot.app.screen.query_one(RecordList).display
        assert listed(pilot)
    async with shown(RecordsScreen(house.shelf)) as pilot:
        assert "There are no records here yet" in told(pilot, "records-empty")


async def test_a_category_is_chosen_from_a_list_with_counts(sample: House) -> None:
    async with shown(RecordsScreen(sample.shelf)) as pilot:
        await press(pilot, "c")
        assert isinstance(pilot.app.screen, CategoryScreen)
        text = "\n".join(lines(pilot))
        assert "Lab results                    218" in text
        await press(pilot, "down", "down", "down", "enter")
        assert told(pilot) == "218 of 606 records · Lab results · newest first"
        assert all("Lab results" in row for row in listed(pilot))
        await press(pilot, "c", "escape")
        assert told(pilot).startswith("218 of 606")
        await press(pilot, "c", "home", "enter")
        assert told(pilot).startswith("606 records")


async def test_the_order_changes_by_key(sample: House) -> None:
    async with shown(RecordsScreen(sample.shelf)) as pilot:
        await press(pilot, "s")
        assert told(pilot).endswith("oldest first")
        assert "1974" in "\n".join(listed(pilot))
        await press(pilot, "s", "home")
        assert told(pilot).endswith("by title")
        titles = [row[38:60].casefold() for row in listed(pilot)]
        assert titles == sorted(titles)


async def test_keys_move_through_the_whole_list(sample: House) -> None:
    async with shown(RecordsScreen(sample.shelf)) as pilot:
        shown_list = pilot.app.screen.query_one(RecordList)
        await press(pilot, "end")
        assert listed(pilot)[-1].startswith("› ")
        assert shown_list.cursor == 605
        await press(pilot, "down")
        assert shown_list.cursor == 605
        await press(pilot, "pageup", "up")
        assert sum(row.startswith("› ") for row in listed(pilot)) == 1
        assert not any(row.strip() == "…" for row in listed(pilot))
        await press(pilot, "home", "up")
        assert shown_list.cursor == 0


async def test_another_list_begins_at_its_top(sample: House) -> None:
    async with shown(RecordsScreen(sample.shelf)) as pilot:
        await press(pilot, "end", "s")
        assert listed(pilot)[0].startswith("› ")
        await press(pilot, "end", "slash", *"ldl")
        assert listed(pilot)[0].startswith("› ")


async def test_letters_go_into_the_search_while_one_types(sample: House) -> None:
    async with shown(RecordsScreen(sample.shelf)) as pilot:
        await press(pilot, "slash", *"cs0t")
        assert pilot.app.screen.query_one(Input).value == "cs0t"
        assert "Category" not in lines(pilot)[-1]
        await press(pilot, "down")
        assert isinstance(pilot.app.screen.focused, RecordList) or pilot.app.screen.focused is None
        await press(pilot, "escape")


async def test_enter_opens_and_escape_comes_back_to_the_same_line(sample: House) -> None:
    async with shown(RecordsScreen(sample.shelf, words="ldl")) as pilot:
        await press(pilot, "down", "enter")
        assert isinstance(pilot.app.screen, RecordScreen)
        assert told(pilot, "record-title") == "LDL cholesterol  96 mg/dL"
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, RecordsScreen)
        assert pilot.app.screen.query_one(RecordList).cursor == 1


async def test_a_click_chooses_and_a_second_one_opens(sample: House) -> None:
    async with shown(RecordsScreen(sample.shelf)) as pilot:
        await pilot.click(RecordList, offset=(20, 3))
        assert pilot.app.screen.query_one(RecordList).cursor == 3
        await pilot.click(RecordList, offset=(20, 5), times=2)
        await settled(pilot)
        assert isinstance(pilot.app.screen, RecordScreen)


async def test_records_that_come_in_show_when_one_comes_back(house: House) -> None:
    await bring(house, small.ldl("a", 90, "2026-01-01"))
    async with shown(RecordsScreen(house.shelf)) as pilot:
        assert told(pilot).startswith("2 records")
        await press(pilot, "down", "enter")
        await bring(house, small.ldl("b", 91, "2026-02-01"), name="quest")
        await press(pilot, "escape")
        assert told(pilot).startswith("4 records")
        assert any("91 mg/dL" in row for row in listed(pilot))
        assert any(row.startswith("› ") and "Brandt" in row for row in listed(pilot))


async def test_a_year_of_the_timeline_shows_its_records(sample: House) -> None:
    async with shown(RecordsScreen(sample.shelf)) as pilot:
        await press(pilot, "t")
        assert isinstance(pilot.app.screen, TimelineScreen)
        assert any(row.lstrip("▊ ").startswith("2026         63  ████") for row in lines(pilot))
        assert told(pilot, "timeline-year") == "2027: Procedures 1, Clinical visits 1"
        await press(pilot, "down", "enter")
        assert told(pilot).startswith("63 of 606 records · 2026")
        assert all(" 2026" in row for row in listed(pilot))
        await press(pilot, "t", "escape")
        assert told(pilot).startswith("63 of 606")


async def test_the_bars_can_be_of_one_category(sample: House) -> None:
    async with shown(RecordsScreen(sample.shelf)) as pilot:
        await press(pilot, "t", "c")
        assert told(pilot, "timeline-title") == "Your records by year: Conditions"
        await press(pilot, "0")
        assert told(pilot, "timeline-title") == "Your records by year: all categories"
        assert pilot.app.screen.query_one(OptionList).option_count > 20


async def first(house: House, words: str) -> str:
    query = RecordQuery(words=tuple(words.split()), prefix=True, categories=(Category.LABS, Category.VITALS))
    return house.shelf.listing.find(query).ids[0]


def sections(pilot: Pilot[None]) -> str:
    return "\n".join(str(block.render()) for block in pilot.app.screen.query(SectionBlock))


async def test_a_record_shows_value_range_flag_origin_and_plot(sample: House) -> None:
    async with shown(RecordScreen(sample.shelf, await first(sample, "a1c"))) as pilot:
        assert told(pilot, "record-title") == "Hemoglobin A1c  6.0%"
        text = sections(pilot)
        for fact in (
            "range of the source  4.0 to 5.6%",
            "above the lab's range",
            "told as a fact about you",
            "Mercy General (sample)",
            "entry ",
            "What the FHIR validator found",
            "18 values, newest first",
            "6 Feb 2024",
        ):
            assert fact in text
        (plot,) = pilot.app.screen.query(Plot)
        assert "▲ above, says the source" in str(plot.render())


async def test_a_blood_pressure_shows_both_halves(sample: House) -> None:
    async with shown(RecordScreen(sample.shelf, await first(sample, "blood pressure"))) as pilot:
        assert told(pilot, "record-title") == "Blood pressure  118/72 mm[Hg]"
        assert "Diastolic blood pressure  72 mm[Hg]" in sections(pilot)
        assert len(pilot.app.screen.query(Plot)) == 2


async def test_the_exact_digits_and_the_bytes_behind_a_record_are_there(house: House) -> None:
    resource = small.ldl(
        "a", 93.123400, "2026-01-01", note=[{"text": "[@click=app.quit]tap[/]\x1b]52;c;eA==\x07"}]
    )
    await bring(house, resource, small.ldl("b", 95, "2026-02-01"))
    found = house.shelf.listing.find(RecordQuery(words=("ldl",))).ids[1]
    async with shown(RecordScreen(house.shelf, found)) as pilot:
        text = sections(pilot)
        assert "93.1 mg/dL" in text
        assert "exactly   93.1234 mg/dL" in text
        assert "[@click=app.quit]tap[/]�]52" in text
        assert "\x1b" not in "\n".join(lines(pilot))
        await press(pilot, "j")
        source = pilot.app.screen.query_one(TextArea)
        assert source.display
        assert '"value": 93.1234' in source.text
        assert "\x1b" not in source.text
        await press(pilot, "j")
        assert not source.display


async def test_a_record_in_error_says_so_beside_its_value_and_is_in_no_plot(house: House) -> None:
    wrong = small.ldl("w", 999, "2026-01-15", status="entered-in-error")
    await bring(house, small.ldl("a", 90, "2026-01-01"), small.ldl("b", 95, "2026-02-01"), wrong)
    ids = house.shelf.listing.find(RecordQuery(words=("ldl",))).ids
    async with shown(RecordScreen(house.shelf, ids[1])) as pilot:
        assert told(pilot, "record-title") == "LDL cholesterol  999 mg/dL  (entered in error)"
    async with shown(RecordScreen(house.shelf, ids[0])) as pilot:
        assert "999" not in sections(pilot)
        assert "2 values" in sections(pilot)


@pytest.mark.parametrize("size", [WIDE, NARROW, (50, 15)])
async def test_a_record_that_is_not_there_is_a_sentence(sample: House, size: tuple[int, int]) -> None:
    async with shown(RecordScreen(sample.shelf, "[nothing]"), size) as pilot:
        text = "\n".join(lines(pilot))
        assert "There is no record “[nothing]”." in text


async def test_every_record_of_the_sample_opens(sample: House) -> None:
    ids: Sequence[str] = sample.shelf.listing.find(RecordQuery()).ids[::40]
    for found in ids:
        async with shown(RecordScreen(sample.shelf, found), NARROW) as pilot:
            assert "Where it comes from" in sections(pilot)


async def test_looking_stands_in_the_ledger_once_for_a_visit_and_without_content(house: House) -> None:
    await bring(house, small.ldl("a", 90, "2026-01-01"))
    async with shown(RecordsScreen(house.shelf)) as pilot:
        await press(pilot, "slash", *"ldl", "enter", "enter")
    with house.vault.read() as session:
        looks = [entry for entry in Ledger(session).entries() if "looked" in entry.kind]
    assert [(entry.kind, entry.detail) for entry in looks] == [
        ("records looked at", '{"items":2}'),
        ("record looked at", '{"items":1}'),
    ]
