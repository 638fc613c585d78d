"""Whether an answer, and what was sent for it, is what a session file expects."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from assistant.simulate.session_file import Expect


class Seen(msgspec.Struct, frozen=True):
    """What there is to judge of one question asked once."""

    answer: str | None = None
    cited: int = 0
    unsupported: tuple[str, ...] = ()
    bodies: tuple[bytes, ...] = ()
    """Of the messages that left, in order."""
    why: str | None = None
    """Why nothing was sent, where nothing was."""
    failed: str | None = None
    """Why the model did not answer."""


def score(expect: Expect, seen: Seen) -> tuple[str, ...]:
    """Every reason why it does not pass; none where it does."""
    return tuple(_reasons(expect, seen))


def holds(text: str, words: str) -> bool:
    """Whether words stand in a text. White space and capitals don't count; a number stands whole or not at
    all: 96 isn't in 196, in 96.4 or in 1,096."""
    wanted = _fold(words)
    first, last = re.match(r"\d*", wanted), wanted[-1].isdigit()
    before = r"(?<!\d)(?<!\d\.)" if first and first[0] else ""
    before += r"(?<!\d,)" if first and len(first[0]) == 3 else ""
    after = r"(?!\d|\.\d|,\d{3}(?!\d))" if last else ""
    return re.search(before + re.escape(wanted) + after, _fold(text)) is not None


def _reasons(expect: Expect, seen: Seen) -> Iterator[str]:
    texts = [_written(body) for body in seen.bodies]
    if seen.why is not None:
        if not (expect.not_sent or _only_sends_not(expect)):
            yield f"Nothing was sent: {seen.why}"
    elif seen.failed is not None:
        yield f"The model did not answer: {seen.failed}"
    else:
        if expect.not_sent:
            yield "A message was sent."
        yield from _of_the_answer(expect, seen)
        yield from (
            f"“{words}” does not stand in what was sent."
            for words in expect.sends
            if not any(holds(text, words) for text in texts)
        )
    for words in expect.sends_not:
        if any(holds(text, words) for text in texts):
            yield f"“{words}” stands in what was sent."


def _of_the_answer(expect: Expect, seen: Seen) -> Iterator[str]:
    answer = seen.answer or ""
    yield from (
        f"“{words}” does not stand in the answer." for words in expect.says if not holds(answer, words)
    )
    yield from (f"“{words}” stands in the answer." for words in expect.says_not if holds(answer, words))
    if seen.cited < expect.cites:
        yield f"The answer cites {seen.cited} of the records that were sent, not {expect.cites}."
    if expect.unsupported is not None and len(seen.unsupported) > expect.unsupported:
        found, most = ", ".join(seen.unsupported), expect.unsupported
        yield f"{len(seen.unsupported)} numbers (at most {most}) do not stand in what was sent: {found}."


def _only_sends_not(expect: Expect) -> bool:
    return bool(expect.sends_not) and expect == Expect(sends_not=expect.sends_not)


def _written(body: bytes) -> str:
    """A body as it is, and every text in it as it reads without JSON's escapes."""
    text = body.decode("utf-8", "replace")
    try:
        decoded = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return text
    return "\n".join((text, *_texts(decoded)))


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for key, inner in value.items():
                yield from (key, *_texts(inner))
        case list():
            for inner in value:
                yield from _texts(inner)
        case _:
            pass


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()
