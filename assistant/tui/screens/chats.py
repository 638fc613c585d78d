"""Earlier conversations: find, go on, rename, delete, write to a file."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from assistant.records.dates import shown_date
from assistant.tui.drawn import drawn_line, joined
from assistant.tui.guarded import guarded
from assistant.tui.screens.asking import AskScreen
from assistant.tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from assistant.chat.browse import ChatBrowser


class ChatsScreen(Screen[str | None]):
    """Dismissed with the chat to go on in."""

    HELP = "Type to search titles, questions and answers. Down goes to the list; Enter goes on in a chat."
    CSS = """
    ChatsScreen #found, ChatsScreen #found:focus { height: 1fr; border: none; }
    ChatsScreen #told { height: 1; padding: 0 1; color: $text-muted; }
    """
    BINDINGS = [
        Binding("escape", "leave", "Back", id="chats.back", tooltip="Back to the conversation"),
        Binding("down", "list", "To the list", show=False),
        Binding("f2", "rename", "Rename", id="chats.rename", tooltip="Give it another title"),
        Binding("f5", "export", "Write to a file", id="chats.export", tooltip="Write it to a readable file"),
        Binding("delete", "delete", "Delete", id="chats.delete", tooltip="Delete this conversation"),
    ]

    def __init__(self, chats: "ChatBrowser") -> None:
        super().__init__()
        self._chats = chats

    def compose(self) -> ComposeResult:
        """The search, the list, what happened."""
        yield Input(placeholder="Search your conversations", id="search")
        yield OptionList(id="found", markup=False)
        yield Static(id="told")
        yield KeyLine()

    def on_mount(self) -> None:
        """List them."""
        self._search("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search as it is typed."""
        self._search(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """To the list."""
        self.action_list()

    def _search(self, words: str) -> None:
        listing = guarded(self.app, self._list(words))
        self.run_worker(listing, group="search", exclusive=True, name="search conversations")

    async def _list(self, words: str) -> None:
        found = await asyncio.to_thread(self._chats.search, words)
        listed = self.query_one("#found", OptionList)
        listed.clear_options()
        listed.add_options(
            Option(
                joined(
                    drawn_line(f"{shown_date(chat.updated[:10]):<13}", "$foreground-muted"),
                    drawn_line(chat.title),
                ),
                id=chat.id,
            )
            for chat in found
        )
        listed.highlighted = 0 if found else None
        self._tell("" if found else "No conversation holds these words." if words else "No conversation yet.")

    def _tell(self, text: str) -> None:
        self.query_one("#told", Static).update(drawn_line(text))

    @property
    def _chosen(self) -> str | None:
        listed = self.query_one("#found", OptionList)
        return None if listed.highlighted is None else listed.get_option_at_index(listed.highlighted).id

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go on in this one."""
        self.dismiss(event.option_id)

    def action_leave(self) -> None:
        """Back."""
        self.dismiss(None)

    def action_list(self) -> None:
        """From the search to the list."""
        self.query_one("#found").focus()

    def action_rename(self) -> None:
        """Ask for another title."""
        if (chat := self._chosen) is not None:
            self.run_worker(guarded(self.app, self._rename(chat)), group="change", exclusive=True)

    async def _rename(self, chat: str) -> None:
        title = await self.app.push_screen_wait(AskScreen("Another title for this conversation"))
        if title:
            await asyncio.to_thread(self._chats.rename, chat, title)
            await self._list(self.query_one(Input).value)

    def action_delete(self) -> None:
        """Delete, after a question."""
        if (chat := self._chosen) is not None:
            self.run_worker(guarded(self.app, self._delete(chat)), group="change", exclusive=True)

    async def _delete(self, chat: str) -> None:
        words = "Delete this conversation for good? Type yes."
        if await self.app.push_screen_wait(AskScreen(words)) == "yes":
            await asyncio.to_thread(self._chats.delete, chat)
            await self._list(self.query_one(Input).value)

    def action_export(self) -> None:
        """Write it to a file, after a warning."""
        if (chat := self._chosen) is not None:
            self.run_worker(guarded(self.app, self._export(chat)), group="change", exclusive=True)

    async def _export(self, chat: str) -> None:
        words = "Write it to which file? Anyone who can open that file can read it."
        name = await self.app.push_screen_wait(AskScreen(words))
        if not name:
            return
        try:
            text = await asyncio.to_thread(self._chats.export, chat)
            path = Path(name).expanduser()
            with path.open("x", encoding="utf-8") as file:
                path.chmod(0o600)
                file.write(text)
        except FileExistsError:
            self._tell("There is a file of that name already.")
        except OSError:
            self._tell("That file can't be written there.")
        else:
            self._tell("Written.")
