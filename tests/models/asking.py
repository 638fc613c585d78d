"""Ask through the whole path, as every face does, and look at what comes with eyes of its own."""

import re
import time
from contextlib import aclosing

import msgspec

from assistant.bootstrap import House
from assistant.chat.events import Answer, AnswerDelta, Finished, Outgoing, QuestionSaved, Sending
from assistant.chat.question import Question

_CITED = re.compile(r"\[F?\d+\]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


class Turn(msgspec.Struct):
    """What came of a question."""

    chat: str = ""
    sent: list[Outgoing] = []
    pieces: list[str] = []
    answer: Answer = Answer("", (), (), ())
    seconds: float = 0.0

    def unmarked(self) -> list[str]:
        """Numbers of the answer that stand nowhere in what was sent and are not marked. A reference to a
        record that was not sent is marked by a warning."""
        known = set(_NUMBER.findall(" ".join(_words(outgoing) for outgoing in self.sent)))
        invented = [n for n in _NUMBER.findall(_CITED.sub(" ", self.answer.text)) if n not in known]
        marked = {part for n in self.answer.numbers if not n.ok for part in _NUMBER.findall(n.text)}
        return [number for number in invented if not (number in marked and self.answer.warnings)]


def _words(outgoing: Outgoing) -> str:
    message = outgoing.message
    return " ".join([*(item.text for item in message.items), *(fact.text for fact in message.facts)])


async def ask(house: House, question: Question) -> Turn:
    """One turn, every message approved."""

    async def yes(outgoing: Outgoing) -> bool:
        return True

    turn = Turn()
    begun = time.perf_counter()
    async with aclosing(house.chat.ask(question, yes)) as events:
        async for event in events:
            match event:
                case QuestionSaved(chat=chat):
                    turn.chat = chat
                case Sending(outgoing=outgoing):
                    turn.sent.append(outgoing)
                case AnswerDelta(text=text):
                    turn.pieces.append(text)
                case Finished(answer=answer):
                    turn.answer = answer
    turn.seconds = time.perf_counter() - begun
    return turn
