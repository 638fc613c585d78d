"""The ledger screen: newest first, in plain words, whole or not, and nothing in it acts."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, timedelta, timezone
from pathlib import Path

import pytest
from textual.app import App
from textual.widgets import OptionList, Static

from assistant.bootstrap import House, make_house
from assistant.chat.events import Outgoing
from assistant.chat.question import Question
from assistant.errors import VaultClosed
from assistant.records.model import Category
from assistant.sharing.model import Grant
from assistant.tui.keys import conflicts
from assistant.tui.screens.ledger import GROUPS, KIND_WORDS, SHOWN, LedgerScreen
from assistant.vault.ledger import Entry, Ledger, Verification

SHA = "0123456789abcdef" * 4


def entry(seq: int, kind: str, **more: object) -> Entry:
    line: dict[str, object] = {
        "at": f"2026-02-03T10:{seq % 60:02d}:00Z",
        "destination": None,
        "sha256": None,
        "items": None,
        "outcome": None,
        "detail": "{}",
        "prev": "p" * 64,
        "hash": "h" * 64,
    }
    return Entry(seq=seq, kind=kind, **{**line, **more})  # type: ignore[arg-type]


ASKED = {
    "destination": "scripted",
    "sha256": SHA,
    "items": 6,
    "detail": '{"categories":{"labs":4,"medications":2},"prompt":"ask@1"}',
}
LINES = (
    entry(1, "vault made"),
    entry(2, "share", destination="scripted", detail='{"category":"labs","since":"2020-01-01"}'),
    entry(3, "intent", **ASKED),
    entry(4, "outcome", outcome="answered", **ASKED),
    entry(5, "failed unlock"),
)


class Holder(App[None]):
    """Pushes the screen."""

    def __init__(self, screen: LedgerScreen) -> None:
        super().__init__()
        self._first = screen
        self.left = False

    def on_mount(self) -> None:
        self.push_screen(self._first, self._gone)

    def _gone(self, _: None) -> None:
        self.left = True


def holding(lines: Sequence[Entry] = LINES, found: Callable[[], Verification] | None = None) -> Holder:
    return Holder(LedgerScreen(lambda: lines, found, zone=UTC))


def rows(app: App[None]) -> list[str]:
    return [str(option.prompt) for option in app.screen.query_one(OptionList).options]


def text(app: App[None], name: str) -> str:
    return str(app.screen.query_one(f"#{name}", Static).render())


async def test_one_line_each_newest_first_in_plain_words() -> None:
    app = holding()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert [" ".join(row.split()) for row in rows(app)] == [
            "3 Feb 2026 10:05 A try to unlock failed",
            "3 Feb 2026 10:04 Asked, answered scripted 6 0123456789ab",
            "3 Feb 2026 10:03 About to ask scripted 6 0123456789ab",
            "3 Feb 2026 10:02 Shared: Lab results scripted",
            "3 Feb 2026 10:01 Your records' file made",
        ]
        assert len({len(row) for row in rows(app)}) == 1
        assert len(rows(app)[0]) <= 78


async def test_the_marked_line_is_told_whole() -> None:
    app = holding()
    async with app.run_test() as pilot:
        await app.workers.wait_for_complete()
        await pilot.press("down")
        await pilot.pause()
        told = text(app, "detail")
        for part in (
            "Line 4",
            "scripted",
            "Lab results 4, Medications 2",
            SHA,
            "h" * 64,
            "ask@1",
            "10:04:00Z",
        ):
            assert part in told
        await pilot.press("end")
        await pilot.pause()
        assert "Line 1:" in text(app, "detail")


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (lambda: Verification(True, 5), "✓ The ledger is whole: all 5 lines"),
        (lambda: Verification(False, 5, 3), "! The ledger was changed: line 3 is not as it was written"),
        (None, "5 lines."),
    ],
)
async def test_it_says_whether_it_is_whole(found: Callable[[], Verification] | None, told: str) -> None:
    app = holding(found=found)
    async with app.run_test() as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert text(app, "state").startswith(told)


async def test_f_shows_one_kind_after_the_other() -> None:
    app = holding()
    async with app.run_test() as pilot:
        await app.workers.wait_for_complete()
        counts = []
        for _ in GROUPS:
            await pilot.press("f")
            await pilot.pause()
            counts.append(len(rows(app)))
            assert f": {len(rows(app))}." in text(app, "showing")
        assert counts == [2, 1, 0, 0, 1, 1, 5]


async def test_a_filter_that_finds_nothing_shows_no_line_of_before() -> None:
    app = holding(LINES[:1])
    async with app.run_test() as pilot:
        await app.workers.wait_for_complete()
        await pilot.press("f")
        await pilot.pause()
        assert text(app, "detail") == "There is nothing of this kind."


async def test_it_reads_in_a_thread_and_again_on_a_key() -> None:
    threads: list[int] = []
    lines = list(LINES)

    def read() -> Sequence[Entry]:
        threads.append(threading.get_ident())
        return tuple(lines)

    app = Holder(LedgerScreen(read))
    async with app.run_test() as pilot:
        await app.workers.wait_for_complete()
        lines.append(entry(6, "backup"))
        await pilot.press("r")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "Backup written" in rows(app)[0]
    assert len(threads) == 2
    assert threading.get_ident() not in threads


async def test_a_closed_vault_is_a_sentence() -> None:
    def closed() -> Sequence[Entry]:
        raise VaultClosed("Your records were locked meanwhile.", "Unlock them.")

    app = Holder(LedgerScreen(closed))
    async with app.run_test() as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "Your records were locked meanwhile. Unlock them." in text(app, "state")
        await pilot.press("escape")
        await pilot.pause()
        assert app.left


async def test_times_and_days_are_the_patients() -> None:
    zone = timezone(timedelta(hours=-11))
    app = Holder(LedgerScreen(lambda: LINES[:1], date_style="month-day-year", zone=zone))
    async with app.run_test() as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert rows(app)[0].startswith("Feb 2, 2026 23:01 ")


async def test_what_is_unknown_or_hostile_is_only_text() -> None:
    hostile = entry(
        1,
        "[@click=app.quit]x[/]",
        at="once\x1b]52;c;x\x07",
        destination="a\x9b[b]",
        detail='{"[b]k":"120 mm[Hg]\u202e"}',
    )
    app = holding([hostile, entry(2, "import", detail="no json [/]")])
    async with app.run_test(size=(120, 40)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.press("down")
        await pilot.pause()
        shown = rows(app)[1] + text(app, "detail")
        assert "[@click=app.quit]x[/]" in shown
        assert "120 mm[Hg]" in shown
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(shown)


async def test_a_long_ledger_shows_its_latest_lines() -> None:
    app = holding([entry(seq, "unlock") for seq in range(1, SHOWN + 11)])
    async with app.run_test() as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert len(rows(app)) == SHOWN
        assert f"everything: {SHOWN + 10}. The latest {SHOWN} are listed." in text(app, "showing")


def lived_in(house: House) -> None:
    """One of most things that can happen to a vault."""

    async def ask() -> None:
        async def no(outgoing: Outgoing) -> bool:
            return False

        for to in ("offline", "scripted"):
            async for _ in house.chat.ask(Question("What was my last LDL?", to), no):
                pass

    house.sharing.share([Grant("scripted", Category.LABS)])
    house.sharing.unshare(destination="scripted")
    asyncio.run(ask())
    house.shelf.looked_at("records looked at", 3)
    house.vault.new_recovery_code()


def test_every_line_of_a_real_ledger_has_its_words(tmp_path: Path) -> None:
    house, _ = make_house("correct horse battery", home=tmp_path)
    lived_in(house)
    with house.vault.read() as session:
        lines = Ledger(session).entries()
    house.vault.close()
    assert len(lines) > 10
    assert {line.kind for line in lines} <= set(KIND_WORDS)


def test_its_keys_get_along() -> None:
    assert conflicts({"Ledger": LedgerScreen.BINDINGS}, {}) == ()
