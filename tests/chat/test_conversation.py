"""A conversation as every face holds it: kept out records, standing approvals, drafts, chats."""

import asyncio

import pytest

from assistant.bootstrap import House
from assistant.chat.conversation import Conversation
from assistant.chat.differences import differences
from assistant.chat.events import Event, Finished, NotSent, Outgoing
from assistant.errors import UsageError
from assistant.links.removal import forget_records
from assistant.records.model import Category
from assistant.sharing.model import Grant
from tests.chat.conftest import Opener

MEDICINES = "Which medicines do I take now?"


class Asked:
    """An approver that notes what it was asked about."""

    def __init__(self, *, says: bool) -> None:
        self.says = says
        self.about: list[Outgoing] = []

    async def __call__(self, outgoing: Outgoing) -> bool:
        self.about.append(outgoing)
        return self.says


def share(house: House, *categories: Category) -> None:
    house.sharing.share(Grant("scripted", category) for category in categories)


def ask(talk: Conversation, text: str) -> list[Event]:
    async def all_of() -> list[Event]:
        return [event async for event in talk.ask(text)]

    return asyncio.run(all_of())


def preview(talk: Conversation, text: str) -> Outgoing:
    outgoing = asyncio.run(talk.preview(text))
    assert outgoing is not None
    return outgoing


@pytest.mark.parametrize(
    "question", [MEDICINES, "How has my LDL changed since 2019?", "Summarise my history", "creatinine"]
)
def test_a_record_kept_out_is_as_if_the_vault_had_never_held_it(opener: Opener, question: str) -> None:
    whole, less = opener("whole"), opener("less")
    for house in (whole, less):
        share(house, *Category)
    talk = Conversation(whole.chat, Asked(says=True), to="scripted")
    first = preview(talk, question).message.items[0]
    talk.withhold(first.record)
    forget_records(less.vault, less.shelf.open(first.record).raws, less.clock)
    other = Conversation(less.chat, Asked(says=True), to="scripted")
    assert preview(talk, question).request.body == preview(other, question).request.body
    talk.give_back(first.record)
    assert first.record in {item.record for item in preview(talk, question).message.items}


def test_what_was_said_with_a_record_that_is_kept_out_now_stays_behind(house: House) -> None:
    share(house, *Category)
    talk = Conversation(house.chat, Asked(says=True), to="scripted")
    ask(talk, MEDICINES)
    assert talk.last is not None
    told = talk.last.message.items[0]
    ask(talk, "And what is my blood type?")
    assert preview(talk, "Thank you").message.history
    talk.withhold(told.record)
    kept = preview(talk, "Thank you")
    assert kept.message.history == ()
    assert any("2 earlier parts" in text for text in kept.local.coverage)


def test_a_yes_for_the_chat_covers_only_what_it_was_given_for(house: House) -> None:
    share(house, Category.MEDICATIONS, Category.LABS)
    asked = Asked(says=True)
    talk = Conversation(house.chat, asked, to="scripted")
    ask(talk, MEDICINES)
    assert talk.chat is not None
    talk.standing.allow(asked.about[0], talk.chat)
    ask(talk, MEDICINES)
    assert len(asked.about) == 1
    ask(talk, "What was my last LDL?")
    assert len(asked.about) == 2
    talk.begin()
    ask(talk, MEDICINES)
    assert len(asked.about) == 3
    talk.standing.forget()
    ask(talk, MEDICINES)
    assert len(asked.about) == 4


def test_a_count_of_nothing_tells_of_every_category_that_was_looked_in(house: House) -> None:
    share(house, Category.LABS, Category.ALLERGIES)
    talk = Conversation(house.chat, Asked(says=True), to="scripted")
    nothing = preview(talk, "Have I ever had a measles titer?")
    assert nothing.message.items == ()
    assert Category.LABS in nothing.categories


def test_a_no_sends_nothing_and_keeps_the_question(house: House) -> None:
    talk = Conversation(house.chat, Asked(says=False), to="scripted")
    events = ask(talk, MEDICINES)
    assert NotSent("not approved") in events
    assert not any(isinstance(event, Finished) for event in events)
    assert talk.chat is not None
    assert [turn.state for turn in house.chats.turns(talk.chat)] == ["refused"]


def test_the_differences_name_what_came_new(house: House) -> None:
    share(house, Category.MEDICATIONS)
    talk = Conversation(house.chat, Asked(says=True), to="scripted")
    first, second = preview(talk, MEDICINES), preview(talk, "Do I take metformin?")
    lines = list(differences(first, second))
    assert any(line.startswith("+") and "metformin" in line for line in lines)
    assert any(line.startswith("-") and MEDICINES in line for line in lines)
    assert list(differences(first, first)) == ["The same bytes as the message before."]


def test_chats_are_found_renamed_exported_and_deleted(house: House) -> None:
    talk = Conversation(house.chat, Asked(says=True))
    ask(talk, "What was my last hemoglobin A1c?")
    chat = talk.chat
    assert chat is not None
    talk.begin()
    ask(talk, "Am I allergic to penicillin?")
    assert [found.id for found in house.chats.search("PENICILLIN")] == [talk.chat]
    assert len(house.chats.search("")) == 2
    house.chats.rename(chat, "Sugar\nover time")
    assert [found.title for found in house.chats.search("sugar")] == ["Sugar over time"]
    exported = house.chats.export(chat)
    answer = house.chats.turns(chat)[0].answer
    assert answer is not None
    assert answer.text in exported
    assert "sha256" in exported
    house.chats.delete(chat)
    assert [found.id for found in house.chats.all()] == [talk.chat]
    with pytest.raises(UsageError):
        house.chats.turns(chat)
    with house.vault.read():
        kinds = [entry.kind for entry in house.ledger()]
    assert {"export", "delete"} <= set(kinds)
    with pytest.raises(UsageError):
        house.chats.rename(str(talk.chat), "  ")


def test_a_draft_is_kept_for_each_chat(house: House) -> None:
    talk = Conversation(house.chat, Asked(says=True))
    ask(talk, "What was my last hemoglobin A1c?")
    house.chats.keep_draft(talk.chat, "is that g")
    house.chats.keep_draft(None, "some new")
    assert (house.chats.draft(talk.chat), house.chats.draft(None)) == ("is that g", "some new")
    house.chats.keep_draft(None, "")
    assert house.chats.draft(None) == ""
