"""The settings file: it reads back as written, explains itself, and says what is wrong with it."""

import datetime as dt
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import StorageFailed, UsageError
from assistant.settings import (
    NAMES,
    Settings,
    as_toml,
    choices,
    day_words,
    load,
    save,
    sentences,
    settings_path,
    with_value,
)
from tests.conftest import ROOT

KEYS = st.sampled_from(["f8", "ctrl+o", "alt+up", '"', "\\", "#", "=", "ü", "ctrl+j,f2", "'''"])
ACTIONS = st.from_regex(r"[a-z]{1,5}(\.[a-z_-]{1,5}){0,2}", fullmatch=True)


def chosen() -> st.SearchStrategy[Settings]:
    listed = {name: st.sampled_from(choices(name)) for name in NAMES if choices(name)}
    return st.builds(
        Settings,
        **listed,
        lock_after_minutes=st.integers(0, 1440),
        country=st.sampled_from(["", "US", "DE", "GB"]),
        keys=st.dictionaries(ACTIONS, KEYS, max_size=4),
    )


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load(tmp_path / "settings.toml") == Settings()


def test_the_file_is_in_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARTSIDE_HOME", str(tmp_path))
    assert settings_path() == tmp_path / "settings.toml"


@given(settings=chosen())
def test_what_is_saved_reads_back(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("saved") / "settings.toml"
    save(path, settings)
    assert load(path) == settings


def test_the_file_explains_itself(tmp_path: Path) -> None:
    save(tmp_path / "settings.toml", Settings())
    lines = (tmp_path / "settings.toml").read_text().splitlines()
    for name, sentence in sentences().items():
        at = next(n for n, line in enumerate(lines) if line.startswith((f"{name} =", f"[{name}]")))
        assert lines[at - 1] == f"# {sentence}"


def test_only_the_owner_can_read_it_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "new" / "settings.toml"
    save(path, Settings())
    save(path, Settings(theme="light"))
    assert [found.name for found in path.parent.iterdir()] == ["settings.toml"]
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_disk_that_refuses_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "settings.toml"
    save(path, Settings(theme="light"))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFailed, match="No space left"):
        save(path, Settings(theme="ansi"))
    assert load(path).theme == "light"
    assert len(list(tmp_path.iterdir())) == 1


def test_what_could_not_be_read_back_is_not_saved(tmp_path: Path) -> None:
    for wrong in (Settings(lock_after_minutes=-1), Settings(country="XX"), Settings(keys={"a b": "f1"})):
        with pytest.raises(UsageError):
            save(tmp_path / "settings.toml", wrong)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n# colors\n\nthme = 'dark'", "line 4: there is no setting called “thme”; did you mean “theme”?"),
        ("qqq = 1", "line 1: there is no setting called “qqq”"),
        ("motion = true\n[thme]\na = 1", "line 2: there is no setting called “thme”; did you mean “theme”?"),
        (
            'motion = true\ntheme = "drak"',
            "line 2: “theme” can't be “drak”; it is “dark” or “light” or “contrast” or “ansi”",
        ),
        ('\nmotion = "yes"', "line 2: “motion” can't be “yes”; it is true or false"),
        ("motion = 1", "line 1: “motion” can't be “1”; it is true or false"),
        ("lock_after_minutes = true", "“true”; it is a whole number from 0 to 1440"),
        ("lock_after_minutes = 1.5", "line 1: “lock_after_minutes” can't be “1.5”"),
        ("lock_after_minutes = -1", "line 1: “lock_after_minutes” can't be “-1”"),
        ('country = "us"', "two capital letters of a country"),
        ('country = "UK"', "line 1: “country” can't be “UK”"),
        ('language = "de"', "line 1: “language” can't be “de”; it is “en”"),
        ("date_style = 2026-02-03", "line 1: “date_style” can't be “2026-02-03”"),
        ('keys = "ctrl+o"', "line 1: “keys” can't be “ctrl+o”; it is a table"),
        (
            '[keys]\n"chat.stop" = "f1"\n"chat.outgoing" = ""',
            "line 3: “chat.outgoing” can't have the key “”",
        ),
        ("[keys]\nchat.outgoing = 3", "line 2: “chat.outgoing” can't have the key “3”"),
        ('theme = [\n\n"dark",\n]\nmotion = true', "line 1: “theme” can't be “['dark']”"),
        ("theme = 'dark'\nmotion", "line 2: write a setting once, as `name = value`"),
        ("theme = 'dark'\ntheme = 'light'", "line 2: write a setting once"),
        ("x = " + "[" * 3000, "write a setting once"),
        (f"lock_after_minutes = {'9' * 5000}", "write a setting once"),
        ("#" * 70_000, "too long"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    with pytest.raises(UsageError) as wrong:
        load(path)
    assert said in wrong.value.text
    assert wrong.value.title == "Your settings can't be read"
    assert str(path) in wrong.value.next_step
    assert path.read_text() == text


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"theme = '\xe9'"])
def test_a_file_that_is_no_text_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "settings.toml").write_bytes(content)
    with pytest.raises(UsageError, match="read as text"):
        load(tmp_path / "settings.toml")


def test_ways_of_writing_that_other_editors_have(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(b'\xef\xbb\xbftheme = "light"\r\n[keys]\r\nchat.outgoing = "f8"\r\n')
    assert load(path) == Settings(theme="light", keys={"chat.outgoing": "f8"})


def test_one_setting_changes_only_to_what_it_can_be() -> None:
    assert with_value(Settings(), "country", "DE").country == "DE"
    with pytest.raises(UsageError, match="“country” can't be “Germany”"):
        with_value(Settings(), "country", "Germany")


def test_days_are_written_as_chosen() -> None:
    day = dt.date(2026, 2, 3)
    written = [day_words(day, style) for style in ("day-month-year", "month-day-year", "iso")]
    assert written == ["3 Feb 2026", "Feb 3, 2026", "2026-02-03"]
    for words in written:
        assert words in sentences()["date_style"]


def test_the_start_loads_no_toml() -> None:
    script = "import sys, assistant.settings; print({'tomllib', 'difflib', 'textual'} & {*sys.modules})"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout.strip() == "set()"


REFERENCE = (ROOT / "docs" / "settings.md").read_text()


def test_the_reference_agrees() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(.*?)` \| (.*?) \| (.*?) \|$", REFERENCE, re.MULTILINE)
    fields = msgspec.structs.fields(Settings)
    assert [row[0] for row in rows] == [field.name for field in fields] == list(sentences())
    for name, default, can_be, sentence in rows:
        assert sentence == sentences()[name]
        assert default == json.dumps(getattr(Settings(), name))
        if choices(name):
            assert can_be == ", ".join(f"`{json.dumps(choice)}`" for choice in choices(name))


def test_the_example_of_the_reference_can_be_read(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", REFERENCE, re.DOTALL)
    (tmp_path / "settings.toml").write_text(example)
    assert load(tmp_path / "settings.toml") != Settings()
    assert tomllib.loads(as_toml(load(tmp_path / "settings.toml")))["keys"] == {"chat.outgoing": "f8"}
