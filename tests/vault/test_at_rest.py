"""Nothing readable lies in the vault's folder, at any time of its life, and nothing deleted stays behind."""

import base64
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from assistant.errors import WrongPassphrase
from assistant.records.model import Category, Coding, Quantity, Value, ValueKind
from assistant.vault.chats import ChatStore
from assistant.vault.grants import GrantStore
from assistant.vault.ledger import Ledger
from assistant.vault.meta import MetaStore
from assistant.vault.raws import NewRaw, RawStore
from assistant.vault.records import RecordStore
from assistant.vault.sources import SourceStore
from assistant.vault.tables import GrantRow, Source
from assistant.vault.vault import Vault
from tests.vault.helpers import PASSPHRASE, new, record, unlock

PAGE = 4096


class Canaries:
    """Words that stand nowhere else."""

    def __init__(self) -> None:
        self.all: list[str] = []

    def __call__(self) -> str:
        self.all.append(f"canary{secrets.token_hex(16)}")
        return self.all[-1]


def traces(word: str) -> Iterator[bytes]:
    """How a word could be spelled in a file."""
    yield word.encode()
    yield word.upper().encode()
    yield word.encode("utf-16-le")
    yield word.encode("utf-16-be")
    yield word.encode().hex().encode()
    for shift in range(3):
        encoded = base64.b64encode(b" " * shift + word.encode() + b"  ")
        yield encoded[4:-4]


def found_in(folder: Path, words: list[str]) -> list[str]:
    contents = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert contents
    return [word for word in words for content in contents if any(trace in content for trace in traces(word))]


def fill(vault: Vault, canary: Canaries) -> None:
    """Put a canary into everything that the vault keeps."""
    kept = record(
        canary(),
        title=canary(),
        codes=(Coding(canary(), canary(), canary()),),
        value=Value(ValueKind.QUANTITY, Quantity(canary(), None, canary())),
        event=canary(),
        series=canary(),
    )
    at = "2026-02-03T10:15:00Z"
    with vault.write() as session:
        RecordStore(session).add([new(kept, (Category.LABS, canary(), canary()), source=canary())])
        RawStore(session).add(
            [
                NewRaw(
                    source=canary(),
                    run=1,
                    part=canary(),
                    at=canary(),
                    format=canary(),
                    type=canary(),
                    rid=canary(),
                    full_url=canary(),
                    person=canary(),
                    state="record",
                    digest=canary().encode(),
                    body=(canary() * 300).encode(),
                )
            ]
        )
        SourceStore(session).put(
            Source(id=canary(), kind="file", key=canary(), name=canary(), state="working")
        )
        GrantStore(session).add(GrantRow(destination=canary(), category="labs", source=canary()))
        chats = ChatStore(session)
        turn = chats.add_turn(
            chats.create(canary(), at=at).id, question=canary(), destination=canary(), at=at
        )
        chats.update_turn(turn, answer=canary(), outgoing=canary().encode(), plan=canary().encode())
        MetaStore(session).set(canary(), canary().encode())
        Ledger(session).append(canary(), at=at, destination=canary(), detail={canary(): canary()})


def test_the_search_would_find_what_is_readable(tmp_path: Path) -> None:
    canary = Canaries()
    word = canary()
    for number, trace in enumerate(traces(word)):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "file").write_bytes(b"\0" + trace + b"\0")
        assert found_in(folder, [word])


def test_no_file_of_the_vault_holds_a_readable_word(tmp_path: Path, home: Path, vault: Vault) -> None:
    canary = Canaries()
    fill(vault, canary)
    words = [*canary.all, PASSPHRASE, bytes(vault._data_key).hex()]
    assert any(path.name.endswith("-wal") and path.stat().st_size for path in home.iterdir())
    assert found_in(tmp_path, words) == []
    with pytest.raises(WrongPassphrase):
        unlock(home, "wrong wrong wrong wrong")
    with vault.write():
        unlock(home).close()
    vault.backup(tmp_path / "backup")
    vault.change_passphrase("four other words than before")
    code = vault.new_recovery_code()
    assert found_in(tmp_path, [*words, code, code.replace("-", "")]) == []
    vault.compact()
    vault.close()
    assert found_in(tmp_path, words) == []


def test_what_was_removed_is_gone_from_every_page_after_compacting(home: Path, vault: Vault) -> None:
    canary = Canaries()
    word, title, body, other = canary(), canary(), canary(), canary()
    raw = NewRaw(
        "s1", 1, "p", "", "f", "Observation", "o1", None, None, "record", b"d" * 32, (body * 400).encode()
    )
    with vault.write() as session:
        (number,) = RawStore(session).add([raw])
        RecordStore(session).add(
            [
                new(record("gone", title=title), (Category.LABS, word, ""), raw=number),
                new(record("stays", title="LDL"), (Category.LABS, other, ""), raw=number + 1),
            ]
        )
    with vault.write() as session:
        RecordStore(session).remove([number])
        RawStore(session).remove([number])
    vault.compact()
    assert not any(path.name.endswith("-wal") and path.stat().st_size for path in home.iterdir())
    pages = b"".join(decrypted(vault))
    assert other.encode() in pages
    assert [gone for gone in (word, title, body) if gone.encode()[4:] in pages] == []


def decrypted(vault: Vault) -> list[bytes]:
    """Every page of the database behind the cipher (AES-256-CBC; at its end 16 bytes of IV, 32 of HMAC)."""
    content = vault._database.read_bytes()
    pages = []
    for start in range(0, len(content), PAGE):
        page = content[start : start + PAGE]
        iv, hidden = page[-48:-32], page[16 if start == 0 else 0 : -48]
        cipher = Cipher(AES(bytes(vault._data_key)), CBC(iv)).decryptor()
        pages.append(cipher.update(hidden) + cipher.finalize())
    return pages
