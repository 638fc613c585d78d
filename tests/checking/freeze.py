"""Make the frozen corpora: `python -m tests.checking.freeze`. Done once; what is frozen never changes."""

import os
import sys
from collections.abc import Sequence
from random import Random
from typing import Any

import msgspec

from assistant.sharing.model import Message
from tests.checking import compose
from tests.checking.frozen import DATA, digest, load
from tests.checking.messages import messages
from tests.checking.model import Frozen
from tests.checking.sentences import ordinary, oversteps

ANSWERS = 500
SENTENCES = 500
ROUNDS = 3
"""How many answers each message gets before the rest go to those that say most."""


def answers(asked: list[Message], draw: Random) -> list[Frozen]:
    """As many different right answers as wanted."""
    told = [compose.material(message) for message in asked]
    weights = [
        len(one.measured) + len(one.medicines) + 6 * len(one.changes) + 6 * len(one.counts) for one in told
    ]
    made: dict[str, Frozen] = {}
    turns = list(range(len(asked))) * ROUNDS
    while len(made) < ANSWERS:
        index = (
            turns.pop(0)
            if turns
            else draw.choices(range(len(asked)), [min(weight, 30) for weight in weights])[0]
        )
        written = compose.answer(index, told[index], draw)
        if written:
            made.setdefault(written.text, written)
    return list(made.values())


def write(name: str, values: Sequence[Any]) -> None:
    """Write one file of data: a JSON array, an element a line."""
    lines = b",\n".join(msgspec.json.encode(value) for value in values)
    (DATA / name).write_bytes(b"[\n" + lines + b"\n]\n")


def main() -> None:
    """Freeze, unless that was done. Messages that are there already are kept: they depend on the product."""
    if (DATA / "answers.json").exists():
        sys.exit("The corpora are frozen already.")
    os.environ["CHARTSIDE_TEST_KDF"] = "1"
    seed = (DATA / "seed.txt").read_text().strip()
    if not (DATA / "messages.json").exists():
        write("messages.json", messages((DATA / "questions.txt").read_text().splitlines()))
    asked = msgspec.json.decode((DATA / "messages.json").read_bytes(), type=list[Message])
    write("answers.json", answers(asked, Random(f"{seed} answers")))
    sentences = oversteps(SENTENCES, Random(f"{seed} oversteps")) + ordinary(
        SENTENCES, Random(f"{seed} ordinary")
    )
    write("sentences.json", sentences)
    (DATA / "digest.txt").write_text(digest(load()) + "\n")


if __name__ == "__main__":
    main()
