"""What a conversation on the screen works on: the open vault, the conversation, what is kept out of it."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from assistant.chat.conversation import Conversation
from assistant.chat.events import Outgoing
from assistant.chat.question import Approver
from assistant.errors import ChartsideError
from assistant.records.model import Category
from assistant.sharing.model import Destination, Grant
from assistant.tui.gather import sharing_state
from assistant.tui.widgets.sharing_column import SharingState

if TYPE_CHECKING:
    from assistant.bootstrap import House
    from assistant.chat.browse import PastTurn


class Opened(msgspec.Struct, frozen=True):
    """A conversation as it was left."""

    turns: "tuple[PastTurn, ...]"
    draft: str


class Desk:
    """Everything that takes time goes away from the event loop here."""

    def __init__(self, house: "House", approver: Approver) -> None:
        self.house = house
        self.talk = Conversation(house.chat, approver, skills=house.skills)
        self.held: dict[str, str] = {}
        """Records kept out of this conversation, with their texts."""

    @property
    def destination(self) -> Destination:
        """Whom a question goes to."""
        return self.house.sharing.destination(self.talk.to)

    @property
    def removed(self) -> bool:
        """Whether the one who is asked is no longer there."""
        return self.house.voices.known(self.talk.to) is None

    async def open(self, chat: str | None) -> Opened:
        """Go on in a conversation; None begins a new one.

        Raises:
            UsageError: there is no such chat.
        """
        turns = await asyncio.to_thread(self.house.chats.turns, chat) if chat is not None else ()
        self.talk.begin(chat)
        self.held.clear()
        return Opened(tuple(turns), await asyncio.to_thread(self.house.chats.draft, chat))

    async def sharing(self) -> SharingState:
        """What is shared with the one who is asked."""
        return await asyncio.to_thread(sharing_state, self.house, self.talk.to)

    async def switch(self, category: Category, *, on: bool) -> None:
        """Share a category with the one who is asked, or take it back."""
        sharing, to = self.house.sharing, self.talk.to
        if on:
            await asyncio.to_thread(sharing.share, [Grant(to, category)])
        else:
            await asyncio.to_thread(lambda: sharing.unshare(destination=to, categories=[category]))

    async def narrow(self, grant: Grant) -> None:
        """Share only this part of a category with the one who is asked."""
        await self.switch(grant.category, on=False)
        await asyncio.to_thread(self.house.sharing.share, [grant])

    async def stop_all(self) -> int:
        """Take back every grant to everyone; how many there were."""
        self.talk.standing.forget()
        return await asyncio.to_thread(self.house.sharing.unshare)

    async def change(self, record: str, text: str, out: bool) -> None:
        """Keep a record out of this conversation, or let it in again."""
        if out:
            self.talk.withhold(record)
            self.held[record] = text
        else:
            self.talk.give_back(record)
            self.held.pop(record, None)

    async def preview(self, text: str) -> Outgoing | None:
        """The message that a question would send now."""
        return await self.talk.preview(text) if text else None

    async def there(self) -> bool:
        """Whether the conversation under way is still there; a new one always is."""
        chats = await asyncio.to_thread(self.house.chats.all)
        return self.talk.chat is None or any(chat.id == self.talk.chat for chat in chats)

    def keep_draft(self, chat: str | None, text: str) -> None:
        """Keep what is being typed in a conversation. A vault that can't be written keeps the old draft."""
        with suppress(ChartsideError):
            self.house.chats.keep_draft(chat, text)
