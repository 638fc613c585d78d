"""The adapters under contract, and a message that uses all that a message can hold.

Another adapter is one more line in `CASES`.
"""

import asyncio
import datetime as dt
import importlib
import ipaddress
import json
import socket
import ssl
import urllib.request
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from itertools import cycle
from pathlib import Path
from typing import Any, Protocol

import httpx
import httpx2
import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from assistant.errors import ChartsideError
from assistant.llm import gate
from assistant.llm.anthropic import AnthropicBackend
from assistant.llm.base import Backend, Delta, Piece, Request
from assistant.llm.crossing import MASK
from assistant.llm.failures import Why
from assistant.llm.litellm import LitellmBackend
from assistant.llm.openai import OpenAIBackend
from assistant.llm.watch import NotAllowed, Watch
from assistant.records.model import Category
from assistant.sharing.model import (
    Destination,
    Exchange,
    FactLine,
    Item,
    Message,
    Round,
    Tool,
    ToolCall,
)
from tests.fakes import claude_wire, openai_wire
from tests.fakes.model_server import ModelServer, Received, Reply

KEY = "sk-test-0123456789abcdef"
CHECKS = {claude_wire.PATH: claude_wire.refusal, openai_wire.PATH: openai_wire.refusal}


class Wire(Protocol):
    """A protocol as a server speaks it: one of the `…_wire` modules."""

    PATH: str
    SERVER_TEXT: str
    STREAM: tuple[tuple[str, str], ...]

    def sse(self, event: dict[str, Any], /) -> bytes: ...
    def stream(self, events: Iterable[dict[str, Any]], /) -> Reply: ...
    def events(self, *texts: str, cites: Iterable[int] = ()) -> list[dict[str, Any]]: ...
    def calling_events(self, *calls: tuple[str, str, str]) -> list[dict[str, Any]]: ...
    def answer(self, *texts: str) -> Reply: ...
    def cited(self, text: str, /, *refs: int) -> Reply: ...
    def calling(self, *calls: tuple[str, str, str]) -> Reply: ...
    def beginning(self, *texts: str, cut: bool = False, hang: bool = False) -> Reply: ...
    def breaking(self, *texts: str) -> tuple[Reply, Why]: ...
    def stopping(self) -> list[tuple[Reply, str]]: ...
    def failures(self) -> Mapping[str, tuple[Reply, Why]]: ...
    def asked_again(self) -> list[Reply]: ...


class Case(msgspec.Struct, frozen=True):
    """One adapter, and what its server speaks."""

    name: str
    make: Callable[[Destination, str | None, Watch], Backend]
    wire: Wire
    under: str = ""
    """What its base URL ends with."""
    secret: tuple[str, str] = ("authorization", f"Bearer {KEY}")
    """The header in which the key arrives, and all of its value."""
    needs_key: bool | None = True
    """None where what happens without one is the provider's matter."""
    model: str = "m-1"
    asks_again: bool = True
    """Whether a server that is busy gets the same bytes again."""

    def backend(self, url: str, key: str | None = KEY, watch: Watch | None = None) -> Backend:
        """The adapter on its way to a server."""
        destination = Destination(
            id=f"{self.name}-1",
            adapter=self.name,
            model=self.model,
            host="127.0.0.1",
            base_url=url + self.under,
            tools=True,
        )
        return self.make(destination, key, watch or Watch())


CASES = (
    Case("anthropic", AnthropicBackend, claude_wire),
    Case("openai", OpenAIBackend, openai_wire, under="/v1", needs_key=False),
)
"""Those that speak with a server themselves."""

THROUGH_LITELLM = Case(
    "litellm",
    LitellmBackend,
    openai_wire,
    under="/v1",
    needs_key=None,
    model="openai/m-1",
    asks_again=False,
)
"""The one that has a process and a relay for it."""

MESSAGE = Message(
    prompt="ask@1",
    instructions="Be kind. Cite records by number.",
    today="2026-01-01",
    history=(Exchange("What is LDL?", "A kind of cholesterol."), Exchange("Is it bad?", "")),
    facts=(FactLine("F1", "latest", "Latest LDL: 96 mg/dL", (1,), ("r1",)),),
    items=(
        Item(1, "r1", Category.LABS, "LDL 96 mg/dL, 2025-11-03 — “fasting”", 5),
        Item(2, "r2", Category.MEDICATIONS, "Atorvastatin 20 mg\nonce a day", 5),
        Item(3, "r3", Category.LABS, "LDL 131 mg/dL, 2024-05-12", 5),
    ),
    question="How is my LDL now?",
    tokens=60,
    tools=(
        Tool(
            "find_records",
            "Find more records.",
            {"type": "object", "properties": {"words": {"type": "string"}}, "required": ["words"]},
        ),
    ),
    rounds=(
        Round(
            "I look it up.",
            (
                ToolCall("call_1", "find_records", '{"words": "LDL"}'),
                ToolCall("call_2", "find_records", "no"),
            ),
            ("[3] LDL 131 mg/dL, 2024-05-12", "Nothing was found."),
        ),
    ),
    at_first=2,
)


