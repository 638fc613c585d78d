"""The chat without a screen: one line in, an answer out. For pipes, for screen readers, for any terminal."""

import asyncio
from collections.abc import Callable, Iterable, Sequence

from assistant.bootstrap import House
from assistant.chat.conversation import ANYWAY, Conversation
from assistant.chat.events import CardShown, Finished, NotSent
from assistant.chat.own_skills import COMMANDS
from assistant.chat.question import Approver
from assistant.chat.telling import sent, where
from assistant.errors import ChartsideError, UsageError
from assistant.records.model import CATEGORY_NAMES, Category
from assistant.sharing.model import Grant

Say = Callable[[str], None]

HELP = """Type a question, or:
  /to NAME           ask someone else;  /to alone lists whom you can ask
  /share CATEGORY    let the one you ask see a category
  /unshare CATEGORY  stop that;  /unshare alone stops everything, for everyone
  /sharing           what is shared with whom
  /anyway QUESTION   ask although a card for something urgent answered
  /skills            ready-made questions, such as /summary or /explain LDL
  /preview QUESTION  what a question would send, without sending it
  /outgoing          the exact message of the last question
  /withhold N        keep record N of that message out of this chat;  /withhold alone lets all go again
  /new               begin a new chat;  /chats [WORDS] lists them, /chat ID goes on in one
  /rename TITLE  /delete  /export    this chat
  /help  /quit"""


class LineChat:
    """One conversation, line by line."""

    def __init__(self, house: House, say: Say, approver: Approver) -> None:
        self._house = house
        self._say = say
        self._talk = Conversation(house.chat, approver, skills=house.skills)

    @property
    def chat(self) -> str | None:
        """The chat under way, None before its first question."""
        return self._talk.chat

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
            if text.startswith("/") and not text.startswith(ANYWAY):
                name, *words = text[1:].split() or ["help"]
                if name in COMMANDS or not self._skilled(name):
                    self._command(name, *words)
                    return
                asyncio.run(self._ask(text))
            else:
                asyncio.run(self._ask(text))
        except ChartsideError as error:
            self._say(f"{error.title}. {error.text} {error.next_step}")

    async def _ask(self, text: str) -> None:
        async for event in self._talk.ask(text):
            match event:
                case CardShown(card=card):
                    self._say(card.text)
                case NotSent(why="urgent"):
                    self._say("To ask all the same, type /anyway and a space before it.")
                case NotSent(why=why):
                    self._say(f"Nothing was sent: {why}.")
                case Finished(answer=answer):
                    self._say(answer.text)
                    self._beside(answer.warnings)

    def _beside(self, warnings: Iterable[str]) -> None:
        if self._talk.last is None:
            return
        self._say(f"  ↑ {sent(self._talk.last)} · /outgoing shows all of it")
        for text in (*warnings, *self._talk.last.local.coverage):
            self._say(f"  ! {text}")

    def _command(self, name: str = "help", *words: str) -> None:
        match name:
            case "to" if words:
                self._talk.to = self._house.sharing.destination(words[0]).id
                self._say(f"You are asking {self._talk.to} now.")
            case "to":
                for destination in self._house.sharing.destinations:
                    self._say(f"{destination.id}  {destination.model}, {where(destination)}")
            case "share" if words:
                to = self._talk.to
                self._house.sharing.share(Grant(to, category) for category in _categories(words))
                self._sharing()
            case "unshare":
                whom = self._talk.to if words else None
                self._house.sharing.unshare(destination=whom, categories=_categories(words))
                self._sharing()
            case "sharing":
                self._sharing()
            case "preview" if words:
                outgoing = asyncio.run(self._talk.preview(" ".join(words)))
                self._say(f"Would send: {sent(outgoing)}" if outgoing else "Nothing would be sent.")
            case "outgoing":
                self._outgoing()
            case "withhold":
                self._withhold(words)
            case "skills":
                self._skills()
            case _:
                self._about_chats(name, *words)

    def _about_chats(self, name: str, *words: str) -> None:
        chats, chat = self._house.chats, self._talk.chat
        match name:
            case "new":
                self._talk.begin()
                self._say("A new chat.")
            case "chats":
                found = chats.search(" ".join(words))
                self._say(
                    "\n".join(f"{c.id}  {c.updated}  {c.title}" for c in found) or "No conversation yet."
                )
            case "chat" if words:
                self._talk.begin(chats.chosen(words[0]))
                self._say("Going on in this chat.")
            case "rename" if words and chat:
                chats.rename(chat, " ".join(words))
                self._say("Renamed.")
            case "delete" if chat:
                chats.delete(chat)
                self._talk.begin()
                self._say("Deleted. The ledger keeps when messages were sent, not what they said.")
            case "export" if chat:
                self._say(chats.export(chat))
            case "rename" | "delete" | "export":
                self._say("There is no chat yet: ask something first.")
            case _:
                self._say(HELP)

    def _withhold(self, words: Sequence[str]) -> None:
        items = {str(item.ref): item for item in self._talk.last.message.items} if self._talk.last else {}
        if not words:
            self._talk.withheld = ()
            self._say("Nothing is held back.")
        for word in words:
            if word not in items:
                raise UsageError(f"“{word}” is not a record of the last message.", "See /outgoing.")
            self._talk.withhold(items[word].record)
            self._say(f"Held back in this chat: {items[word].text}")

    def _skilled(self, name: str) -> bool:
        """Whether a skill is meant, also one whose file is broken: asking with it says how."""
        ready, wrong = self._house.skills.look()
        return name in {s.skill.id for s in ready} or any(text.startswith(f"{name}.md") for text in wrong)

    def _skills(self) -> None:
        ready, wrong = self._house.skills.look()
        for offered in ready:
            self._say(
                f"  {'/' + offered.skill.id:<18} {offered.skill.name}{' (yours)' if offered.own else ''}"
            )
        for text in wrong:
            self._say(f"  ! {text}")

    def _sharing(self) -> None:
        grants = self._house.sharing.grants()
        for destination in self._house.sharing.destinations:
            shared = {grant.category for grant in grants if grant.destination == destination.id}
            marks = [f"{'●' if c in shared else '○'} {CATEGORY_NAMES[c]}" for c in Category]
            self._say(f"SHARING with {destination.id}: " + "  ".join(marks))

    def _outgoing(self) -> None:
        if self._talk.last is None:
            self._say("No message has been made in this chat yet.")
            return
        request = self._talk.last.request
        self._say(f"{request.method} {request.url}\n{request.body.decode('utf-8')}\nsha256 {request.sha256}")


def _categories(words: Iterable[str]) -> list[Category]:
    known = {category.value: category for category in Category}
    for word in words:
        if word not in known:
            raise UsageError(f"“{word}” is not a category.", f"Known are: {', '.join(known)}.")
    return [known[word] for word in words]
