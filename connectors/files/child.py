"""The process that opens files which others made. It has no key, no network, and one pipe to write to.

Started by `connectors.files.process` with a request on standard input; it answers on standard output and says
nothing anywhere else.
"""

import gc
import signal
import sys
from collections.abc import Iterator

from connectors.files import frames
from connectors.files.read import read_files
from connectors.files.sandbox import lock_in
from connectors.files.walk import walk


def answers(request: frames.Request) -> Iterator[frames.Message]:
    """Lock in, then read. Only names and sizes are looked at before: the time allowed follows the size."""
    files = [] if request.path is None else list(walk(request.path))
    readable = () if request.path is None else (request.path,)
    size = sum(found.size for found in files)
    yield frames.Locked(lock_in(readable, size), size)
    for batch in read_files(files):
        yield frames.Delivered(batch)
    yield frames.Finished()


def main() -> None:
    """Answer one request, then end."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.set_threshold(100_000, 50, 50)
    request = frames.request(sys.stdin.buffer.read())
    out = sys.stdout.buffer
    for answer in answers(request):
        out.write(frames.pack(answer))
        out.flush()


if __name__ == "__main__":
    main()
