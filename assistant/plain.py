"""The chat without a screen: one line in, an answer out. For pipes, for screen readers, for any terminal."""

import asyncio
from collections.abc import Callable, Iterable

from assistant.bootstrap import House
from assistant.chat.events import Finished, NotSent, Outgoing, OutgoingReady, QuestionSaved
from assistant.chat.service import Approver, Question
from assistant.errors import ChartsideError, UsageError
from assistant.records.model import CATEGORY_NAMES, Category
from assistant.sharing.model import Grant

Say = Callable[[str], None]

HELP = """Type a question, or:
  /to NAME           ask someone else (offline, scripted)
  /share CATEGORY    let the one you ask see a category
  /unshare CATEGORY  stop that;  /unshare alone stops everything, for everyone
  /sharing           what is shared with whom
  /outgoing          the exact message of the last question
  /new               begin a new chat
  /help  /quit"""


class LineChat:
    """One conversation, line by line."""

    def __init__(self, house: House, say: Say, approver: Approver) -> None:
        self._house = house
        self._say = say
        self._approver = approver
        self._to = "offline"
        self._chat: str | None = None
        self._last: Outgoing | None = None

    @property
    def chat(self) -> str | None:
        """The chat under way, None before its first question."""
        return self._chat

    def run(self, lines: Iterable[str]) -> None:
        """Take lines until they end or one says `/quit`."""
        for line in lines:
            text = line.strip()
            if text == "/quit":
                return
            if text:
                self.line(text)

    def line(self, text: str) -> None:
        """Take one line: a command or a question. What fails is told and the chat goes on."""
        try:
            if text.startswith("/"):
                self._command(*text[1:].split())
            else:
                asyncio.run(self._ask(text))
        except ChartsideError as error:
            self._say(f"{error.title}. {error.text} {error.next_step}")

    async def _ask(self, text: str) -> None:
        question = Question(text, self._to, self._chat)
        async for event in self._house.chat.ask(question, self._approver):
            match event:
                case QuestionSaved(chat=chat):
                    self._chat = chat
                case OutgoingReady(outgoing=outgoing):
                    self._last = outgoing
                case NotSent(why=why):
                    self._say(f"Nothing was sent: {why}.")
                case Finished(answer=answer):
                    self._say(answer.text)
                    self._beside(answer.warnings)

    def _beside(self, warnings: Iterable[str]) -> None:
        if self._last is None:
            return
        message, local = self._last.message, self._last.local
        where = (
            "on this computer" if self._last.destination.stays_here else f"to {self._last.destination.host}"
        )
        self._say(
            f"  ↑ {len(message.items)} records, {message.tokens} tokens, {where} · /outgoing shows all of it"
        )
        for text in (*warnings, *local.coverage):
            self._say(f"  ! {text}")

    def _command(self, name: str = "help", *words: str) -> None:
        match name:
            case "to" if words:
                self._to = self._house.sharing.destination(words[0]).id
                self._say(f"You are asking {self._to} now.")
            case "share" if words:
                self._house.sharing.share(Grant(self._to, category) for category in _categories(words))
                self._sharing()
            case "unshare":
                to = self._to if words else None
                self._house.sharing.unshare(destination=to, categories=_categories(words))
                self._sharing()
            case "sharing":
                self._sharing()
            case "outgoing":
                self._outgoing()
            case "new":
                self._chat, self._last = None, None
                self._say("A new chat.")
            case _:
                self._say(HELP)

    def _sharing(self) -> None:
        grants = self._house.sharing.grants()
        for destination in self._house.sharing.destinations:
            shared = {grant.category for grant in grants if grant.destination == destination.id}
            marks = [f"{'●' if c in shared else '○'} {CATEGORY_NAMES[c]}" for c in Category]
            self._say(f"SHARING with {destination.id}: " + "  ".join(marks))

    def _outgoing(self) -> None:
        if self._last is None:
            self._say("No message has been made in this chat yet.")
            return
        request = self._last.request
        self._say(f"{request.method} {request.url}\n{request.body.decode('utf-8')}\nsha256 {request.sha256}")


def _categories(words: Iterable[str]) -> list[Category]:
    known = {category.value: category for category in Category}
    for word in words:
        if word not in known:
            raise UsageError(f"“{word}” is not a category.", f"Known are: {', '.join(known)}.")
    return [known[word] for word in words]
