"""Servers on this computer in processes of their own, so that what is timed shares no interpreter with them.

Times are those of the monotonic clock, which all processes of a computer share.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast

from tests.fakes import claude_wire, openai_wire

CHUNKS = 2_000
PER_SECOND = 300
"""Of the chunks that come at a model's pace; few models write faster."""

_REPLIES = {claude_wire.PATH: claude_wire.answer, openai_wire.PATH: openai_wire.answer}
_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n"


class Loopback:
    """A server that runs elsewhere, and what it says."""

    def __init__(self, said: IO[str]) -> None:
        self._said = said
        self.port = int(self.told())

    @property
    def url(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self.port}"

    def told(self) -> str:
        """The next line that it writes."""
        return self._said.readline().strip()


@contextmanager
def running(function: str) -> Iterator[Loopback]:
    """One of this module's servers, until the block ends."""
    call = f"from tests.benchmarks import loopback; loopback.{function}()"
    process = subprocess.Popen([sys.executable, "-c", call], stdout=subprocess.PIPE, text=True)
    try:
        yield Loopback(cast(IO[str], process.stdout))
    finally:
        process.kill()
        process.communicate()


def first_bytes() -> None:
    """Answer each request as a model would, and write when its first byte came."""
    for one in _connections():
        begun = one.recv(1)
        came = time.monotonic()
        path, _ = _request(one, begun)
        reply = _REPLIES[path]("Your last LDL ", "was 96 mg/dL.").chunks
        assert not callable(reply)
        one.sendall(b"".join((_HEAD, b"\r\n", *reply)))
        one.close()
        print(came, flush=True)


def chunks() -> None:
    """Stream chunks that say when they were sent: at a model's pace, or as fast as they go for `/fast`."""
    for one in _connections():
        path, _ = _request(one, b"")
        one.sendall(_HEAD + b"transfer-encoding: chunked\r\n\r\n")
        begun = time.monotonic()
        for n in range(CHUNKS):
            if not path.endswith("/fast"):
                # A model's pace; this is a server in a process of its own, and nothing waits for it.
                time.sleep(max(0.0, begun + n / PER_SECOND - time.monotonic()))
            data = b'data: {"n": %d, "sent": %.7f, "word": "cholesterol"}\n\n' % (n, time.monotonic())
            one.sendall(b"%x\r\n%b\r\n" % (len(data), data))
        last = b"data: [DONE]\n\n"
        one.sendall(b"%x\r\n%b\r\n0\r\n\r\n" % (len(last), last))
        one.close()


def _connections() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(listening.getsockname()[1], flush=True)
        while True:
            one, _ = listening.accept()
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            yield one


def _request(one: socket.socket, begun: bytes) -> tuple[str, bytes]:
    data = begun
    while b"\r\n\r\n" not in data:
        data += one.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    named = dict(line.lower().split(": ", 1) for line in lines[1:])
    while len(body) < int(named.get("content-length", 0)):
        body += one.recv(65536)
    return lines[0].split(" ")[1], body
