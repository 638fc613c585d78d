"""The connectors' contract, held by each of them."""

import json
from pathlib import Path

import pytest

from connectors.errors import SourceInterrupted
from connectors.files.connector import FileConnector
from tests.contracts.connector import ConnectorContract, Make, batches, records
from tests.fakes.remote import QUERY, FakeRemote


def resource(number: int) -> bytes:
    return json.dumps({"resourceType": "Observation", "id": str(number), "note": "x" * 200}).encode()


class TestFileConnector(ConnectorContract):
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        folder = tmp_path / "records"
        (folder / "more").mkdir(parents=True)
        entries = b",".join(b'{"resource":' + resource(n) + b"}" for n in range(3000))
        (folder / "a.json").write_bytes(b'{"resourceType":"Bundle","entry":[' + entries + b"]}")
        (folder / "b.txt").write_text("no records here")
        (folder / "more" / "c.ndjson").write_bytes(b"\n".join(resource(n) for n in range(10)))
        (folder / "z.json").write_bytes(b'{"resourceType":"Bundle"}')
        return folder

    @pytest.fixture
    def make(self, folder: Path) -> Make:
        return lambda: FileConnector(folder)

    @pytest.fixture
    def parts(self, folder: Path) -> list[str]:
        return [str(folder.resolve() / name) for name in ("a.json", "b.txt", "more/c.ndjson", "z.json")]


class TestFakeRemote(ConnectorContract):
    pages = tuple(tuple(resource(10 * page + n) for n in range(3)) for page in range(4))

    @pytest.fixture
    def make(self) -> Make:
        return lambda: FakeRemote(self.pages)

    @pytest.fixture
    def parts(self) -> list[str]:
        return [QUERY]

    async def test_a_dropped_line_goes_on_from_the_last_cursor(self) -> None:
        remote = FakeRemote(self.pages, fail_after=2)
        kept, cursor, asked = [], None, 0
        while asked < 10:
            asked += 1
            try:
                async for batch in remote.read(cursor):
                    kept.append(batch)
                    cursor = batch.cursor
            except SourceInterrupted:
                continue
            break
        assert [record.body for record in records(kept)] == [body for page in self.pages for body in page]
        assert remote.asked[0] is None
        assert len(remote.asked) == asked == 2
        remote.fail_after = None
        assert await batches(remote) == kept
