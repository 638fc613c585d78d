"""Something urgent is answered by a card, before and instead of any model, on every face."""

import asyncio

from assistant.bootstrap import House
from assistant.chat.events import CardShown, Event, NotSent, Outgoing, OutgoingReady, QuestionSaved
from assistant.chat.question import Question
from assistant.plain import LineChat
from assistant.records.model import Category
from assistant.safety.model import Urgent
from assistant.sharing.model import Grant
from assistant.vault.ledger import Ledger

URGENT = "my chest hurts and my left arm is numb, my wife says it is nothing"


async def events(house: House, question: Question) -> list[Event]:
    async def yes(outgoing: Outgoing) -> bool:
        return True

    return [event async for event in house.chat.ask(question, yes)]


def test_the_card_comes_first_and_no_message_is_even_made(house: House) -> None:
    house.sharing.share([Grant("scripted", Category.LABS)])
    happened = asyncio.run(events(house, Question(URGENT, "scripted")))
    shown, saved, refused = happened
    assert isinstance(shown, CardShown)
    assert shown.card.kind is Urgent.EMERGENCY
    assert isinstance(saved, QuestionSaved)
    assert refused == NotSent("urgent")
    (turn,) = house.chats.turns(saved.chat)
    assert turn.state == "card"
    with house.vault.read() as session:
        assert Ledger(session).entries()[-1].kind == "safety card"


def test_it_comes_also_where_the_one_who_is_asked_is_gone(house: House) -> None:
    assert isinstance(asyncio.run(events(house, Question(URGENT, "removed")))[0], CardShown)


def test_it_can_be_asked_all_the_same_and_the_card_stays_out_of_later_messages(house: House) -> None:
    saved = asyncio.run(events(house, Question(URGENT)))[1]
    assert isinstance(saved, QuestionSaved)
    happened = asyncio.run(events(house, Question(URGENT, chat=saved.chat, anyway=True)))
    (made,) = [event for event in happened if isinstance(event, OutgoingReady)]
    assert made.outgoing.message.history == ()
    assert not any(isinstance(event, CardShown) for event in happened)


def test_the_line_mode_shows_it(house: House) -> None:
    said: list[str] = []

    async def no(outgoing: Outgoing) -> bool:
        return False

    LineChat(house, said.append, no).line(URGENT)
    assert said[0].startswith("Call ")
    assert "/anyway" in said[1]
