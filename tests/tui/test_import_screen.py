"""What the screen says of a file that holds nothing to bring in."""

from pathlib import Path

import pytest

from tests.tui.conftest import Drive, settled
from tests.tui.linking import drawn_whole

WRONG = {
    "not a format": (b"my notes", "This is no format that this version reads."),
    "cut short": (
        b'{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Observation"',
        "The file ends in the middle of this. (entry 1)",
    ),
    "empty": (b"", "This file is empty."),
    "several faults": (b'{"resourceType": "Patient"\n' * 3, "3 times, first at line 1"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_file_that_cannot_be_read_says_why_and_where(name: str, drive: Drive, tmp_path: Path) -> None:
    content, told = WRONG[name]
    file = tmp_path / ("records.ndjson" if name == "several faults" else "records.json")
    file.write_bytes(content)
    async with drive(size=(120, 60)) as (app, pilot):
        await pilot.press("f4")
        await settled(pilot)
        await pilot.press(*str(file), "enter")
        await settled(pilot)
        drawn = drawn_whole(app)
    assert told in " ".join(drawn.split())
    assert "no records" in drawn
