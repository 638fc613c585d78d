"""Kill the program at random points, then look: what was acknowledged is there, nothing is half done.

Each trial forks a child that does one thing and says so through a pipe when it is done; the parent kills it
after a random part of the time that the thing takes. A second child opens the vault and looks.
"""

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from assistant.bootstrap import House, make_house
from assistant.chat.events import Finished, Outgoing
from assistant.chat.question import Question
from assistant.clock import utc_now
from assistant.errors import WrongPassphrase
from assistant.links.importer import bring_in
from assistant.vault.chats import ChatStore
from assistant.vault.ledger import Ledger
from assistant.vault.paths import VaultPaths
from assistant.vault.tally import told_by_sources
from assistant.vault.vault import Vault
from tests.fakes import small
from tests.fakes.memory import MemorySource

PER_IMPORT = 40
FIRST = "the passphrase before any other"


class State(NamedTuple):
    """What the trials so far have acknowledged."""

    imports: frozenset[str]
    maybe: frozenset[str]
    answers: int
    passphrase: str
    other: str | None


def open_house(home: Path, passphrase: str) -> House:
    return House(Vault.unlock(VaultPaths(home), passphrase, allow_test_kdf=True))


def do_import(house: House, trial: int) -> None:
    labs = [small.ldl(f"t{trial}-{n}", 90 + n, f"2024-01-{1 + n % 28:02}") for n in range(PER_IMPORT - 1)]
    source = MemorySource(f"trial-{trial}", [small.patient(), *labs])
    asyncio.run(bring_in(house.vault, [source], clock=utc_now))


def do_ask(house: House, trial: int) -> None:
    async def yes(outgoing: Outgoing) -> bool:
        return outgoing is not None

    async def run() -> None:
        done = False
        async for event in house.chat.ask(Question("What was my last LDL?"), yes):
            done = isinstance(event, Finished)
        assert done, trial

    asyncio.run(run())


def do_passphrase(house: House, trial: int) -> None:
    house.vault.change_passphrase(f"the passphrase of trial {trial}")


DEEDS: dict[str, Callable[[House, int], None]] = {
    "import": do_import,
    "ask": do_ask,
    "passphrase": do_passphrase,
}


def forked(work: Callable[[int], None], kill_after: float | None = None) -> tuple[bool, float]:
    """Run work in a child; whether it acknowledged, and the seconds from its start signal to its end."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        status = 1
        try:
            work(writing)
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    assert os.read(reading, 1) == b"s", "the child failed before it began"
    start = time.perf_counter()
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    acknowledged = os.read(reading, 1) == b"a"
    took = time.perf_counter() - start
    os.close(reading)
    _, status = os.waitpid(child, 0)
    if kill_after is None and status != 0:
        raise AssertionError(f"the child failed with status {status}")
    return acknowledged, took


def attempt(home: Path, deed: str, trial: int, passphrase: str) -> Callable[[int], None]:
    def work(pipe: int) -> None:
        house = open_house(home, passphrase)
        os.write(pipe, b"s")
        DEEDS[deed](house, trial)
        os.write(pipe, b"a")

    return work


def look(home: Path, state: State) -> Callable[[int], None]:
    """Check everything that must hold; a failed assertion ends the child with a status."""

    def work(pipe: int) -> None:
        os.write(pipe, b"s")
        house = opened_by_one_of(home, state)
        with house.vault.read() as session:
            told = told_by_sources(session)
            per_source: dict[str, int] = {}
            for (source, _), count in told.items():
                per_source[source] = per_source.get(source, 0) + count
            names = {s.name: per_source.get(s.id, 0) for s in house.shelf.sources()}
            assert set(names.values()) <= {PER_IMPORT}, names
            assert state.imports <= set(names) <= state.imports | state.maybe
            entries = Ledger(session).entries()
            assert Ledger(session).verify().ok
            turns = [t for chat in ChatStore(session).all() for t in ChatStore(session).turns(chat.id)]
            answered = sum(turn.state == "answered" for turn in turns)
            outcomes = sum(entry.kind == "outcome" for entry in entries)
            intents = sum(entry.kind == "intent" for entry in entries)
            assert state.answers <= answered == outcomes <= intents
            assert all(turn.answer for turn in turns if turn.state == "answered")
        os.write(pipe, b"a")

    return work


def opened_by_one_of(home: Path, state: State) -> House:
    """Exactly one of the old and the new passphrase opens."""
    candidates = [state.passphrase] + ([state.other] if state.other else [])
    opened: list[House] = []
    for passphrase in candidates:
        try:
            opened.append(open_house(home, passphrase))
        except WrongPassphrase:
            continue
    assert len(opened) == 1
    return opened[0]


def which_opens(home: Path, state: State) -> str:
    """The passphrase in force."""
    if state.other is None:
        return state.passphrase

    def work(pipe: int) -> None:
        os.write(pipe, b"s")
        open_house(home, state.other or "")
        os.write(pipe, b"a")

    try:
        forked(work)
    except AssertionError:
        return state.passphrase
    return state.other


def trials(home: Path, count: int, seed: int) -> dict[str, int]:
    """Run the trials; gives how many of each deed were killed before they were done."""
    chance = random.Random(seed)
    make_house(FIRST, home=home)[0].vault.close()
    state = State(frozenset(), frozenset(), 0, FIRST, None)
    typical: dict[str, float] = {}
    killed = dict.fromkeys(DEEDS, 0)
    for trial in range(count + len(DEEDS)):
        deed = list(DEEDS)[trial % len(DEEDS)]
        limit = chance.uniform(0, typical[deed] * 1.05) if deed in typical else None
        acknowledged, took = forked(attempt(home, deed, trial, state.passphrase), limit)
        if limit is None:
            typical[deed] = took
        killed[deed] += not acknowledged
        state = after(state, deed, trial, acknowledged)
        forked(look(home, state))
        if state.other is not None:
            state = state._replace(passphrase=which_opens(home, state), other=None)
    return killed


def after(state: State, deed: str, trial: int, acknowledged: bool) -> State:
    """What must hold after a trial."""
    if deed == "import":
        name = frozenset({f"trial-{trial}"})
        if acknowledged:
            return state._replace(imports=state.imports | name)
        return state._replace(maybe=state.maybe | name)
    if deed == "ask":
        return state._replace(answers=state.answers + acknowledged)
    new = f"the passphrase of trial {trial}"
    return state._replace(passphrase=new) if acknowledged else state._replace(other=new)


if __name__ == "__main__":
    import tempfile

    os.environ["CHARTSIDE_TEST_KDF"] = "1"
    with tempfile.TemporaryDirectory() as name:
        wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
        print(trials(Path(name) / "home", wanted, seed=int(sys.argv[2]) if len(sys.argv) > 2 else 0))
