"""What every connector must do. A test of a connector inherits `ConnectorContract` and gives its fixtures."""

import asyncio
import hashlib
from collections.abc import Callable
from contextlib import aclosing

import pytest

from connectors.base import Connector
from connectors.errors import SourceUnreadable
from connectors.model import Batch, SourceRecord

Make = Callable[[], Connector]


async def batches(connector: Connector, cursor: str | None = None) -> list[Batch]:
    """Everything from a cursor on."""
    async with aclosing(connector.read(cursor)) as reading:
        return [batch async for batch in reading]


def records(read: list[Batch]) -> list[SourceRecord]:
    return [record for batch in read for record in batch.records]


class ConnectorContract:
    """Inherit as `Test...`, and give both fixtures for a source of at least two batches."""

    @pytest.fixture
    def make(self) -> Make:
        """Makes a connector to one source, the same each time."""
        raise NotImplementedError

    @pytest.fixture
    def parts(self) -> list[str]:
        """The parts of that source, in the order they are read."""
        raise NotImplementedError

    async def test_a_source_is_known_without_opening_it_and_stays_the_same(self, make: Make) -> None:
        connector = make()
        before = connector.info
        assert before.kind
        assert before.key
        assert before.name
        await batches(connector)
        assert connector.info == before == make().info

    async def test_reading_again_gives_the_same_in_the_same_order(self, make: Make) -> None:
        connector = make()
        first = await batches(connector)
        assert len(first) > 1
        assert await batches(connector) == first
        assert await batches(make()) == first

    async def test_two_readings_at_once_do_not_meet(self, make: Make) -> None:
        connector = make()
        alone = await batches(connector)
        first, second = await asyncio.gather(batches(connector), batches(connector))
        assert first == second == alone

    async def test_digests_are_of_the_bytes(self, make: Make) -> None:
        found = records(await batches(make()))
        assert found
        assert all(record.digest == hashlib.sha256(record.body).digest() for record in found)

    async def test_positions_are_named_once(self, make: Make) -> None:
        for batch in await batches(make()):
            places = [record.at for record in batch.records]
            assert len(set(places)) == len(places)

    async def test_every_part_is_there_in_one_piece(self, make: Make, parts: list[str]) -> None:
        read = [batch.part for batch in await batches(make())]
        assert [part for n, part in enumerate(read) if n == 0 or read[n - 1] != part] == parts

    async def test_what_is_done_grows_up_to_the_total(self, make: Make) -> None:
        read = await batches(make())
        done = [batch.done for batch in read]
        assert done == sorted(done)
        totals = {batch.total for batch in read}
        assert totals in ({None}, {done[-1]})

    async def test_reading_goes_on_after_any_cursor(self, make: Make) -> None:
        whole = await batches(make())
        for number, batch in enumerate(whole):
            if batch.cursor is not None:
                assert records(await batches(make(), batch.cursor)) == records(whole[number + 1 :])

    async def test_a_cursor_of_nowhere_is_refused(self, make: Make) -> None:
        with pytest.raises(SourceUnreadable) as failure:
            await batches(make(), "no-such-cursor")
        assert failure.value.title
        assert failure.value.text.endswith(".")
        assert failure.value.next_step.endswith(".")

    async def test_stopping_early_leaves_nothing_behind(self, make: Make) -> None:
        tasks = asyncio.all_tasks()
        connector = make()
        async with aclosing(connector.read()) as reading:
            first = await anext(reading)
        assert asyncio.all_tasks() == tasks
        assert (await batches(connector))[0] == first

    async def test_being_cancelled_leaves_nothing_behind(self, make: Make) -> None:
        tasks = asyncio.all_tasks()
        connector = make()
        reading = asyncio.create_task(batches(connector))
        await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert asyncio.all_tasks() == tasks
        assert await batches(connector)
