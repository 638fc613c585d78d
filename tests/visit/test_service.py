"""Sheets in a vault: kept, changed, deleted, noted in the ledger, gone with the records they rest on."""

import asyncio
import stat
from functools import partial
from pathlib import Path

import pytest

from assistant.bootstrap import House
from assistant.chat.conversation import Conversation
from assistant.chat.events import Outgoing
from assistant.errors import NothingDone, UsageError
from assistant.links.removal import forget_records
from assistant.records.model import Category
from assistant.sharing.model import Grant
from assistant.vault.ledger import Entry
from assistant.vault.query import RecordQuery
from assistant.vault.rows import Rows
from assistant.visit import edit
from assistant.visit.export import rendered, write
from assistant.visit.model import Origin, Question, VisitSheet
from assistant.visit.service import NewVisit
from tests.visit.conftest import NOW

WORDS = "I am tired in the afternoon, zebrafinch."


def notes(house: House) -> list[Entry]:
    return [entry for entry in house.ledger() if entry.kind.startswith("visit sheet")]


def test_a_sheet_is_for_the_next_planned_visit_and_is_kept(house: House) -> None:
    made = house.visits.new()
    assert made.visit == house.visits.coming()[0]
    assert (made.visit.title, made.visit.date) == ("Yearly physical", "2027-02-16")
    assert made.last_visit is not None
    assert made.last_visit.date == made.since == "2026-08-18"
    assert house.visits.get(made.id) == made
    assert list(house.visits.all()) == [made]


def test_a_visit_can_be_typed_and_then_no_planned_one_is_taken(house: House) -> None:
    made = house.visits.new(NewVisit(date="2026-12", who="Dr. Sandoval"))
    assert (made.visit.date, made.visit.who, made.visit.record) == ("2026-12", "Dr. Sandoval", None)
    planned = house.visits.coming()[0]
    named = house.visits.new(NewVisit(record=planned.record, who="Her colleague"))
    assert (named.visit.title, named.visit.who) == (planned.title, "Her colleague")


def test_changes_can_be_counted_from_an_earlier_visit(house: House) -> None:
    (_, found) = house.shelf.find(RecordQuery(kinds=("Encounter",)))
    earlier = found[3].record
    made = house.visits.new(NewVisit(since=earlier.id))
    assert made.since < house.visits.new().since
    assert len(made.changes) > len(house.visits.new().changes)


@pytest.mark.parametrize(
    "wanted", [NewVisit(record="r0"), NewVisit(since="r0"), NewVisit(carry_over="v0")], ids=str
)
def test_what_is_not_there_makes_no_sheet(house: House, wanted: NewVisit) -> None:
    with pytest.raises(UsageError):
        house.visits.new(wanted)
    assert list(house.visits.all()) == []


def test_the_same_records_give_the_same_questions(house: House) -> None:
    one, other = house.visits.new(), house.visits.new()
    assert one.id != other.id
    assert (one.questions, one.changes, one.bring) == (other.questions, other.changes, other.bring)


def test_edits_are_kept_and_one_that_fails_changes_nothing(house: House) -> None:
    made = house.visits.new()
    changed = house.visits.change(
        made.id,
        partial(edit.words, text=WORDS),
        partial(edit.tick, question="q1"),
        partial(edit.add, text="Why?"),
    )
    assert house.visits.get(made.id) == changed
    assert changed.questions[0].done
    assert changed.questions[-1].origin is Origin.ME
    with pytest.raises(UsageError):
        house.visits.change(
            made.id, partial(edit.remove, question="q1"), partial(edit.remove, question="q99")
        )
    assert house.visits.get(made.id) == changed


def test_open_questions_are_carried_over_ticked_ones_stay(house: House) -> None:
    first = house.visits.new()
    house.visits.change(first.id, partial(edit.tick, question="q1"), partial(edit.add, text="Can I fly?"))
    second = house.visits.new(NewVisit(carry_over=first.id))
    carried = [question.text for question in second.questions]
    assert "Can I fly?" in carried
    assert carried.index("Can I fly?") < len(first.questions)
    assert len(carried) == len(set(carried))


