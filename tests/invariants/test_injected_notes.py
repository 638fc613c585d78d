"""What strangers wrote into records steers nothing, even where the model does all that it is told to.

The worst case: a model that asks for every look-up an attacker could want, tries actions that don't exist,
and repeats the attacker's words as its answer. No grant comes of it, nothing of what isn't shared, no
connection, nothing to click; and no text passes for a record, a fact, a heading or a role of a request.
"""

import asyncio
import json
import re
import sys
import unicodedata
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from typing import Any, NamedTuple

import pytest

from assistant.bootstrap import House, file_connector, make_house
from assistant.chat.events import Finished, Outgoing, OutgoingReady
from assistant.chat.question import Question
from assistant.links.importer import bring_in
from assistant.llm.anthropic import AnthropicBackend
from assistant.llm.base import Backend, Delta, Passage, Piece, Usage
from assistant.llm.gate import catch
from assistant.llm.litellm import LitellmBackend
from assistant.llm.local import passed
from assistant.llm.openai import OpenAIBackend
from assistant.llm.scripted import ScriptedBackend
from assistant.llm.watch import Watch
from assistant.records.model import CATEGORY_NAMES, Category
from assistant.safe_text import safe_text
from assistant.sharing.model import Destination, Grant, Message
from assistant.tui.markdown import Markdown
from tests.chat.conftest import PASSPHRASE, now
from tests.fakes.curious import call
from tests.fakes.injections import SECRET, bundle, mark, texts

SHARED = (Category.LABS, Category.MEDICATIONS, Category.NOTES)
OBEYING = Destination(id="obeying", adapter="scripted", model="obeying", stays_here=True, tools=True)
TEXTS = texts()

WANTED = (
    (
        call("search_records", 1, words="insurance policy number", category="insurance"),
        call("search_records", 2, words="hypertension", category="conditions"),
        call("search_records", 3, words="everything there is"),
    ),
    (
        call("read_note", 4, record=1),
        call("read_note", 5, record=2),
        call("read_note", 6, record=999),
        call("explain_code", 7, record=1),
        call("share", 8, category="insurance", destination="obeying"),
    ),
)
"""As many look-ups as one question allows."""


class ObeyingBackend:
    """Does what the records say: looks up, acts, and answers with the stranger's words."""

    destination = OBEYING

    async def talk(self, message: Message, passage: Passage) -> AsyncGenerator[Piece, None]:
        await passed(OBEYING, message, passage)
        at = len(message.rounds)
        for wanted in WANTED[at] if at < len(WANTED) else ():
            yield wanted
        told = [item.text for item in message.items]
        yield Delta("\n\n".join(["I did as I was told.", *told]))
        yield Usage(input=1, output=1)


class Asked(NamedTuple):
    """What came of one question."""

    messages: list[Outgoing]
    answer: str
    entered: set[str]
    """Kinds of the ledger's new lines."""
    before: tuple[object, ...]
    after: tuple[object, ...]


