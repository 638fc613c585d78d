"""What is new in a message against the one before, as lines for a person."""

import difflib
import json
from collections.abc import Iterator

from assistant.chat.events import Outgoing


def laid_out(body: bytes) -> str:
    """A JSON body with one value a line; anything else as it is. For reading: the bytes sent are `body`."""
    text = body.decode("utf-8", "replace")
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text


def differences(before: Outgoing | None, now: Outgoing) -> Iterator[str]:
    """Lines of the request that went (`-`) and that came (`+`) since the message before."""
    if before is None:
        yield "This is the first message of this conversation."
        return
    if before.request.url != now.request.url:
        yield f"- {before.request.method} {before.request.url}"
        yield f"+ {now.request.method} {now.request.url}"
    old, new = laid_out(before.request.body).splitlines(), laid_out(now.request.body).splitlines()
    changed = list(difflib.unified_diff(old, new, lineterm="", n=0))[2:]
    yield from (line for line in changed if not line.startswith("@@"))
    if not changed:
        yield "The same bytes as the message before."
