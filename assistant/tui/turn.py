"""One turn on the screen: its events become widgets."""

import asyncio
from contextlib import aclosing

from assistant.chat.conversation import Conversation
from assistant.chat.events import (
    AnswerDelta,
    CardShown,
    Finished,
    NotSent,
    Outgoing,
    OutgoingReady,
    QuestionSaved,
    Sending,
)
from assistant.errors import ChartsideError
from assistant.sharing.model import Destination
from assistant.tui.widgets.transcript import Transcript

_NOT_SENT = {
    "not approved": "Not sent: you did not approve it.",
    "urgent": "Not asked of any model. To ask all the same, type /anyway and a space before it.",
    "no longer shared": "Not sent: something in it is no longer shared. Ask again to make it anew.",
}


class Turn:
    """A question and what becomes of it."""

    def __init__(self, talk: Conversation, transcript: Transcript, destination: Destination) -> None:
        self._talk = talk
        self._transcript = transcript
        self._destination = destination
        self.saved = False
        """Whether the question is on disk."""
        self.sent: Outgoing | None = None
        """The message, once it may have left (or was read here)."""

    async def run(self, text: str) -> bool:
        """Ask, and show what comes; True where the message was changed and is to be asked about again."""
        held = self._talk.withheld
        view = await self._transcript.answer(await self._talk.wording(text), self._destination)
        try:
            async with aclosing(self._talk.ask(text)) as events:
                async for event in events:
                    match event:
                        case CardShown(card=card):
                            view.add_class("urgent")
                            self._transcript.grow(card.text)
                        case QuestionSaved():
                            self.saved = True
                        case Sending(outgoing=outgoing):
                            self.sent = outgoing
                        case AnswerDelta(text=piece):
                            self._transcript.grow(piece)
                        case NotSent(why=why):
                            view.finish(None, None, _NOT_SENT.get(why, f"Not sent: {why}."))
                        case Finished(answer=answer, usage=usage):
                            view.finish(answer, self.sent, usage=usage)
                        case OutgoingReady():
                            pass
        except ChartsideError:
            view.finish(None, self.sent, "It ended here." if self.sent else "Not sent.")
            raise
        except asyncio.CancelledError:
            view.finish(None, self.sent, "Stopped here." if self.sent else "Stopped before it was sent.")
            raise
        return self.sent is None and held != self._talk.withheld
