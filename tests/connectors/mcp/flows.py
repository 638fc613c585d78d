"""What the tests of servers of tools share: a sign-in, a connector, and what it read."""

from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager

from connectors.errors import SourceError
from connectors.http import Network
from connectors.mcp.connector import McpConnector
from connectors.mcp.discovery import find
from connectors.mcp.healthex import HealthEx
from connectors.mcp.reach import Reach
from connectors.mcp.reader import Reader
from connectors.mcp.sign_in import McpSignIn, begin
from connectors.model import Batch, SourceInfo, SourceRecord
from connectors.smart.connector import Pace
from connectors.smart.coverage import Coverage, Kind
from connectors.smart.tokens import Tokens
from tests.connectors.smart.flows import Clock, Kept, network
from tests.fakes.healthex.server import HealthExServer
from tests.fakes.smart_server.person import Person, browse

REDIRECT = "http://127.0.0.1:8914/chartside"
SUBJECT = "Patient/me"


async def started(server: HealthExServer, over: Network | None = None) -> McpSignIn:
    """A sign-in that is ready to be opened in a browser."""
    over = over or network()
    found = await find(over, server.address, typed=True)
    assert found is not None
    return await begin(over, found, redirect_uri=REDIRECT)


async def lands_on(address: str, person: Person | None = None) -> str:
    """Go through the sign-in; the address at its end, which is not visited."""
    page = await browse(address)
    assert page.location is not None
    if "/login?" not in page.location:
        return page.location
    origin = "/".join(address.split("/")[:3])
    login = page.location if page.location.startswith("http") else origin + page.location
    return await (person or Person()).lands_on(login)


@asynccontextmanager
async def signed_in(
    server: HealthExServer, over: Network | None = None
) -> AsyncGenerator[tuple[Reach, Kept], None]:
    """How to reach a server after a whole sign-in, and where its tokens are kept."""
    over = over or network()
    attempt = await started(server, over)
    kept = Kept(await attempt.finish(await lands_on(attempt.address)))
    tokens = Tokens(over, attempt.flow.server, attempt.client, kept)
    try:
        yield Reach(over, server.address, typed=True, bearer=tokens), kept
    finally:
        await tokens.aclose()


class Reading:
    """What one or more syncs brought."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.told: list[Coverage] = []
        self.cursor: str | None = None
        self.stopped: SourceError | None = None

    @property
    def records(self) -> list[SourceRecord]:
        """Everything, in order."""
        return [record for batch in self.batches for record in batch.records]

    @property
    def keys(self) -> list[str]:
        """What makes each record the same one next time."""
        return [f"{record.type}/{record.id}" for record in self.records]

    def of(self, part: str) -> list[SourceRecord]:
        """What one question brought."""
        return [record for batch in self.batches if batch.part == part for record in batch.records]

    def kind(self, part: str) -> Kind:
        """What was said about one question at last."""
        return next(kind for kind in self.told[-1].kinds if kind.part == part)

    async def go_on(
        self, reach: Reach, reader: Reader | None = None, *, most: int | None = None, pace: Pace | None = None
    ) -> bool:
        """Read on from the last cursor; whether the end was reached. `most`: stop after so many batches."""
        info = SourceInfo("mcp", reach.address, "HealthEx")
        source = McpConnector(info, reach, reader or HealthEx(SUBJECT), told=self.told.append, pace=pace)
        self.stopped = None
        count = 0
        try:
            async with aclosing(source.read(self.cursor)) as batches:
                async for batch in batches:
                    self.batches.append(batch)
                    self.cursor = batch.cursor or self.cursor
                    count += 1
                    if count == most:
                        return False
        except SourceError as error:
            self.stopped = error
            return False
        return True


__all__ = ["Clock", "Kept", "network"]
