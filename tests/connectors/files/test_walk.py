"""Which files a path stands for: links, loops, hidden and strange things included."""

import os
import socket
from pathlib import Path

import pytest

from connectors.files import walk
from tests.connectors.files.reading import read_one, read_parts

BODY = b'{"resourceType":"Patient"}'


def names(folder: Path) -> list[str]:
    return [os.path.relpath(part, folder) for part in read_parts(folder)]


def refusal(path: Path) -> str:
    part = read_one(path)
    assert (part.format, part.records) == ("unknown", [])
    (problem,) = part.problems
    return problem.text


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    for name in ("b/z.json", "b/a/x.json", "a.json", "c.json", "b/B.json"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(BODY)
    assert names(tmp_path) == ["a.json", "b/B.json", "b/a/x.json", "b/z.json", "c.json"]
    assert all(len(part.records) == 1 for part in read_parts(tmp_path).values())


def test_links_inside_a_folder_are_named_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside.json").write_bytes(BODY)
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    (folder / "real.json").write_bytes(BODY)
    (folder / "file-link.json").symlink_to(tmp_path / "outside.json")
    (folder / "sub" / "loop").symlink_to(folder)
    (folder / "nowhere").symlink_to(folder / "absent")
    parts = read_parts(folder)
    assert [os.path.relpath(part, folder) for part in parts] == [
        "file-link.json",
        "nowhere",
        "real.json",
        "sub/loop",
    ]
    assert [len(part.records) for part in parts.values()] == [0, 0, 1, 0]
    assert {p.text for part in parts.values() for p in part.problems} == {walk.LINK}


def test_hidden_files_and_folders_are_named_not_read(tmp_path: Path) -> None:
    (tmp_path / ".secret.json").write_bytes(BODY)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "object.json").write_bytes(BODY)
    (tmp_path / "x.json").write_bytes(BODY)
    parts = read_parts(tmp_path)
    assert [os.path.relpath(part, tmp_path) for part in parts] == [".git", ".secret.json", "x.json"]
    assert [p.text for part in parts.values() for p in part.problems] == [walk.HIDDEN] * 2


def test_a_hidden_file_that_is_asked_for_is_read(tmp_path: Path) -> None:
    (tmp_path / ".x.json").write_bytes(BODY)
    assert len(read_one(tmp_path / ".x.json").records) == 1


def test_what_systems_leave_behind_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "__MACOSX").mkdir()
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", "._x.json", "__MACOSX/x.json"):
        (tmp_path / name).write_bytes(b"junk")
    assert refusal(tmp_path) == walk.EMPTY_FOLDER
    (tmp_path / "x.json").write_bytes(BODY)
    assert names(tmp_path) == ["x.json"]


def test_pipes_sockets_and_devices_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    assert refusal(tmp_path / "pipe.json") == walk.NOT_A_FILE
    assert refusal(Path("/dev/zero")) == walk.NOT_A_FILE
    with socket.socket(socket.AF_UNIX) as listener:
        here = Path.cwd()
        os.chdir(tmp_path)
        try:
            listener.bind("socket.json")
        finally:
            os.chdir(here)
    assert refusal(tmp_path / "socket.json") == walk.NOT_A_FILE


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_what_may_not_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "closed.json").write_bytes(BODY)
    (tmp_path / "closed.json").chmod(0)
    (tmp_path / "folder").mkdir(mode=0)
    (tmp_path / "open.json").write_bytes(BODY)
    parts = read_parts(tmp_path)
    (tmp_path / "folder").chmod(0o700)
    assert [len(part.records) for part in parts.values()] == [0, 0, 1]
    assert [p.text for part in parts.values() for p in part.problems] == [walk.NO_ACCESS] * 2


def test_a_failing_disk_ends_the_file_not_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_bytes(BODY)
    real = os.open

    def refuse(path: bytes, flags: int) -> int:
        if path.endswith(b"a.json"):
            raise PermissionError
        return real(path, flags)

    monkeypatch.setattr(os, "open", refuse)
    parts = read_parts(tmp_path)
    assert [len(part.records) for part in parts.values()] == [0, 1]
    assert [p.text for part in parts.values() for p in part.problems] == [walk.NO_ACCESS]


def test_names_that_are_no_text_can_be_carried(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xff\x1b[31m\n.json"
    try:
        with open(name, "wb") as file:
            file.write(BODY)
    except OSError:
        pytest.skip("this file system takes names in Unicode only")
    (part,) = read_parts(tmp_path)
    assert part.encode().endswith(b"/\\udcff\x1b[31m\n.json")
