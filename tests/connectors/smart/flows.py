"""What the tests of signing in share: a registered client, a network, and a whole sign-in."""

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta

import msgspec

from connectors.http import Network
from connectors.patience import Limits, Waits
from connectors.smart.client import Client, PublicClient
from connectors.smart.discovery import Server, confirm_issuer, discover
from connectors.smart.sign_in import Flow, SignIn, begin
from connectors.smart.token_reply import Granted
from tests.fakes.smart_server import Person, Registered, SmartServer

REDIRECT = "http://127.0.0.1:8914/chartside"
CLIENT = PublicClient("chartside")
SCOPE = "launch/patient openid fhirUser offline_access patient/Patient.rs patient/Observation.rs"


class Clock:
    """Time that moves when it is told to, and remembers who waited."""

    def __init__(self) -> None:
        self.waited: list[float] = []
        self.passed = 0.0

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.passed += seconds

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.passed)

    def waits(self, dice: float = 0.5) -> Waits:
        return Waits(sleep=self.sleep, dice=lambda: dice, now=self.now)


def network(clock: Clock | None = None, **limits: float) -> Network:
    """A network whose waits take no time."""
    quick = msgspec.structs.replace(Limits(total=20.0), **limits)
    return Network(limits=quick, waits=(clock or Clock()).waits())


@asynccontextmanager
async def clinic(*clients: Registered) -> AsyncGenerator[SmartServer, None]:
    """A server that knows the usual public client, and these."""
    async with SmartServer() as server:
        server.clients.add(Registered("chartside", redirect_uris=(REDIRECT,)))
        for client in clients:
            server.clients.add(client)
        yield server


async def found(server: SmartServer, over: Network | None = None) -> Server:
    """What discovery says about a server that the patient typed."""
    return await discover(over or network(), server.base, typed=True)


async def started(
    server: SmartServer, *, over: Network | None = None, client: Client = CLIENT, scope: str = SCOPE
) -> SignIn:
    """A sign-in that is ready to be opened in a browser."""
    over = over or network()
    known = await found(server, over)
    issuer = await confirm_issuer(over, known)
    flow: Flow = begin(known, client, redirect_uri=REDIRECT, scope=scope, issuer=issuer)
    return SignIn(over, client, flow)


async def signed_in(
    server: SmartServer,
    *,
    over: Network | None = None,
    client: Client = CLIENT,
    scope: str = SCOPE,
    person: Person | None = None,
) -> Granted:
    """A whole sign-in."""
    person = person or Person()
    attempt = await started(server, over=over, client=client, scope=scope)
    return await attempt.finish(await person.lands_on(attempt.flow.address))


class Kept:
    """A place for tokens in memory, that notes the order of what happens."""

    def __init__(self, granted: Granted | None) -> None:
        self.granted = granted
        self.saved: list[Granted] = []
        self.locked = 0

    async def load(self) -> Granted | None:
        return self.granted

    async def save(self, granted: Granted) -> None:
        self.granted = granted
        self.saved.append(granted)

    def lock(self) -> AbstractAsyncContextManager[None]:
        return self._lock()

    @asynccontextmanager
    async def _lock(self) -> AsyncGenerator[None, None]:
        self.locked += 1
        yield
