"""The ledger on the screen: what was sent, shared and looked at, newest first, and whether it is whole."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from assistant.clock import read_stamp
from assistant.errors import ChartsideError
from assistant.records.model import CATEGORY_NAMES
from assistant.settings import DateStyle, day_words
from assistant.tui.drawn import drawn, drawn_line, joined
from assistant.tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from assistant.vault.ledger import Entry, Verification

SHOWN = 2000
"""Lines in the list; drawing more would be felt."""

_WORDS: Mapping[str, Mapping[str, str]] = {
    "questions": {
        "intent": "About to ask",
        "not sent": "Nothing sent",
        "outcome": "Asked",
    },
    "sharing": {
        "share": "Shared",
        "unshare": "No longer shared",
    },
    "changes of records": {
        "import": "Records taken in",
        "undo": "An import taken back",
        "delete": "Deleted for good",
        "release": "Taken in, was set aside",
        "restore": "Restored from a backup",
    },
    "linked providers": {
        "link": "Provider linked",
        "sync": "Provider fetched from",
        "unlink": "Provider unlinked",
    },
    "looking and unlocking": {
        "unlock": "Unlocked",
        "failed unlock": "A try to unlock failed",
        "records looked at": "Records looked at",
        "record looked at": "A record looked at",
        "unreadable access line": "An access, note unreadable",
    },
    "keys and backups": {
        "vault made": "Your records' file made",
        "passphrase change": "Passphrase changed",
        "new recovery code": "New recovery code",
        "keychain on": "Keychain may unlock",
        "keychain off": "Keychain may not unlock",
        "backup": "Backup written",
    },
}
"""What can be filtered for, and the kinds of lines in it with the words for each."""

GROUPS = ("everything", *_WORDS)
KIND_WORDS: Mapping[str, str] = {kind: words for group in _WORDS.values() for kind, words in group.items()}


class LedgerScreen(Screen[None]):
    """Lists the ledger's lines, with all of the marked one below."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "filter", "Filter", id="ledger.filter", tooltip="Show another kind of lines"),
        Binding("r", "load", "Read again", id="ledger.reload", tooltip="Read the ledger again"),
        Binding("escape", "back", "Back", id="ledger.back", tooltip="Go back"),
    ]
    DEFAULT_CSS = """
    LedgerScreen {
        #state, #showing { padding: 0 1; height: auto; }
        #head { padding: 0 1; color: $text-muted; text-wrap: nowrap; }
        OptionList { height: 1fr; background: $background; text-wrap: nowrap; text-overflow: ellipsis; }
        OptionList, OptionList:focus { border: none; padding: 0 1; }
        #below { padding: 0 1; height: auto; max-height: 50%; background: $surface; }
    }
    """

    def __init__(
        self,
        entries: Callable[[], Sequence["Entry"]],
        verify: Callable[[], "Verification"] | None = None,
        *,
        date_style: DateStyle = "day-month-year",
        zone: tzinfo | None = None,
    ) -> None:
        """`entries` and `verify` read the vault, in a thread; without a `zone` it is the computer's."""
        super().__init__()
        self._read = entries
        self._verify = verify
        self._style = date_style
        self._zone = zone
        self._entries: Sequence[Entry] = ()
        self._listed: Sequence[Entry] = ()
        self._group = GROUPS[0]

    def compose(self) -> ComposeResult:
        """Whether it is whole, what is listed, the list, and the marked line."""
        yield Static(drawn("Reading the ledger ..."), id="state")
        yield Static(id="showing")
        yield Static(_columns("When", "What", "With", "Items", "Fingerprint"), id="head")
        yield OptionList(id="lines")
        with VerticalScroll(id="below"):
            yield Static(id="detail")
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin to read."""
        self.query_one(OptionList).focus()
        self.action_load()

    def action_load(self) -> None:
        """Read the ledger, now."""
        self.run_worker(
            self._load(), group="ledger", description="read the ledger", exclusive=True, exit_on_error=False
        )

    def action_filter(self) -> None:
        """List the next kind of lines."""
        self._group = GROUPS[(GROUPS.index(self._group) + 1) % len(GROUPS)]
        self._list()

    def action_back(self) -> None:
        """Leave."""
        self.dismiss()

    @on(OptionList.OptionHighlighted)
    def show_detail(self, marked: OptionList.OptionHighlighted) -> None:
        """Show all of the marked line."""
        if marked.option_index < len(self._listed):  # a filter may have been quicker than this message
            self.query_one("#detail", Static).update(detail(self._listed[marked.option_index]))

    async def _load(self) -> None:
        try:
            entries, found = await asyncio.to_thread(self._both)
        except ChartsideError as error:
            text = f"! {error.title}. {error.text} {error.next_step}"
            self.query_one("#state", Static).update(drawn(text, "$text-error"))
            return
        self._entries = entries
        self.query_one("#state", Static).update(state(len(entries), found))
        self._list()

    def _both(self) -> tuple[Sequence["Entry"], "Verification | None"]:
        newest = sorted(self._read(), key=lambda entry: entry.seq, reverse=True)
        return newest, self._verify() if self._verify else None

    def _list(self) -> None:
        kinds = _WORDS.get(self._group)
        found = [entry for entry in self._entries if kinds is None or entry.kind in kinds]
        self._listed = found[:SHOWN]
        lines = self.query_one(OptionList)
        lines.set_options([Option(self._line(entry)) for entry in self._listed])
        self.query_one("#detail", Static).update(drawn("" if found else "There is nothing of this kind."))
        lines.highlighted = 0 if found else None
        rest = f" The latest {SHOWN} are listed." if len(found) > SHOWN else ""
        self.query_one("#showing", Static).update(
            drawn(f"Showing {self._group}: {len(found)}.{rest}", "$foreground-muted")
        )

    def _line(self, entry: "Entry") -> Content:
        items = "" if entry.items is None else str(entry.items)
        when = moment(entry.at, self._style, self._zone)
        return _columns(when, what(entry), entry.destination or "", items, (entry.sha256 or "")[:12])


def _columns(when: str, what: str, to: str, items: str, sha256: str) -> Content:
    widths = ((when, 18), (what, 28), (to, 9), (items, 5), (sha256, 12))
    cells = [drawn_line(text).truncate(width, ellipsis=True, pad=True) for text, width in widths]
    return Content(" ").join(cells)


def moment(at: str, style: DateStyle, zone: tzinfo | None) -> str:
    """The time of a line on the patient's clock."""
    read = read_stamp(at)
    if read is None:
        return at
    there = read.astimezone(zone)
    return f"{day_words(there.date(), style)} {there:%H:%M}"