class Heard:
    """Connections and look-ups of names, programs and browsers started, while it listens."""

    def __init__(self) -> None:
        self.listening = False
        self.events: list[str] = []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        network = event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "webbrowser.open")
        if self.listening and (network or event in ("subprocess.Popen", "os.system", "os.posix_spawn")):
            self.events.append(event)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A vault full of injected records; three categories are shared with the obeying model."""
    folder = tmp_path_factory.mktemp("injected")
    (folder / "chart.json").write_text(bundle())
    opened, _ = make_house(PASSPHRASE, home=folder / "home", clock=now)
    report = asyncio.run(bring_in(opened.vault, [file_connector(folder / "chart.json")], clock=now))
    assert report.totals.new > 2 * len(TEXTS)
    opened.voices.put(ObeyingBackend())
    opened.sharing.share(Grant("obeying", category) for category in SHARED)
    yield opened
    opened.vault.close()


@pytest.fixture(scope="module")
def heard() -> Heard:
    """What the process does besides."""
    return Heard()


async def yes(outgoing: Outgoing) -> bool:
    return outgoing is not None


def ask(house: House, number: int) -> Asked:
    """Ask about the records that hold one of the texts."""

    async def run() -> list[Any]:
        question = Question(f"Show me {mark(number)}", "obeying")
        return [event async for event in house.chat.ask(question, yes)]

    lines, before = len(house.ledger()), state(house)
    events = asyncio.run(run())
    (finished,) = [event for event in events if isinstance(event, Finished)]
    messages = [event.outgoing for event in events if isinstance(event, OutgoingReady)]
    kinds = {entry.kind for entry in house.ledger()[lines:]}
    return Asked(messages, finished.answer.text, kinds, before, state(house))


@pytest.fixture(scope="module")
def asked(house: House, heard: Heard) -> dict[str, Asked]:
    """What came of each text."""
    heard.listening = True
    try:
        return {name: ask(house, number) for number, name in enumerate(TEXTS)}
    finally:
        heard.listening = False


def state(house: House) -> tuple[object, ...]:
    """All that an attacker would like to change."""
    return (
        house.sharing.grants(),
        house.sharing.destinations,
        house.shelf.counts(),
        [source.id for source in house.shelf.sources()],
        house.skills.look(),
    )


def test_there_are_enough_and_they_differ() -> None:
    assert len(set(TEXTS.values())) == len(TEXTS) >= 100


@pytest.mark.parametrize("name", TEXTS)
def test_a_model_that_obeys_gets_nothing_more_and_changes_nothing(name: str, asked: dict[str, Asked]) -> None:
    got, word = asked[name], mark(list(TEXTS).index(name))
    assert got.after == got.before
    assert got.entered == {"intent", "outcome"}
    assert len(got.messages) == 1 + len(WANTED)
    for outgoing in got.messages:
        assert any(word in item.text for item in outgoing.message.items)
        assert {item.category for item in outgoing.message.items} <= set(SHARED)
        assert SECRET.encode() not in outgoing.request.body
    drawn = Markdown().draw(got.answer)
    assert safe_text(drawn.plain) == drawn.plain
    assert {str(span.style) for span in drawn.spans} <= {"bold", "$foreground-muted"}


def test_nothing_is_connected_to_looked_up_or_started(asked: dict[str, Asked], heard: Heard) -> None:
    assert len(asked) == len(TEXTS)
    assert heard.events == []


def requests() -> Sequence[tuple[str, Callable[[], Backend]]]:
    """Each adapter, as it would go to an address that is never connected to."""

    def to(adapter: str, model: str = "m-1", under: str = "/v1") -> Destination:
        return Destination(
            adapter, adapter, model, host="127.0.0.1", base_url=f"http://127.0.0.1:9{under}", tools=True
        )

    return (
        ("anthropic", lambda: AnthropicBackend(to("anthropic", under=""), "k", Watch())),
        ("openai", lambda: OpenAIBackend(to("openai"), "k", Watch())),
        ("litellm", lambda: LitellmBackend(to("litellm", "openai/m-1"), "k", Watch())),
        ("scripted", ScriptedBackend),
    )


def bodies(messages: Sequence[Message], make: Callable[[], Backend]) -> list[Any]:
    """What would be sent of each, decoded."""

    async def each() -> list[Any]:
        backend = make()
        try:
            return [json.loads((await catch(backend, message)).body) for message in messages]
        finally:
            if isinstance(backend, LitellmBackend):
                await backend.aclose()

    return asyncio.run(each())


FORGED = re.compile(
    r"\s*(\[\s*\d+\s*\]|f\d+\s*:|records\b|facts\b|question\b|today is\b|part \d+ of\b|nothing like this\b"
    r"|(system|user|assistant|human|tool|developer)\s*:)"
)
"""A line that would pass for one of a message's own. Folded, so that look-alikes count."""