@pytest.fixture(params=CASES, ids=[case.name for case in CASES])
def case(request: pytest.FixtureRequest) -> Case:
    """Each adapter in turn."""
    chosen = request.param
    assert isinstance(chosen, Case)
    return chosen


@pytest.fixture(autouse=True, scope="session")
def loaded() -> None:
    """The SDKs take seconds to load; no test is to count them as its own."""
    for case in CASES:
        importlib.import_module(case.name)


@pytest.fixture
async def server() -> AsyncGenerator[ModelServer, None]:
    """The server that messages are approved for."""
    async with ModelServer(CHECKS) as running:
        yield running


@pytest.fixture
async def elsewhere() -> AsyncGenerator[ModelServer, None]:
    """A server that nothing was approved for."""
    async with ModelServer(CHECKS) as running:
        yield running


@asynccontextmanager
async def unguarded() -> AsyncGenerator[None, None]:
    """What is granted is not asked about."""
    yield


async def released(
    backend: Backend,
    message: Message = MESSAGE,
    *,
    approval: gate.Approval | None = None,
    leaving: Callable[[], AbstractAsyncContextManager[None]] = unguarded,
    retries: int = 0,
) -> tuple[list[Piece], ChartsideError | None]:
    """The pieces that came of a message, and how it failed, if it did."""
    if approval is None:
        approval = gate.approve(await gate.catch(backend, message))
    pieces: list[Piece] = []
    try:
        async with aclosing(
            gate.release(backend, message, gate.Releasing(approval, leaving, retries))
        ) as coming:
            async for piece in coming:
                pieces.append(piece)  # noqa: PERF401 - those before a failure are kept
    except ChartsideError as error:
        return pieces, error
    return pieces, None


def text_of(pieces: list[Piece]) -> str:
    """The answer's text."""
    return "".join(piece.text for piece in pieces if isinstance(piece, Delta))


def as_shown(received: Received, secret: tuple[str, str], base: str) -> Request:
    """A request that a server got, in the form in which it had to be shown."""
    headers = tuple(
        (name.lower(), MASK if (name.lower(), value) == secret else value) for name, value in received.headers
    )
    return Request("", received.method, base + received.path, headers, received.body)


def self_signed(folder: Path) -> ssl.SSLContext:
    """TLS for a server whose certificate nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "server.pem").write_bytes(pem + certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context


def say_what_is_shown(url: str) -> None:
    """In a process of its own: what each adapter shows and what comes back."""

    async def one(case: Case) -> tuple[str, str]:
        backend = case.backend(url)
        shown = await gate.catch(backend, MESSAGE)
        pieces, _ = await released(backend)
        return repr(shown), text_of(pieces)

    async def each() -> list[tuple[str, str]]:
        return [await one(case) for case in CASES]

    print(json.dumps(asyncio.run(each())))


def say_what_is_watched(url: str) -> None:
    """In a process of its own: each adapter answers under the watch; whatever else connects is refused."""
    watch = Watch()
    watch.install()
    host, port = "127.0.0.1", int(url.rpartition(":")[2])

    async def each() -> list[str]:
        named = f"http://localhost:{port}"
        return [
            text_of((await released(case.backend(base, watch=watch)))[0])
            for case, base in zip(CASES, cycle((named, url)), strict=False)
        ]

    texts = asyncio.run(each())
    refused_to_adapters = list(watch.refused)

    def datagram(send: str) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            if send == "sendto":
                sender.sendto(b"x", (host, port))
            else:
                sender.sendmsg([b"x"], [], 0, (host, port))

    tries: list[Callable[[], object]] = [
        lambda: socket.create_connection((host, port)),
        lambda: socket.socket().connect_ex((host, port)),
        lambda: datagram("sendto"),
        lambda: datagram("sendmsg"),
        lambda: socket.getaddrinfo("localhost", port),
        lambda: socket.gethostbyname("localhost"),
        lambda: socket.gethostbyaddr(host),
        lambda: urllib.request.urlopen(url),
        lambda: asyncio.run(_connect(host, port)),
        lambda: asyncio.run(_connect("localhost", port)),
        lambda: httpx.get(url, trust_env=False),
        lambda: httpx2.get(url, trust_env=False),
    ]
    got_through = [at for at, attempt in enumerate(tries) if not _is_refused(attempt, watch)]
    print(
        json.dumps(
            {
                "texts": texts,
                "refused_to_adapters": refused_to_adapters,
                "got_through": got_through,
                "refused": watch.refused,
                "tried": len(tries),
            }
        )
    )


async def _connect(host: str, port: int) -> None:
    await asyncio.open_connection(host, port)


def _is_refused(attempt: Callable[[], object], watch: Watch) -> bool:
    before = len(watch.refused)
    try:
        attempt()
    except Exception as error:  # noqa: BLE001 - each library has an error of its own
        causes: list[BaseException] = [error]
        while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None and cause not in causes:
            causes.append(cause)
        reasons = [*causes, getattr(error, "reason", None)]
        return any(isinstance(reason, NotAllowed) for reason in reasons) and len(watch.refused) > before
    return False