def what(entry: "Entry") -> str:
    """What happened, in a few words; a kind that is new here stays as it is."""
    words = KIND_WORDS.get(entry.kind, entry.kind)
    if entry.kind in _WORDS["sharing"]:
        category = details(entry).get("category")
        return f"{words}: {_named(category)}" if category else words
    return f"{words}, {entry.outcome}" if entry.outcome and entry.outcome != "done" else words


def state(lines: int, found: "Verification | None") -> Content:
    """Whether the ledger is whole."""
    if found is None:
        return drawn(f"{lines} lines.")
    if found.ok:
        return drawn(
            f"✓ The ledger is whole: all {found.entries} lines are as they were written.", "$text-success"
        )
    return drawn(
        f"! The ledger was changed: line {found.first_bad} is not as it was written. "
        "Restore a backup, or keep this one as evidence.",
        "$text-error",
    )


def details(entry: "Entry") -> Mapping[str, Any]:
    """What a line says beyond its columns; all of it as text where it isn't read."""
    try:
        return msgspec.json.decode(entry.detail, type=dict[str, Any])
    except msgspec.MsgspecError:
        return {"detail": entry.detail}


def detail(entry: "Entry") -> Content:
    """All of one line."""
    more = details(entry)
    told = [(f"Line {entry.seq}", f"{entry.at} · {what(entry)}"), ("With", entry.destination)]
    told += [("Items", None if entry.items is None else str(entry.items))]
    told += [(key.capitalize(), _counts(value)) for key, value in more.items() if isinstance(value, dict)]
    told += [("More", _counts({k: v for k, v in more.items() if not isinstance(v, dict)}))]
    told += [("SHA-256", entry.sha256), ("Its hash", entry.hash), ("Hash before", entry.prev)]
    rows = [joined(drawn_line(f"{name}: ", "bold"), drawn_line(text)) for name, text in told if text]
    return Content("\n").join(rows)


def _counts(values: Mapping[str, object]) -> str:
    return ", ".join(f"{_named(name)} {_named(value)}" for name, value in values.items())


def _named(value: object) -> str:
    names: Mapping[str, str] = {category.value: name for category, name in CATEGORY_NAMES.items()}
    return names.get(str(value), str(value))