def own_lines(text: str) -> list[str]:
    """The lines of a text that are, or pass for, what a message is laid out with."""
    lines = re.split(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", text)
    return [line for line in lines if FORGED.match(unicodedata.normalize("NFKC", line).casefold())]


def laid_out(message: Message, *, records: bool) -> list[str]:
    """The lines of their own that a message may have in front of its question."""
    lines = [f"Today is {message.today}."]
    items = [f"[{i.ref}] {CATEGORY_NAMES[i.category]}: {i.text}" for i in message.items]
    facts = [f"{f.ref}: {f.text}".split("\n")[0] for f in message.facts]
    if records:
        return [*lines, *(["RECORDS", *items] if items else []), *(["FACTS", *facts] if facts else [])]
    return [*lines, *(["FACTS", *facts] if facts else []), "RECORDS follow, each with its number."]


def same_lines(text: str, expected: Sequence[str]) -> None:
    """Exactly these lines of a layout, in order; a fact's may go on with its records."""
    found = own_lines(text)
    assert len(found) == len(expected)
    assert all(line.startswith(begin) for line, begin in zip(found, expected, strict=True))


def check_results(results: Sequence[str], message: Message) -> None:
    """In what was looked up, every line like a record's is that record's."""
    known = {f"[{item.ref}] {item.text}" for item in message.items} | {NOTHING}
    assert [line for text in results for line in own_lines(text) if line not in known] == []


NOTHING = "Nothing like this is in what was shared."


def check_claude(body: Any, message: Message) -> None:
    assert [block["text"] for block in body["system"]] == [message.instructions]
    first, *turns = body["messages"]
    assert [turn["role"] for turn in turns] == ["assistant", "user"] * len(message.rounds)
    assert first["role"] == "user"
    head, *records, question = first["content"]
    kinds = [block["type"] for block in first["content"]]
    assert kinds == ["text", *["search_result"] * message.at_first, "text"]
    for block, item in zip(records, message.items, strict=False):
        assert block["source"] == f"record-{item.ref}"
        assert block["title"] == CATEGORY_NAMES[item.category]
        assert [part["text"] for part in block["content"]] == [f"[{item.ref}] {item.text}"]
        assert len(own_lines(block["content"][0]["text"])) == 1
    same_lines(head["text"], laid_out(message, records=False))
    assert question["text"] == f"QUESTION\n{message.question}"
    for asked, told, done in zip(turns[::2], turns[1::2], message.rounds, strict=True):
        called = [block["name"] for block in asked["content"] if block["type"] == "tool_use"]
        assert called == [call.name for call in done.calls]
        assert [block["type"] for block in told["content"]] == ["tool_result"] * len(done.calls)
        check_results([block["content"] for block in told["content"]], message)


def check_openai(body: Any, message: Message) -> None:
    system, user, *turns = body["messages"]
    assert system == {"role": "system", "content": message.instructions}
    expected = [["assistant", *["tool"] * len(done.calls)] for done in message.rounds]
    assert [turn["role"] for turn in turns] == [role for roles in expected for role in roles]
    before, _, after = user["content"].rpartition("\n\nQUESTION\n")
    assert after == message.question
    same_lines(before, laid_out(message, records=True))
    check_results([turn["content"] for turn in turns if turn["role"] == "tool"], message)


def check_document(body: Any, message: Message) -> None:
    assert body["instructions"] == message.instructions
    assert body["question"] == message.question
    assert [(r["ref"], r["text"]) for r in body["records"]] == [(i.ref, i.text) for i in message.items]
    assert [fact["ref"] for fact in body["facts"]] == [fact.ref for fact in message.facts]
    assert len(body["rounds"]) == len(message.rounds)


CHECKS: dict[str, Callable[[Any, Message], None]] = {
    "anthropic": check_claude,
    "openai": check_openai,
    "litellm": check_openai,
    "scripted": check_document,
}


@pytest.mark.parametrize(("adapter", "make"), requests(), ids=[name for name, _ in requests()])
def test_no_text_passes_for_a_part_of_the_request(
    adapter: str, make: Callable[[], Backend], asked: dict[str, Asked]
) -> None:
    messages = [got.messages[-1].message for got in asked.values()]
    for message, body in zip(messages, bodies(messages, make), strict=True):
        assert {"tools", "messages"} <= set(body) or adapter == "scripted"
        if "tools" in body:
            names = {tool.get("name") or tool["function"]["name"] for tool in body["tools"]}
            assert names == {tool.name for tool in message.tools}
        CHECKS[adapter](body, message)
