"""A session file that isn't right is told where and why, and nothing is asked."""

from pathlib import Path

import pytest

from assistant.errors import UsageError
from assistant.simulate.plan import load
from tests.simulate.conftest import Run, Write

ASK = '[[questions]]\nask = "What was my last LDL?"\n'

WRONG = {
    "unknown key": (ASK + "tos = []", "question 1", "there is no key called “tos”; did you mean “to”?"),
    "unknown in expect": (
        ASK + ASK + '[questions.expect]\nsay = ["96"]',
        "question 2, expect",
        "no key called “say”; did you mean “says”?",
    ),
    "unknown at the top": ("question = 1\n" + ASK, "", "no key called “question”; did you mean “questions”?"),
    "text for a list": (
        ASK + "expect = {says = '96'}",
        "question 1, expect, says",
        "a list in [ ], not text",
    ),
    "number for text": (
        ASK + "expect = {says = [96]}",
        "says, entry 1",
        "text in quotes, not a whole number",
    ),
    "text for a number": (ASK + "expect = {cites = '1'}", "question 1, expect, cites", "a whole number, not"),
    "less than nothing": (ASK + "expect = {unsupported = -1}", "expect, unsupported", "0 or more"),
    "empty question": ('[[questions]]\nask = " "', "question 1, ask", "must not be empty"),
    "empty expectation": (ASK + "expect = {says = ['']}", "says, entry 1", "must not be empty"),
    "no question": ("", "", "“questions” is missing"),
    "category": (
        ASK + '[[grants]]\ncategories = ["labs", "lab"]',
        "grant 1, categories, entry 2",
        "there is no category “lab”; there are: conditions, medications, labs",
    ),
    "grant to nobody": (
        ASK + '[[grants]]\nto = ["script"]\ncategories = ["labs"]',
        "grant 1, to",
        "there is no destination “script”; did you mean “scripted”?",
    ),
    "question to nobody": (
        ASK + 'to = ["gpt"]',
        "question 1, to",
        "there is no destination “gpt”; there are: offline, scripted",
    ),
    "since": (
        ASK + '[[grants]]\ncategories = []\nsince = "2026-02-30"',
        "grant 1, since",
        "“2026-02-30” is no date",
    ),
    "source": (
        ASK + '[[grants]]\ncategories = []\nsource = "char.json"',
        "grant 1, source",
        "did you mean “chart.json”?",
    ),
    "first follows": (ASK + "follows = true", "question 1, follows", "no question before it"),
    "follows elsewhere": (
        ASK + "to = ['offline']\n" + ASK + "follows = true\nto = ['scripted']",
        "question 2, to",
        "follows a question that isn't asked of “scripted”",
    ),
    "id twice": (
        ASK + '[[destinations]]\nid = "a"\nadapter = "scripted"\n' * 2,
        "destination 2, id",
        "one called “a” already",
    ),
    "id taken": (
        ASK + '[[destinations]]\nid = "offline"\nadapter = "scripted"',
        "destination 1, id",
        "already",
    ),
    "id": (ASK + '[[destinations]]\nid = "A"\nadapter = "scripted"', "destination 1, id", "small letters"),
    "adapter": (
        ASK + '[[destinations]]\nid = "a"\nadapter = "gpt"',
        "destination 1, adapter",
        "there is no adapter “gpt”; there are: anthropic, openai, litellm, scripted",
    ),
    "no model": (
        ASK + '[[destinations]]\nid = "a"\nadapter = "openai"',
        "destination 1",
        "“model” is missing",
    ),
    "plain http": (
        ASK + '[[destinations]]\nid = "a"\nadapter = "openai"\nmodel = "m"\nbase_url = "http://example.com"',
        "destination 1",
        "Plain http://",
    ),
    "replies of a model": (
        ASK + '[[destinations]]\nid = "a"\nadapter = "openai"\nmodel = "m"\nreplies = ["x"]',
        "destination 1, replies",
        "for the adapter “scripted” only",
    ),
    "key of a script": (
        ASK + '[[destinations]]\nid = "a"\nadapter = "scripted"\nkey_file = "k"',
        "destination 1, key_file",
        "has none",
    ),
    "no TOML": (ASK + "to = [", "", "it isn't TOML: "),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_with_its_place(write: Write, case: str) -> None:
    text, place, told = WRONG[case]
    path = write(text)
    with pytest.raises(UsageError) as found:
        load(path)
    assert found.value.text.startswith(f"{path}, " if place else f"{path}: ")
    assert f"{place}: " in found.value.text
    assert told in found.value.text


def test_wrong_days_and_records_are_told(write: Write) -> None:
    for head, told in (
        ('today = "22 Nov"\n', "today: it must be a day such as 2026-11-22"),
        ('records = ["nothing.json"]\n', "records, entry 1: there is no file or folder “nothing.json”"),
        ("records = []\n", "records: it must not be empty"),
    ):
        with pytest.raises(UsageError, match=told):
            load(write(ASK, head=head))


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.json", b'{"questions": [', "it isn't JSON"),
        ("a.json", b'{"questions": [{"ask": "a", "ask": "b"}]}', "“ask” stands twice"),
        ("a.json", b'{"questions": [{"ask": "\\ud800"}]}', "surrogate"),
        ("a.json", b"[" * 100_000, "it isn't JSON"),
        ("a.json", b"[]", "it must be a table of keys, not a list"),
        ("a.toml", b"\xff\xfe", "can't be read as text"),
        ("a.toml", b"#" * 1_000_001, "too long"),
        ("a.yaml", b"questions: []", "ends in .toml or .json"),
    ],
)
def test_what_is_no_session_is_refused(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError, match=told):
        load(tmp_path / name)


def test_a_wrong_file_stops_everything_before_a_question(run: Run, write: Write, tmp_path: Path) -> None:
    good, bad = write(ASK, "good"), write(ASK + "tos = []", "bad")
    ran = run("simulate", str(good), str(bad), "--report", str(tmp_path / "out"))
    assert ran.code == 2
    assert "bad.toml, question 1: there is no key called “tos”" in ran.document["error"]["text"]
    assert not (tmp_path / "out").exists()
    assert run("simulate", str(tmp_path / "none.toml")).code == 2
    assert run("simulate", str(good), "--to", "qwen").code == 2
    assert run("simulate", str(good), "--times", "0").code == 2
    assert run("simulate").code == 2


def test_a_key_that_others_can_read_is_refused(run: Run, write: Write, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sk-secret\n")
    (tmp_path / "key").chmod(0o644)
    model = '[[destinations]]\nid = "a"\nadapter = "openai"\nmodel = "m"\nkey_file = "key"\n'
    path = write(model + ASK)
    ran = run("simulate", str(path))
    assert ran.code == 2
    assert "destination 1, key_file: Others on this computer can read" in ran.document["error"]["text"]
    assert "sk-secret" not in ran.out + ran.err
    assert run("simulate", str(path), "--to", "offline").code == 0