def test_what_a_model_proposes_is_marked_as_its_own(house: House) -> None:
    made = house.visits.new()
    changed = house.visits.propose(made.id, [Question("", "Should it be repeated?", "Suggested.", ("r1",))])
    assert changed.questions[-1].origin is Origin.MODEL
    assert "Suggested by an AI model" in rendered(changed, "md").decode()


def test_the_ledger_says_what_was_done_and_no_content(house: House) -> None:
    made = house.visits.new()
    house.visits.change(made.id, partial(edit.words, text=WORDS))
    house.visits.exported(made, "pdf")
    house.visits.delete(made.id)
    assert [entry.kind.removeprefix("visit sheet ") for entry in notes(house)] == [
        "made",
        "edited",
        "exported",
        "deleted",
    ]
    told = " ".join(entry.detail for entry in notes(house))
    assert all(q.text not in told for q in made.questions)
    assert WORDS not in told
    assert house.verify_ledger().ok


def test_an_edit_that_changes_nothing_is_no_edit(house: House) -> None:
    made = house.visits.new()
    assert house.visits.change(made.id, partial(edit.tick, question="q1", done=False)) == made
    assert len(notes(house)) == 1


def test_a_deleted_sheet_is_gone_with_all_its_lines(house: House) -> None:
    made = house.visits.new()
    house.visits.delete(made.id)
    with pytest.raises(UsageError):
        house.visits.get(made.id)
    with house.vault.read() as session:
        for table in ("visit", "visit_line", "visit_record"):
            assert Rows(session).one(f"SELECT count(*) FROM {table}") == 0


def test_a_forgotten_record_takes_its_lines_along_and_no_others(house: House) -> None:
    made = house.visits.new()
    gone = made.questions[0].records[0]
    house.visits.change(made.id, partial(edit.add, text="Can I fly?"), partial(edit.words, text=WORDS))
    forget_records(house.vault, house.shelf.open(gone).raws, house.clock)
    left = house.visits.get(made.id)
    expected = [q.text for q in made.questions if gone not in mentioned(q)] + ["Can I fly?"]
    assert [question.text for question in left.questions] == expected
    assert len(expected) < len(made.questions) + 1
    assert left.words == WORDS
    with house.vault.read() as session:
        bodies = b" ".join(Rows(session).column("SELECT body FROM visit_line"))
    assert gone.encode() not in bodies


def mentioned(question: Question) -> tuple[str, ...]:
    noted = question.already_answered
    return (*question.records, *([noted.record] if noted else []))


def test_every_record_on_a_sheet_is_in_the_vault(house: House) -> None:
    made = house.visits.new()
    named = {record for question in made.questions for record in question.records}
    named |= {record for change in made.changes for record in change.records}
    named |= {record for item in made.bring for record in item.records}
    for record in named:
        assert house.shelf.open(record).raws


def test_a_sheet_changes_no_outgoing_message(house: House) -> None:
    house.sharing.share([Grant("scripted", category) for category in Category])
    before = previewed(house)
    made = house.visits.new()
    house.visits.change(made.id, partial(edit.words, text=WORDS), partial(edit.add, text=WORDS))
    after = previewed(house)
    assert after.request.body == before.request.body
    assert WORDS.encode() not in after.request.body


def previewed(house: House) -> Outgoing:
    async def nobody(outgoing: Outgoing) -> bool:
        return False

    talk = Conversation(house.chat, nobody, to="scripted")
    outgoing = asyncio.run(talk.preview("What should I ask at my next visit? Why am I tired?"))
    assert outgoing is not None
    return outgoing


def test_a_file_is_for_its_owner_alone_and_nothing_is_overwritten(tmp_path: Path) -> None:
    sheet = VisitSheet(id="v1", made_at=NOW.isoformat(), updated_at="")
    file = tmp_path / "sheet.md"
    write(file, rendered(sheet, "md"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(NothingDone):
        write(file, b"other")
    assert file.read_bytes() == rendered(sheet, "md")
    write(file, b"other", replace=True)
    assert file.read_bytes() == b"other"
    link = tmp_path / "link.md"
    link.symlink_to(file)
    with pytest.raises(NothingDone):
        write(link, b"through a link", replace=True)
    assert file.read_bytes() == b"other"
