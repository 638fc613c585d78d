"""One turn on the screen: its events become widgets."""

import asyncio
from contextlib import aclosing

from assistant.chat.conversation import Conversation
from assistant.chat.events import AnswerDelta, Finished, NotSent, OutgoingReady, QuestionSaved
from assistant.errors import ChartsideError
from assistant.sharing.model import Destination
from assistant.tui.widgets.message import AnswerView
from assistant.tui.widgets.transcript import Transcript

_NOT_SENT = {
    "not approved": "Not sent: you did not approve it.",
    "no longer shared": "Not sent: something in it is no longer shared. Ask again to make it anew.",
}


class Turn:
    """A question and what becomes of it."""

    def __init__(self, talk: Conversation, transcript: Transcript, destination: Destination) -> None:
        self._talk = talk
        self._transcript = transcript
        self._destination = destination
        self.sent = True
        """Whether the message left (or was answered here)."""

    async def run(self, text: str) -> bool:
        """Ask, and show what comes; True where the message was changed and is to be asked about again."""
        held = self._talk.withheld
        view = await self._transcript.answer(text, self._destination)
        try:
            async with aclosing(self._talk.ask(text)) as events:
                async for event in events:
                    match event:
                        case AnswerDelta(text=piece):
                            self._transcript.grow(piece)
                        case NotSent(why=why):
                            self.sent = False
                            view.finish(None, None, _NOT_SENT.get(why, f"Not sent: {why}."))
                        case Finished(answer=answer):
                            view.finish(answer, self._talk.last)
                        case QuestionSaved() | OutgoingReady():
                            pass
        except ChartsideError:
            self._end(view, "It ended here.")
            raise
        except asyncio.CancelledError:
            self._end(view, "Stopped here.")
            raise
        return not self.sent and held != self._talk.withheld

    def _end(self, view: AnswerView, state: str) -> None:
        view.finish(None, self._talk.last, state)
